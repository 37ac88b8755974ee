import {
  compileExpression, duplicate, goStrings, invalid, invalidEach, names, notSupported, required, tooMany, type AdmissionRule,
  type FieldErrors, type MatchCondition, type MatchResources,
} from "../../api/index.ts"; // prettier-ignore
import { validateLabelSelector } from "../pod-template/selector.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES = ["*", "Cluster", "Namespaced"];
export const FAILURE_POLICIES = ["Fail", "Ignore"];
export const MATCH_POLICIES = ["Equivalent", "Exact"];
const MAX_CONDITIONS = 64;

/** pkg/apis/admissionregistration/validation validateRuleWithOperations */
export function validateRule(rule: AdmissionRule, path: string): FieldErrors {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const found: FieldErrors = [
    ...validateList(operations, `${path}.operations`, "operations"),
    ...operations.flatMap((one, at) =>
      OPERATIONS.includes(one) ? [] : [notSupported(`${path}.operations[${at}]`, one, OPERATIONS)],
    ),
    ...validateList(apiGroups, `${path}.apiGroups`, "API groups"),
    ...validateList(apiVersions, `${path}.apiVersions`, "API versions"),
    ...apiVersions.flatMap((one, at) => (one === "" ? [required(`${path}.apiVersions[${at}]`)] : [])),
    ...validateResources(resources, `${path}.resources`),
  ];
  if (scope !== undefined && !SCOPES.includes(scope)) found.push(notSupported(`${path}.scope`, scope, SCOPES));
  return found;
}

function validateList(values: readonly string[], path: string, what: string): FieldErrors {
  if (values.length === 0) return [required(path)];
  if (values.length === 1 || !values.includes("*")) return [];
  return [invalid(path, goStrings(values), `if '*' is present, must not specify other ${what}`)];
}

function validateResources(resources: readonly string[], path: string): FieldErrors {
  const found: FieldErrors = resources.length === 0 ? [required(path)] : [];
  const whole = new Set<string>();
  const everywhere = new Set<string>();
  resources.forEach((given, at) => {
    if (given === "") return void found.push(required(`${path}[${at}]`));
    const [resource = "", part] = given.split("/");
    if (part === undefined) return;
    if (whole.has(resource)) found.push(invalid(`${path}[${at}]`, given, `if '${resource}/*' is present, must not specify ${given}`)); // prettier-ignore
    if (everywhere.has(part)) found.push(invalid(`${path}[${at}]`, given, `if '*/${part}' is present, must not specify ${given}`)); // prettier-ignore
    if (part === "*") whole.add(resource);
    if (resource === "*") everywhere.add(part);
  });
  if (resources.length > 1 && resources.includes("*/*"))
    found.push(invalid(path, goStrings(resources), "if '*/*' is present, must not specify other resources"));
  if (resources.includes("*") && resources.some((one) => one !== "*" && one !== "" && !one.includes("/")))
    found.push(
      invalid(path, goStrings(resources), "if '*' is present, must not specify other resources without subresources"),
    );
  return found;
}

/** The matchConstraints of a policy and the matchResources of a binding. */
export function validateMatchResources(match: MatchResources, path: string): FieldErrors {
  const { matchPolicy, namespaceSelector, objectSelector } = match;
  const found: FieldErrors = [];
  if (matchPolicy !== undefined && !MATCH_POLICIES.includes(matchPolicy))
    found.push(notSupported(`${path}.matchPolicy`, matchPolicy, MATCH_POLICIES));
  if (namespaceSelector) found.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`));
  if (objectSelector) found.push(...validateLabelSelector(objectSelector, `${path}.objectSelector`));
  for (const list of ["resourceRules", "excludeResourceRules"] as const)
    match[list]?.forEach((rule, at) => {
      const seen = new Set<string>();
      rule.resourceNames?.forEach((name, index) => {
        const place = `${path}.${list}[${at}].resourceNames[${index}]`;
        found.push(...invalidEach(place, name, names.pathSegment(name)));
        if (seen.has(name)) found.push(duplicate(place, name));
        seen.add(name);
      });
      found.push(...validateRule(rule, `${path}.${list}[${at}]`));
    });
  return found;
}

export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  path: string,
  known: ReadonlySet<string>,
): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set<string>();
  if ((conditions?.length ?? 0) > MAX_CONDITIONS) found.push(tooMany(path, conditions!.length, MAX_CONDITIONS));
  conditions?.forEach(({ name, expression }, at) => {
    const trimmed = expression.trim();
    if (trimmed === "") found.push(required(`${path}[${at}].expression`));
    else found.push(...validateExpression(trimmed, `${path}[${at}].expression`, known, "bool"));
    if (name === "") found.push(required(`${path}[${at}].name`));
    else found.push(...invalidEach(`${path}[${at}].name`, name, names.qualifiedName(name)));
    if (name !== "" && seen.has(name)) found.push(duplicate(`${path}[${at}].name`, name));
    seen.add(name);
  });
  return found;
}

export function validateExpression(
  text: string,
  path: string,
  known: ReadonlySet<string>,
  type: "bool" | "string" | "any",
): FieldErrors {
  const program = compileExpression(text, known, type);
  return "error" in program ? [invalid(path, text, program.error)] : [];
}
