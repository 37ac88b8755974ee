import type { KubeObject, QuantityText } from "./meta.ts";

/** Amounts of resources by name: `{ cpu: "500m", "requests.storage": "5Gi" }`. */
export type ResourceList = Readonly<Record<string, QuantityText>>;

export interface LimitRangeItem {
  readonly type: string;
  readonly max?: ResourceList;
  readonly min?: ResourceList;
  readonly default?: ResourceList;
  readonly defaultRequest?: ResourceList;
  readonly maxLimitRequestRatio?: ResourceList;
}

export interface LimitRange extends KubeObject {
  readonly spec: { readonly limits: readonly LimitRangeItem[] | null };
}

/** Which objects a quota counts, by one of their qualities. */
export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface ResourceQuotaSpec {
  readonly hard?: ResourceList;
  readonly scopes?: readonly string[];
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
}

export interface ResourceQuota extends KubeObject {
  readonly spec: ResourceQuotaSpec;
  readonly status: { readonly hard?: ResourceList; readonly used?: ResourceList };
}
