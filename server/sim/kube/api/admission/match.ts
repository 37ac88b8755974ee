import type { AnyKind } from "../kind.ts";
import { matchesLabels, validSelector } from "../selectors/labels.ts";
import { errors } from "../status.ts";
import type { AdmissionRule, MatchResources } from "../types/admissionregistration.ts";
import type { KubeObject, LabelSelector } from "../types/meta.ts";
import type { Attributes } from "./plugin.ts";

/** Resources whose requests no webhook and no policy sees: those that configure them, and reviews (pkg/kubeapiserver/admission/exclusion). */
const EXEMPT = new Set([
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings",
  "authentication.k8s.io/selfsubjectreviews",
  "authentication.k8s.io/tokenreviews",
  "authorization.k8s.io/localsubjectaccessreviews",
  "authorization.k8s.io/selfsubjectaccessreviews",
  "authorization.k8s.io/selfsubjectrulesreviews",
  "authorization.k8s.io/subjectaccessreviews",
]);

export function isExempt({ context: { kind } }: Attributes): boolean {
  return EXEMPT.has(`${kind.group}/${kind.plural}`);
}

/** apiserver/pkg/admission/plugin/policy/matching: whether a policy or a binding of it is about a request. */
export function matchesResources(match: MatchResources | undefined, attributes: Attributes): boolean {
  if (!match) return true;
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = match;
  return (
    matchesNamespace(match.namespaceSelector, attributes) &&
    matchesObject(match.objectSelector, attributes) &&
    !matchesAnyRule(excludeResourceRules, matchPolicy, attributes) &&
    (resourceRules.length === 0 || matchesAnyRule(resourceRules, matchPolicy, attributes))
  );
}

export function matchesAnyRule(
  rules: readonly AdmissionRule[] | undefined,
  policy: "Exact" | "Equivalent" | undefined,
  attributes: Attributes,
): boolean {
  return rules?.some((rule) => matchesRule(rule, policy, attributes)) ?? false;
}

/** apiserver/pkg/admission/plugin/webhook/predicates/rules */
function matchesRule(rule: AdmissionRule, policy: string | undefined, attributes: Attributes): boolean {
  const { context, operation, name } = attributes;
  const { kind } = context;
  const any = (given: readonly string[] | undefined, value: string): boolean =>
    given?.some((one) => one === "*" || one === value) ?? false;
  if (!any(rule.operations, operation) || !any(rule.apiGroups, kind.group)) return false;
  if (!versionsOf(kind, policy, attributes).some((version) => any(rule.apiVersions, version))) return false;
  const cluster = isNamespace(kind) || context.namespace === "";
  if (rule.scope === "Namespaced" ? cluster : rule.scope === "Cluster" && !cluster) return false;
  const { resourceNames = [] } = rule;
  if (resourceNames.length > 0 && !resourceNames.includes(name)) return false;
  return (rule.resources ?? []).some((given) => {
    const [resource = "", part = ""] = given.split("/");
    return (resource === "*" || resource === kind.plural) && (part === "*" || part === context.subresource);
  });
}

/** A rule that names another version of the resource is meant, too, unless it wants the exact one. */
function versionsOf(
  { group, version, plural }: AnyKind,
  policy: string | undefined,
  { context }: Attributes,
): string[] {
  if (policy === "Exact") return [version];
  const others = context.registry.kinds.filter((kind) => kind.group === group && kind.plural === plural);
  return others.map((kind) => kind.version);
}

const isNamespace = ({ group, plural }: AnyKind): boolean => group === "" && plural === "namespaces";

/** predicates/namespace: requests for cluster-wide objects are always meant. */
export function matchesNamespace(selector: LabelSelector | undefined, attributes: Attributes): boolean {
  const { context, object, operation } = attributes;
  if (isEmpty(selector)) return true;
  const own = isNamespace(context.kind);
  if (context.namespace === "" && !own) return true;
  const written = own && context.subresource === "" && operation !== "DELETE" ? object : undefined;
  const namespace = written ?? namespaceOf(attributes);
  if (!namespace)
    throw errors.notFound({ group: "", resource: "namespaces" }, own ? attributes.name : context.namespace);
  return matchesLabels(validSelector(selector), namespace.metadata.labels);
}

/** The Namespace that a request is in, or about. */
export function namespaceOf({ context, name }: Attributes): KubeObject | undefined {
  const kind = context.find("", "namespaces");
  const wanted = isNamespace(context.kind) ? name : context.namespace;
  return kind && wanted !== "" ? context.store.get(kind, "", wanted) : undefined;
}

/** predicates/object: the new object or the old one. */
export function matchesObject(selector: LabelSelector | undefined, { object, old }: Attributes): boolean {
  if (isEmpty(selector)) return true;
  const parsed = validSelector(selector);
  return [object, old].some((one) => one !== undefined && matchesLabels(parsed, one.metadata.labels));
}

function isEmpty(selector: LabelSelector | undefined): boolean {
  return (
    !selector ||
    (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0)
  );
}
