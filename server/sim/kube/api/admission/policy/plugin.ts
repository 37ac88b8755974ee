import { Evaluator } from "../../cel/index.ts";
import { StatusError } from "../../status.ts";
import type {
  PolicyValidation, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
} from "../../types/admissionregistration.ts"; // prettier-ignore
import { compiledIn, conditionsMet, evaluated, namesIn, scopeOf, type Scope } from "../expressions.ts";
import { isExempt, matchesResources } from "../match.ts";
import { refuse, type AdmissionPlugin, type Attributes } from "../plugin.ts";
import { paramsFor } from "./params.ts";
import { Variables } from "./variables.ts";

const GROUP = "admissionregistration.k8s.io";
const MAX_MESSAGE = 5 * 1024;
const CODES: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 }; // prettier-ignore

/** What was decided against a request, and by what. */
interface Denial {
  readonly policy: string;
  readonly binding?: string;
  readonly message: string;
  readonly reason?: string;
}

/**
 * ValidatingAdmissionPolicies: what their bindings let them judge, judged by their expressions
 * (apiserver/pkg/admission/plugin/policy/validating/dispatcher.go). Audit annotations go nowhere: there is no audit log.
 */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: "ValidatingAdmissionPolicy",
  operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"],
  validate(attributes) {
    const bindings = bindingsIn(attributes);
    if (bindings.length === 0 || isExempt(attributes)) return;
    const { context } = attributes;
    const kind = context.find(GROUP, "validatingadmissionpolicies")!;
    let scope: Scope | undefined;
    const ask = (): Scope => (scope ??= scopeOf(attributes));
    const denials: Denial[] = [];
    for (const policy of context.store.list(kind) as readonly ValidatingAdmissionPolicy[]) {
      const bound = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
      if (bound.length === 0 || !matchesResources(policy.spec.matchConstraints, attributes)) continue;
      judge(policy, bound, attributes, ask, denials);
    }
    const [first] = denials;
    if (first) throw denied(attributes, first);
  },
};

function bindingsIn({ context }: Attributes): readonly ValidatingAdmissionPolicyBinding[] {
  const kind = context.find(GROUP, "validatingadmissionpolicybindings");
  return kind ? (context.store.list(kind) as readonly ValidatingAdmissionPolicyBinding[]) : [];
}

function judge(
  policy: ValidatingAdmissionPolicy,
  bindings: readonly ValidatingAdmissionPolicyBinding[],
  attributes: Attributes,
  scope: () => Scope,
  denials: Denial[],
): void {
  const { spec, metadata } = policy;
  const fails = spec.failurePolicy !== "Ignore";
  for (const binding of bindings) {
    if (!matchesResources(binding.spec.matchResources, attributes)) continue;
    const params = paramsFor(policy, binding, attributes);
    if ("error" in params) {
      const [what, where] = params.ofPolicy ? ["policy", {}] : ["binding", { binding: binding.metadata.name }];
      if (fails)
        denials.push({ policy: metadata.name, ...where, message: `failed to configure ${what}: ${params.error}` });
      continue;
    }
    for (const one of params.values) {
      const inner: Scope = new Map(scope());
      if (spec.paramKind) inner.set("params", one);
      for (const { message, reason } of complaints(policy, inner, fails))
        carryOut(policy, binding, { message, reason }, attributes, denials);
    }
  }
}

interface Complaint {
  readonly message: string;
  readonly reason: string | undefined;
}

/** What a binding wants done about a complaint. */
function carryOut(
  { metadata: { name: policy } }: ValidatingAdmissionPolicy,
  { metadata: { name: binding }, spec }: ValidatingAdmissionPolicyBinding,
  { message, reason }: Complaint,
  { context }: Attributes,
  denials: Denial[],
): void {
  for (const action of spec.validationActions ?? [])
    if (action === "Deny") denials.push({ policy, binding, message, ...(reason === undefined ? {} : { reason }) });
    else if (action === "Warn")
      context.warn(`Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${message}`);
}

function complaints(policy: ValidatingAdmissionPolicy, scope: Scope, fails: boolean): readonly Complaint[] {
  const { matchConditions, validations = [], variables = [], paramKind } = policy.spec;
  const params = paramKind !== undefined;
  const met = conditionsMet(policy, matchConditions, () => scope, namesIn({ params }));
  if ("error" in met) return fails ? [{ message: met.error, reason: undefined }] : [];
  if (!met.met) return [];
  const evaluator = new Evaluator();
  const names = namesIn({ params, variables: variables.length > 0 });
  if (variables.length > 0) scope.set("variables", new Variables(policy, variables, names, evaluator, scope));
  return validations.flatMap((validation): Complaint[] => {
    const { expression, reason } = validation;
    const result = evaluated(evaluator, expression, compiledIn(policy, expression, names, "bool"), scope);
    if ("error" in result) return fails ? [{ message: result.error, reason: undefined }] : [];
    if (result.value === true) return [];
    return [{ message: messageOf(policy, validation, evaluator, scope, names), reason: reason ?? "Invalid" }];
  });
}

/** validator.go: what messageExpression makes, the message as it stands, or the expression itself. */
function messageOf(
  policy: ValidatingAdmissionPolicy,
  { expression, message, messageExpression }: PolicyValidation,
  evaluator: Evaluator,
  scope: Scope,
  names: ReadonlySet<string>,
): string {
  if (messageExpression) {
    const made = evaluated(evaluator, messageExpression, compiledIn(policy, messageExpression, names, "string"), scope);
    const text = "value" in made && typeof made.value === "string" ? made.value.trim() : "";
    if (text !== "" && text.length <= MAX_MESSAGE && !text.includes("\n")) return text;
  }
  return message?.trim() || `failed expression: ${expression.trim()}`;
}

/** Forbidden by name, with the code and reason that the policy chose. */
function denied(attributes: Attributes, { policy, binding, message, reason = "Invalid" }: Denial): StatusError {
  const by = binding === undefined ? "" : ` with binding '${binding}'`;
  const text = `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${message}`;
  const { status } = refuse(attributes, text, [{ message: text }]);
  return new StatusError({ ...status, reason, code: CODES[reason] ?? 422 });
}
