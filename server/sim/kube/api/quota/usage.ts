import type { Time } from "../../../kernel/index.ts";
import type { Quantity } from "../quantity.ts";
import type { AnyKind } from "../kind.ts";
import type { ResourceQuota } from "../types/limits.ts";
import type { KubeObject } from "../types/meta.ts";
import { add, only, pieces } from "./amounts.ts";
import { evaluatorOf, inScopes } from "./evaluator.ts";

/** What the objects of a namespace use of what a quota limits (quota.CalculateUsage). */
export function quotaUsage(
  quota: ResourceQuota,
  kinds: readonly AnyKind[],
  list: (kind: AnyKind) => readonly KubeObject[],
  now: Time,
): Map<string, Quantity> {
  const hard = Object.keys(quota.spec.hard ?? {});
  const used = new Map<string, Quantity>();
  for (const kind of kinds) {
    const evaluator = kind.storedAs ? undefined : evaluatorOf(kind);
    const matching = evaluator?.matching(hard) ?? [];
    if (!evaluator || matching.length === 0) continue;
    for (const name of matching) if (!used.has(name)) used.set(name, pieces(0));
    for (const object of list(kind))
      if (inScopes(evaluator, quota, object)) add(used, only(evaluator.usage(object, now), matching));
  }
  return used;
}
