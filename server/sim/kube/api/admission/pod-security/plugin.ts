import { errors } from "../../status.ts";
import type { Namespace } from "../../types/core.ts";
import type { KubeObject } from "../../types/meta.ts";
import type { Pod, PodTemplateSpec } from "../../types/pod.ts";
import { refuse, type AdmissionPlugin, type Attributes } from "../plugin.ts";
import { violations, violationText, type PodLike } from "./checks.ts";
import { compareLevels, levelText, policyOf, samePolicy, type LevelVersion, type Policy } from "./policy.ts";

/** Parts of Pods whose writing does not change what they may do. */
const IGNORED = ["exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status"];
const WITH_TEMPLATE = [
  "replicationcontrollers", "podtemplates", "replicasets", "deployments", "statefulsets", "daemonsets", "jobs", "cronjobs",
]; // prettier-ignore
const MAX_PODS = 3_000;

/** Refuses or warns of Pods that break the standard of their namespace (plugin/pkg/admission/security/podsecurity). */
export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  operations: ["CREATE", "UPDATE"],
  validate(attributes) {
    const { group, plural } = attributes.context.kind;
    if (group === "" && plural === "namespaces") validateNamespace(attributes);
    else if (group === "" && plural === "pods") validatePod(attributes);
    else if (["", "apps", "batch"].includes(group) && WITH_TEMPLATE.includes(plural)) validateTemplate(attributes);
  },
};

function policyFor({ context }: Attributes): Policy | undefined {
  const kind = context.find("", "namespaces");
  const namespace = kind && context.store.get(kind, "", context.namespace);
  if (!namespace) return undefined;
  const { policy } = policyOf(namespace.metadata.labels);
  const open = [policy.enforce, policy.warn, policy.audit].every(({ level }) => level === "privileged");
  return open ? undefined : policy;
}

function validatePod(attributes: Attributes): void {
  const { context, operation, object, old } = attributes;
  if (IGNORED.includes(context.subresource) || !object) return;
  const policy = policyFor(attributes);
  if (!policy) return;
  const pod = object as Pod;
  if (operation === "UPDATE" && !isSignificant(pod, old as Pod)) return;
  const like: PodLike = { annotations: pod.metadata.annotations ?? {}, spec: pod.spec };
  const found = violations(policy.enforce, like);
  if (found.length > 0) throw refuse(attributes, violationText(policy.enforce, found).replace("violate", "violates"));
  warn(attributes, policy.warn, like);
}

/** Only images and new containers can change what a Pod may do. */
function isSignificant(pod: Pod, old: Pod): boolean {
  const images = ({ spec }: Pod): string[] =>
    [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map(
      ({ name, image = "" }) => `${name} ${image}`,
    );
  return images(pod).join("\n") !== images(old).join("\n");
}

function warn({ context }: Attributes, wanted: LevelVersion, pod: PodLike): void {
  const found = violations(wanted, pod);
  if (found.length > 0) context.warn(`would ${violationText(wanted, found)}`);
}

function validateTemplate(attributes: Attributes): void {
  const { context, object } = attributes;
  if (context.subresource !== "" || !object) return;
  const policy = policyFor(attributes);
  const template = policy && templateOf(object);
  if (template)
    warn(attributes, policy.warn, { annotations: template.metadata.annotations ?? {}, spec: template.spec });
}

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  const owner = object as KubeObject & {
    spec?: { template?: PodTemplateSpec; jobTemplate?: { spec: { template: PodTemplateSpec } } };
    template?: PodTemplateSpec;
  };
  return owner.spec?.jobTemplate?.spec.template ?? owner.spec?.template ?? owner.template;
}

/** Bad labels are refused; a stricter level warns of the Pods that are there already. */
function validateNamespace(attributes: Attributes): void {
  const { context, operation, object, old } = attributes;
  if (context.subresource !== "") return;
  const namespace = object as unknown as Namespace;
  const { policy, errors: bad } = policyOf(namespace.metadata.labels);
  const before = old && policyOf(old.metadata.labels);
  const isNew = JSON.stringify(bad) !== JSON.stringify(before?.errors ?? []);
  if (bad.length > 0 && isNew) throw errors.invalid({ group: "", kind: "Namespace" }, namespace.metadata.name, bad);
  if (operation !== "UPDATE" || !before) return;
  const [next, previous] = [policy.enforce, before.policy.enforce];
  if (next.level === "privileged" || samePolicy(next, previous)) return;
  if (next.minor === previous.minor && compareLevels(next, previous) < 1) return;
  for (const text of podWarnings(attributes, namespace.metadata.name, next)) context.warn(text);
}

function podWarnings({ context }: Attributes, namespace: string, wanted: LevelVersion): string[] {
  const kind = context.find("", "pods");
  const pods = (kind ? context.store.list(kind, namespace) : []) as readonly Pod[];
  const byReason = new Map<string, string[]>();
  for (const { metadata, spec } of pods.slice(0, MAX_PODS)) {
    const found = violations(wanted, { annotations: metadata.annotations ?? {}, spec });
    const reasons = found.map(({ reason }) => reason).join(", ");
    if (found.length > 0) byReason.set(reasons, [...(byReason.get(reasons) ?? []), metadata.name]);
  }
  const lines = [...byReason].map(([reasons, names]) => `${namesText(names)}: ${reasons}`).sort();
  const checked =
    pods.length > MAX_PODS
      ? [`new PodSecurity enforce level only checked against the first ${MAX_PODS} of ${pods.length} existing pods`]
      : [];
  const head = `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${levelText(wanted)}"`;
  return [...checked, ...(lines.length > 0 ? [head] : []), ...lines];
}

function namesText(names: readonly string[]): string {
  const first = [...names].sort()[0]!;
  if (names.length === 1) return first;
  return names.length === 2 ? `${first} (and 1 other pod)` : `${first} (and ${names.length - 1} other pods)`;
}
