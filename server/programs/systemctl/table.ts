import { columnsOf, padColumns } from "../gnu/width.ts";

/** Columns as systemctl lays them out: as wide as their content, the last as it is. */
export function table(head: readonly string[] | undefined, rows: readonly (readonly string[])[], lead = ""): string {
  const all = head ? [head, ...rows] : rows;
  const widths = (all[0] ?? []).map((_, at) => Math.max(...all.map((row) => columnsOf(row[at]!))));
  return all
    .map(
      (row) =>
        `${lead}${row
          .map((cell, at) => (at === row.length - 1 ? cell : padColumns(cell, widths[at]!)))
          .join(" ")
          .trimEnd()}\n`,
    )
    .join("");
}
