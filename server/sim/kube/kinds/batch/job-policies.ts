import {
  duplicate, goJson, invalid, invalidEach, names, notSupported, required, tooMany, type FieldErrors, type JobSpec,
  type PodFailurePolicyRule, type SuccessPolicyRule,
} from "../../api/index.ts"; // prettier-ignore
import { notNegative } from "../pod-template/probes.ts";
import { parseIndexes } from "./indexes.ts";
import { bare } from "./job-status.ts";

const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS = ["In", "NotIn"];
const STATUSES = ["False", "True", "Unknown"];
const MOST_RULES = 20;
const MOST_VALUES = 255;

/** `["a" "b"]`: how Go prints a list with %q. */
function quoted(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}

/** What a failed Pod means for its Job (validatePodFailurePolicy). */
export function validatePodFailurePolicy(spec: JobSpec, path: string): FieldErrors {
  const rules = spec.podFailurePolicy!.rules ?? [];
  const found: FieldErrors = [];
  if (rules.length > MOST_RULES) found.push(tooMany(`${path}.rules`, rules.length, MOST_RULES));
  const { containers, initContainers = [] } = spec.template.spec;
  const known = new Set([...containers, ...initContainers].map(({ name }) => name));
  for (const [index, rule] of rules.entries())
    found.push(...validateRule(rule, spec.backoffLimitPerIndex !== undefined, known, `${path}.rules[${index}]`));
  return found;
}

function validateRule(
  { action, onExitCodes, onPodConditions }: PodFailurePolicyRule,
  perIndex: boolean,
  known: ReadonlySet<string>,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  const at = `${path}.action`;
  if (!action) found.push(required(at, `valid values: ${quoted(ACTIONS)}`));
  else if (action === "FailIndex") {
    if (!perIndex) found.push(invalid(at, action, "requires the backoffLimitPerIndex to be set"));
  } else if (!ACTIONS.includes(action)) found.push(notSupported(at, action, ACTIONS));
  if (onExitCodes) found.push(...validateExitCodes(onExitCodes, known, `${path}.onExitCodes`));
  const patterns = onPodConditions ?? [];
  if (patterns.length > MOST_RULES) found.push(tooMany(`${path}.onPodConditions`, patterns.length, MOST_RULES));
  for (const [index, { type, status }] of patterns.entries()) {
    const pattern = `${path}.onPodConditions[${index}]`;
    found.push(...invalidEach(`${pattern}.type`, type, names.qualifiedName(type)));
    if (!status) found.push(required(`${pattern}.status`, `valid values: ${quoted(STATUSES)}`));
    else if (!STATUSES.includes(status)) found.push(notSupported(`${pattern}.status`, status, STATUSES));
  }
  if (onExitCodes && patterns.length > 0)
    found.push(bare(path, "specifying both OnExitCodes and OnPodConditions is not supported"));
  if (!onExitCodes && patterns.length === 0)
    found.push(bare(path, "specifying one of OnExitCodes and OnPodConditions is required"));
  return found;
}

function validateExitCodes(
  { operator, containerName, values }: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
  known: ReadonlySet<string>,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  if (!operator) found.push(required(`${path}.operator`, `valid values: ${quoted(OPERATORS)}`));
  else if (!OPERATORS.includes(operator)) found.push(notSupported(`${path}.operator`, operator, OPERATORS));
  if (containerName !== undefined && !known.has(containerName))
    found.push(
      invalid(
        `${path}.containerName`,
        containerName,
        "must be one of the container or initContainer names in the pod template",
      ),
    );
  const codes = values ?? [];
  const at = `${path}.values`;
  if (codes.length === 0) found.push(invalid(at, goJson(codes), "at least one value is required"));
  else if (codes.length > MOST_VALUES) found.push(tooMany(at, codes.length, MOST_VALUES));
  for (const [index, code] of codes.entries()) {
    if (operator === "In" && code === 0)
      found.push(invalid(`${at}[${index}]`, code, "must not be 0 for the In operator"));
    if (codes.indexOf(code) < index) found.push(duplicate(`${at}[${index}]`, code));
  }
  if (codes.some((code, index) => index > 0 && codes[index - 1]! > code))
    found.push(invalid(at, goJson(codes), "must be ordered"));
  return found;
}

/** When an indexed Job has succeeded before all of its indexes have (validateSuccessPolicy). */
export function validateSuccessPolicy(spec: JobSpec, path: string): FieldErrors {
  const rules = spec.successPolicy!.rules ?? [];
  const found: FieldErrors = [];
  if (rules.length === 0)
    found.push(required(`${path}.rules`, "at least one rules must be specified when the successPolicy is specified"));
  if (rules.length > MOST_RULES) found.push(tooMany(`${path}.rules`, rules.length, MOST_RULES));
  for (const [index, rule] of rules.entries())
    found.push(...validateSuccessRule(rule, spec.completions ?? 0, `${path}.rules[${index}]`));
  return found;
}

function validateSuccessRule(
  { succeededCount, succeededIndexes }: SuccessPolicyRule,
  completions: number,
  path: string,
): FieldErrors {
  if (succeededCount === undefined && succeededIndexes === undefined)
    return [required(path, "at least one of succeededCount or succeededIndexes must be specified")];
  const found: FieldErrors = [];
  const indexes = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completions);
  if (indexes && "error" in indexes)
    found.push(
      invalid(`${path}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${indexes.error}`),
    );
  if (succeededCount === undefined) return found;
  const at = `${path}.succeededCount`;
  found.push(...notNegative(succeededCount, at));
  if (succeededCount > completions)
    found.push(
      invalid(at, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`),
    );
  if (indexes && !("error" in indexes) && succeededCount > indexes.size)
    found.push(
      invalid(
        at,
        succeededCount,
        `must be less than or equal to ${indexes.size} (the number of indexes in the specified succeededIndexes field)`,
      ),
    );
  return found;
}
