import type { Node, SetItem } from "./node.ts";

const ANYTHING: Node = {
  kind: "repeat",
  node: { kind: "set", negated: true, items: [], fold: false },
  min: 0,
  max: Infinity,
};

/** What gnulib's dfa.c makes of a pattern that it leaves to the C library: it lets more lines through (dfa.c dfassbuild). */
export function widened(node: Node): Node {
  switch (node.kind) {
    case "back":
      return ANYTHING;
    case "set":
      return isSimple(node) ? node : ANYTHING;
    case "place":
      return node.at === "lineStart" || node.at === "lineEnd" ? node : { kind: "empty" };
    case "group":
    case "repeat":
      return { ...node, node: widened(node.node) };
    case "concat":
    case "alternate":
      return { ...node, nodes: node.nodes.map(widened) };
    default:
      return node;
  }
}

/** Whether dfa.c knows the set in a UTF-8 locale: ASCII characters one by one, and digits; any character at all, too. */
export function isSimple(set: { readonly negated: boolean; readonly items: readonly SetItem[] }): boolean {
  return set.negated ? set.items.length === 0 : set.items.every(isSimpleItem);
}

function isSimpleItem(item: SetItem): boolean {
  if (!("from" in item)) return "name" in item && item.name === "digit";
  return (item.from === item.to && item.from < 0x80) || (item.from >= 0x30 && item.to <= 0x39);
}
