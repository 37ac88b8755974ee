import {
  duplicate, forbidden, go, goStruct, invalid, invalidEach, names, notSupported, required, validateLabelName, type Affinity, type FieldErrors, type GoValue,
  type NodeSelectorRequirement, type NodeSelectorTerm, type PodAffinity, type PodAffinityTerm, type Toleration, type TopologySpreadConstraint,
} from "../../api/index.ts"; // prettier-ignore
import { validateLabelSelector, VALUES_FORBIDDEN, VALUES_REQUIRED } from "./selector.ts";

export const TAINT_EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function validateTolerations(tolerations: readonly Toleration[], path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, toleration] of tolerations.entries()) {
    const { key, operator = "", value = "", effect = "", tolerationSeconds } = toleration;
    const at = `${path}[${index}]`;
    if (key) found.push(...validateLabelName(key, `${at}.key`));
    else if (operator !== "Exists")
      found.push(
        invalid(
          `${at}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      found.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === "" || operator === "Equal") {
      const messages = names.labelValue(value);
      if (messages.length > 0) found.push(invalid(`${at}.operator`, value, messages.join(";")));
    } else if (operator === "Exists") {
      if (value)
        found.push(
          invalid(`${at}.operator`, goToleration(toleration), "value must be empty when `operator` is 'Exists'"),
        );
    } else found.push(notSupported(`${at}.operator`, operator, ["Equal", "Exists"]));
    if (effect && !TAINT_EFFECTS.includes(effect)) found.push(notSupported(`${at}.effect`, effect, TAINT_EFFECTS));
  }
  return found;
}

function goToleration({ key = "", operator = "", value = "", effect = "", tolerationSeconds }: Toleration): GoValue {
  // Go prints a pointer as an address, which tells nothing.
  const seconds = go(tolerationSeconds === undefined ? "(*int64)(nil)" : "(*int64)(0xc000a1e0f8)");
  const fields = { Key: key, Operator: operator, Value: value, Effect: effect, TolerationSeconds: seconds };
  return goStruct("core.Toleration", fields);
}

export function validateAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (nodeAffinity) {
    const at = `${path}.nodeAffinity`;
    const needed = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    if (needed)
      found.push(
        ...validateNodeSelector(needed.nodeSelectorTerms ?? [], `${at}.requiredDuringSchedulingIgnoredDuringExecution`),
      );
    for (const [index, { weight, preference }] of (
      nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).entries()) {
      const term = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      found.push(...validateWeight(weight, term), ...validateTerm(preference, `${term}.preference`, false));
    }
  }
  if (podAffinity) found.push(...validatePodAffinity(podAffinity, `${path}.podAffinity`));
  if (podAntiAffinity) found.push(...validatePodAffinity(podAntiAffinity, `${path}.podAntiAffinity`));
  return found;
}

function validateWeight(weight: number, path: string): FieldErrors {
  return weight <= 0 || weight > 100 ? [invalid(`${path}.weight`, weight, "must be in the range 1-100")] : [];
}

export function validateNodeSelector(terms: readonly NodeSelectorTerm[], path: string): FieldErrors {
  const at = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) return [required(at, "must have at least one node selector term")];
  return terms.flatMap((term, index) => validateTerm(term, `${at}[${index}]`, true));
}

function validateTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  path: string,
  strict: boolean,
): FieldErrors {
  return [
    ...matchExpressions.flatMap((expression, index) =>
      validateExpression(expression, `${path}.matchExpressions[${index}]`, strict),
    ),
    ...matchFields.flatMap((field, index) => validateField(field, `${path}.matchFields[${index}]`)),
  ];
}

function validateExpression(
  { key, operator, values = [] }: NodeSelectorRequirement,
  path: string,
  strict: boolean,
): FieldErrors {
  const found: FieldErrors = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) found.push(required(`${path}.values`, VALUES_REQUIRED));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) found.push(forbidden(`${path}.values`, VALUES_FORBIDDEN));
  } else if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1)
      found.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else found.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  found.push(...validateLabelName(key, `${path}.key`));
  if (strict)
    for (const [index, value] of values.entries())
      found.push(...invalidEach(`${path}.values[${index}]`, value, names.labelValue(value)));
  return found;
}

function validateField({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (operator !== "In" && operator !== "NotIn")
    found.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  else if (values.length !== 1)
    found.push(
      required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  if (key !== "metadata.name") found.push(invalid(`${path}.key`, key, "not a valid field selector key"));
  else
    for (const [index, value] of values.entries())
      found.push(...invalidEach(`${path}.values[${index}]`, value, names.subdomain(value)));
  return found;
}

function validatePodAffinity(affinity: PodAffinity, path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, term] of (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    found.push(...validatePodTerm(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`));
  for (const [index, { weight, podAffinityTerm }] of (
    affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []
  ).entries()) {
    const at = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    found.push(...validateWeight(weight, at), ...validatePodTerm(podAffinityTerm, `${at}.podAffinityTerm`));
  }
  return found;
}

function validatePodTerm(
  { labelSelector, namespaceSelector, namespaces = [], topologyKey }: PodAffinityTerm,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  if (labelSelector) found.push(...validateLabelSelector(labelSelector, `${path}.labelSelector`));
  if (namespaceSelector) found.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`));
  for (const name of namespaces) found.push(...invalidEach(`${path}.namespace`, name, names.label(name)));
  if (!topologyKey) found.push(required(`${path}.topologyKey`, "can not be empty"));
  found.push(...validateLabelName(topologyKey, `${path}.topologyKey`));
  return found;
}

const UNSATISFIABLE = ["DoNotSchedule", "ScheduleAnyway"];

export function validateSpread(constraints: readonly TopologySpreadConstraint[], path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, constraint] of constraints.entries()) {
    const at = `${path}[${index}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable, labelSelector, minDomains } = constraint;
    if (maxSkew <= 0) found.push(invalid(`${at}.maxSkew`, maxSkew, "must be greater than zero"));
    if (!topologyKey) found.push(required(`${at}.topologyKey`, "can not be empty"));
    else found.push(...validateLabelName(topologyKey, `${at}.topologyKey`));
    if (!UNSATISFIABLE.includes(whenUnsatisfiable))
      found.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, UNSATISFIABLE));
    const twin = constraints
      .slice(index + 1)
      .some((one) => one.topologyKey === topologyKey && one.whenUnsatisfiable === whenUnsatisfiable);
    if (twin) found.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`));
    if (minDomains !== undefined) {
      if (minDomains <= 0) found.push(invalid(`${at}.minDomains`, minDomains, "must be greater than zero"));
      if (whenUnsatisfiable === "ScheduleAnyway")
        found.push(
          invalid(
            `${at}.minDomains`,
            minDomains,
            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
          ),
        );
    }
    if (labelSelector) found.push(...validateLabelSelector(labelSelector, `${at}.labelSelector`));
  }
  return found;
}
