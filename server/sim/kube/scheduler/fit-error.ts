import type { Rejection } from "./plugin.ts";

/** The words of a Pod that fits nowhere (framework.FitError): how many nodes have which reason. */
export function fitError(nodes: number, rejections: Iterable<Rejection>, postFilter = ""): string {
  const counts = new Map<string, number>();
  for (const { reasons } of rejections) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return sentence(nodes, texts.join(", "), postFilter);
}

/** The same for a reason that is about no node in particular. */
export function preFilterError(nodes: number, reason: string, postFilter = ""): string {
  return sentence(nodes, reason, postFilter);
}

function sentence(nodes: number, reasons: string, postFilter: string): string {
  const all = reasons === "" ? "" : ` ${reasons}.`;
  return `0/${nodes} nodes are available:${all}${postFilter === "" ? "" : ` ${postFilter}`}`;
}
