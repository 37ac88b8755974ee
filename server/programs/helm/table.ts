/** A table as gosuri/uitable prints it: cells as wide as their column, a tab between; long ones are cut. */
export function table(rows: readonly (readonly string[])[], most = 80): string {
  const cut = (text: string): string => (text.length > most ? `${text.slice(0, most - 3)}...` : text);
  const shown = rows.map((row) => row.map(cut));
  const widths = (shown[0] ?? []).map((_, at) => Math.max(...shown.map((row) => (row[at] ?? "").length)));
  return shown.map((row) => `${row.map((cell, at) => cell.padEnd(widths[at]!)).join("\t")}\n`).join("");
}
