import {
  compareQuantities, duplicate, forbidden, invalid, invalidEach, NAME, names, quantityNanos, required, type Column, type Draft,
  type FieldErrors, type Kind, type LimitRange, type LimitRangeItem,
} from "../../api/index.ts"; // prettier-ignore
import {
  containerResourceErrors,
  goQuantity,
  isOvercommitable,
  resourceNameErrors,
} from "../pod-template/resource-names.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Created At", type: "date" }];
const TYPES = ["Pod", "Container", "PersistentVolumeClaim"];
const MEMBERS = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;
const FOR_PODS = "may not be specified when `type` is 'Pod'";
const NANO = 1_000_000_000n;

export const limitRanges: Kind<LimitRange> = {
  group: "",
  version: "v1",
  kind: "LimitRange",
  plural: "limitranges",
  singular: "limitrange",
  shortNames: ["limits"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  nameRule: names.forNames(names.subdomain),
  createOnUpdate: true,
  defaults({ spec }) {
    for (const item of spec.limits ?? []) if (item.type === "Container") defaultItem(item);
  },
  prepareCreate(limitRange, { random }) {
    limitRange.metadata.name ||= random.uuid("kube/uid");
  },
  validate: validateLimitRange,
  validateUpdate: validateLimitRange,
};

/** Limits come from the maximum, requests from the limits or else the minimum (SetDefaults_LimitRangeItem). */
function defaultItem(item: Draft<LimitRangeItem>): void {
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  if (Object.keys(limits).length > 0) item.default = limits;
  if (Object.keys(requests).length > 0) item.defaultRequest = requests;
}

/** pkg/apis/core/validation ValidateLimitRange, in its order; where Go walks a map the keys are sorted. */
function validateLimitRange({ spec }: LimitRange): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set<string>();
  for (const [index, item] of (spec.limits ?? []).entries()) {
    const path = `spec.limits[${index}]`;
    found.push(...validateType(item.type, `${path}.type`));
    if (seen.has(item.type)) found.push(duplicate(`${path}.type`, item.type));
    seen.add(item.type);
    found.push(...validateNames(item, path));
    const keys = new Set(MEMBERS.flatMap((member) => Object.keys(item[member] ?? {})));
    for (const key of [...keys].sort()) found.push(...validateAmounts(item, key, path));
  }
  return found;
}

function validateType(type: string, path: string): FieldErrors {
  const found = invalidEach(path, type, names.qualifiedName(type));
  if (found.length > 0 || type.includes("/") || TYPES.includes(type)) return found;
  return [invalid(path, type, "must be a standard limit type or fully qualified")];
}

function validateNames(item: LimitRangeItem, path: string): FieldErrors {
  const rule = item.type === "Pod" || item.type === "Container" ? containerResourceErrors : resourceNameErrors;
  const found: FieldErrors = [];
  const check = (member: (typeof MEMBERS)[number]): void => {
    for (const key of Object.keys(item[member] ?? {}).sort()) found.push(...rule(key, `${path}.${member}[${key}]`));
  };
  check("max");
  check("min");
  for (const member of ["default", "defaultRequest"] as const)
    if (item.type !== "Pod") check(member);
    else if (Object.keys(item[member] ?? {}).length > 0) found.push(forbidden(`${path}.${member}`, FOR_PODS));
  if (item.type === "PersistentVolumeClaim" && !item.min?.["storage"] && !item.max?.["storage"])
    found.push(
      required(`${path}.limits`, "either minimum or maximum storage value is required, but neither was provided"),
    );
  check("maxLimitRequestRatio");
  return found;
}

/** How the amounts of one resource must stand to each other. */
function validateAmounts(item: LimitRangeItem, key: string, path: string): FieldErrors {
  const [min, max, ratio] = [item.min?.[key], item.max?.[key], item.maxLimitRequestRatio?.[key]];
  const pod = item.type === "Pod";
  const limit = pod ? undefined : item.default?.[key];
  const request = pod ? undefined : item.defaultRequest?.[key];
  const found: FieldErrors = [];
  const more = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && compareQuantities(a, b) > 0;
  const say = (member: string, value: string, why: string): number =>
    found.push(invalid(`${path}.${member}[${key}]`, goQuantity(value), why));
  if (more(min, max)) say("min", min!, `min value ${min} is greater than max value ${max}`);
  if (more(min, request))
    say("defaultRequest", request!, `min value ${min} is greater than default request value ${request}`);
  if (more(request, max))
    say("defaultRequest", request!, `default request value ${request} is greater than max value ${max}`);
  if (more(request, limit))
    say("defaultRequest", request!, `default request value ${request} is greater than default limit value ${limit}`);
  if (more(min, limit)) say("default", min!, `min value ${min} is greater than default value ${limit}`);
  if (more(limit, max)) say("default", max!, `default value ${limit} is greater than max value ${max}`);
  if (ratio !== undefined && quantityNanos(ratio) < NANO)
    say("maxLimitRequestRatio", ratio, `ratio ${ratio} is less than 1`);
  if (ratio !== undefined && min !== undefined && max !== undefined) {
    const most = Number(quantityNanos(max)) / Number(quantityNanos(min));
    if (Number(quantityNanos(ratio)) / Number(NANO) > most)
      say("maxLimitRequestRatio", ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`);
  }
  const differ = limit !== undefined && request !== undefined && compareQuantities(limit, request) !== 0;
  if (!isOvercommitable(key) && differ)
    say("defaultRequest", request, `default value ${limit} must equal to defaultRequest value ${request} in ${key}`);
  return found;
}
