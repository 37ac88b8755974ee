import {
  age, AGE, go, goStrings, IMMUTABLE, invalid, NAME, names, quote, required, type Column, type Draft, type FieldErrors, type GoValue, type Kind,
  type ResourceList, type ResourceQuota, type ResourceQuotaSpec,
} from "../../api/index.ts"; // prettier-ignore
import { amountErrors, isQuotaResource, quotaResourceErrors } from "../pod-template/resource-names.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Request" }, { name: "Limit" }, AGE];
const COMPUTE = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
/** What each scope can limit (helper.IsResourceQuotaScopeValidForResource). */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  Terminating: ["pods", ...COMPUTE],
  NotTerminating: ["pods", ...COMPUTE],
  BestEffort: ["pods"],
  NotBestEffort: ["pods", ...COMPUTE],
  PriorityClass: ["pods", ...COMPUTE],
  CrossNamespacePodAffinity: ["pods", ...COMPUTE],
};
const PAIRS = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;
const ONLY_EXISTS = ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity"];

export const resourceQuotas: Kind<ResourceQuota> = {
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  singular: "resourcequota",
  shortNames: ["quota"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, status }, now) => {
    const names = Object.keys(status.hard ?? {}).sort();
    const text = (name: string): string => `${name}: ${status.used?.[name] ?? "0"}/${status.hard![name]!}`;
    const limits = names.filter((name) => name.startsWith("limits."));
    const requests = names.filter((name) => !name.startsWith("limits."));
    return [
      metadata.name,
      requests.map(text).join(", "),
      limits.map(text).join(", "),
      age(metadata.creationTimestamp, now),
    ];
  },
  nameRule: names.forNames(names.subdomain),
  returnsDeleted: true,
  prepareCreate(quota) {
    quota.status = {};
  },
  prepareUpdate(quota, old) {
    quota.status = old.status;
  },
  validate: ({ spec }) => validateSpec(spec),
  validateUpdate: ({ spec }, old) => [...validateSpec(spec), ...validateScopesUpdate(spec, old.spec)],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(quota, old) {
        quota.spec = old.spec as Draft<ResourceQuota["spec"]>;
      },
      validateUpdate: ({ status }) => [
        ...validateAmounts(status.hard, "status.hard"),
        ...validateAmounts(status.used, "status.used"),
      ],
    },
  },
};

function validateAmounts(list: ResourceList = {}, path: string): FieldErrors {
  return Object.keys(list)
    .sort()
    .flatMap((name) => [
      ...quotaResourceErrors(name, `${path}[${name}]`),
      ...amountErrors(name, list[name]!, `${path}[${name}]`),
    ]);
}

/** pkg/apis/core/validation ValidateResourceQuotaSpec */
function validateSpec(spec: ResourceQuotaSpec): FieldErrors {
  return [...validateAmounts(spec.hard, "spec.hard"), ...validateScopes(spec), ...validateSelector(spec)];
}

function goScopes(scopes: readonly string[] | undefined): GoValue {
  return goStrings(scopes, "[]core.ResourceQuotaScope");
}

function validateScopes({ scopes = [], hard = {} }: ResourceQuotaSpec): FieldErrors {
  const path = "spec.scopes";
  const shown = goScopes(scopes);
  const found: FieldErrors = [];
  for (const scope of scopes) {
    if (!SCOPES[scope]) found.push(invalid(path, shown, "unsupported scope"));
    found.push(...misapplied(scope, hard, path, shown));
  }
  return [...found, ...conflicts(scopes, path, shown)];
}

/** What the scope is not for, among what the quota limits. */
function misapplied(scope: string, hard: ResourceList, path: string, shown: GoValue): FieldErrors {
  return Object.keys(hard)
    .sort()
    .filter((name) => isQuotaResource(name) && !SCOPES[scope]?.includes(name))
    .map(() => invalid(path, shown, "unsupported scope applied to resource"));
}

function conflicts(scopes: readonly string[], path: string, shown: GoValue): FieldErrors {
  return PAIRS.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(() =>
    invalid(path, shown, "conflicting scopes"),
  );
}

function validateSelector({ scopeSelector, hard = {}, scopes }: ResourceQuotaSpec): FieldErrors {
  const path = "spec.scopeSelector.matchExpressions";
  const expressions = scopeSelector?.matchExpressions ?? [];
  const shown = go(
    `core.ScopeSelector{MatchExpressions:[]core.ScopedResourceSelectorRequirement{${expressions
      .map(
        ({ scopeName, operator, values }) =>
          `core.ScopedResourceSelectorRequirement{ScopeName:${quote(scopeName)}, Operator:${quote(operator)}, Values:${goStrings(values).go}}`,
      )
      .join(", ")}}}`,
  );
  const found: FieldErrors = [];
  for (const { scopeName, operator, values = [] } of expressions) {
    if (!SCOPES[scopeName]) found.push(invalid(`${path}.scopeName`, scopeName, "unsupported scope"));
    found.push(...misapplied(scopeName, hard, path, shown));
    if (ONLY_EXISTS.includes(scopeName) && operator !== "Exists")
      found.push(
        invalid(
          `${path}.operator`,
          operator,
          "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      );
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0)
        found.push(
          required(
            `${path}.values`,
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
          ),
        );
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        found.push(
          invalid(
            `${path}.values`,
            goStrings(values),
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
          ),
        );
    } else found.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  }
  return [
    ...found,
    ...conflicts(
      expressions.map(({ scopeName }) => scopeName),
      path,
      goScopes(scopes),
    ),
  ];
}

function validateScopesUpdate(next: ResourceQuotaSpec, old: ResourceQuotaSpec): FieldErrors {
  const [after, before] = [new Set(next.scopes), new Set(old.scopes)];
  const same = after.size === before.size && [...after].every((scope) => before.has(scope));
  return same ? [] : [invalid("spec.scopes", goScopes(next.scopes), IMMUTABLE)];
}
