import type { Time } from "../../../kernel/index.ts";
import type { Operation } from "../context.ts";
import type { AnyKind } from "../kind.ts";
import { qualified } from "../status.ts";
import type { ResourceQuota, ScopeRequirement } from "../types/limits.ts";
import type { KubeObject } from "../types/meta.ts";
import { pieces, type Amounts } from "./amounts.ts";
import { claimEvaluator } from "./claims.ts";
import { podEvaluator } from "./pods.ts";
import { serviceEvaluator } from "./services.ts";

/** How the objects of one kind count against quotas (k8s.io/apiserver/pkg/quota/v1). */
export interface Evaluator {
  /** Those of the names that this kind uses. */
  matching(names: readonly string[]): string[];
  /** Whether the operation may use more than before. */
  handles(operation: Operation, subresource: string): boolean;
  usage(object: KubeObject, now: Time): Amounts;
  inScope(requirement: ScopeRequirement, object: KubeObject): boolean;
  /** What an object lacks that a quota on those resources demands of it. */
  missing?(required: readonly string[], object: KubeObject): string | undefined;
  /** Whether a change of an object gives something back. */
  frees?(object: KubeObject, previous: KubeObject, now: Time): boolean;
}

const SPECIAL: Readonly<Record<string, Evaluator>> = {
  pods: podEvaluator,
  services: serviceEvaluator,
  persistentvolumeclaims: claimEvaluator,
};
/** Kinds with a short name besides `count/…`. */
const ALIASED = ["configmaps", "resourcequotas", "replicationcontrollers", "secrets"];
/** What is never counted (pkg/quota/v1/install DefaultIgnoredResources). */
const IGNORED = ["events", "bindings"];

const evaluators = new WeakMap<AnyKind, Evaluator | null>();

/** How a kind counts; undefined for those that no quota is for. */
export function evaluatorOf(kind: AnyKind): Evaluator | undefined {
  let known = evaluators.get(kind);
  if (known === undefined) evaluators.set(kind, (known = make(kind) ?? null));
  return known ?? undefined;
}

function make({ group, plural, namespaced }: AnyKind): Evaluator | undefined {
  if (!namespaced || IGNORED.includes(plural)) return undefined;
  if (group === "" && SPECIAL[plural]) return SPECIAL[plural];
  const names = [`count/${qualified(plural, group)}`, ...(group === "" && ALIASED.includes(plural) ? [plural] : [])];
  const one: Amounts = new Map(names.map((name) => [name, pieces(1)]));
  return {
    matching: (asked) => asked.filter((name) => names.includes(name)),
    handles: (operation, subresource) => operation === "CREATE" && subresource === "",
    usage: () => one,
    inScope: () => false,
  };
}

/** The scopes of a quota in one list (getScopeSelectorsFromQuota). */
export function scopesOf({ spec }: ResourceQuota): ScopeRequirement[] {
  const scopes = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" }));
  return [...scopes, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

export function inScopes(evaluator: Evaluator, quota: ResourceQuota, object: KubeObject): boolean {
  return scopesOf(quota).every((scope) => evaluator.inScope(scope, object));
}
