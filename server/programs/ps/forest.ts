import type { ProcessRow } from "../../sim/host/index.ts";

/** Rows in the order of the process tree, each with what stands before its command: `\_` under its parent. */
export function forest(rows: readonly ProcessRow[], style: "lines" | "indent"): { row: ProcessRow; prefix: string }[] {
  const known = new Set(rows.map(({ pid }) => pid));
  const children = new Map<number, ProcessRow[]>();
  for (const row of rows) {
    const parent = known.has(row.ppid) && row.ppid !== row.pid ? row.ppid : 0;
    children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const out: { row: ProcessRow; prefix: string }[] = [];
  const visit = (row: ProcessRow, depth: number, lead: string, last: boolean): void => {
    const prefix = depth === 0 ? "" : style === "indent" ? "  ".repeat(depth) : `${lead} \\_ `;
    out.push({ row, prefix });
    const below = children.get(row.pid) ?? [];
    const nextLead = depth === 0 ? "" : `${lead}${last ? "    " : " |  "}`;
    below.forEach((child, at) => visit(child, depth + 1, nextLead, at === below.length - 1));
  };
  const roots = children.get(0) ?? [];
  roots.forEach((row, at) => visit(row, 0, "", at === roots.length - 1));
  return out;
}
