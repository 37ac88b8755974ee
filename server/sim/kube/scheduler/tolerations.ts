import type { Taint, Toleration } from "../api/index.ts";

/** Whether a toleration is about a taint (k8s.io/api/core/v1 Toleration.ToleratesTaint). */
export function tolerates({ key = "", operator = "", value = "", effect = "" }: Toleration, taint: Taint): boolean {
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return (operator === "" || operator === "Equal") && value === (taint.value ?? "");
}

/** The first taint of one of these effects that no toleration is about (FindMatchingUntoleratedTaint). */
export function untoleratedTaint(
  taints: readonly Taint[] = [],
  tolerations: readonly Toleration[] = [],
  effects: readonly string[],
): Taint | undefined {
  return taints.find(
    (taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** The effects that keep a Pod from a node. */
export const REPELLING = ["NoSchedule", "NoExecute"];
