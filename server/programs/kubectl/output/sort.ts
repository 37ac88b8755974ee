import { isFailure, type Failure } from "./failure.ts";
import { compareBytes, kindOf, typeName, type Json } from "./golang/kind.ts";
import type { GoValue } from "./golang/number.ts";
import { GoNumber } from "./golang/number.ts";
import { quote } from "./golang/quote.ts";
import { goSort } from "./golang/sort.ts";
import { parseJsonPath } from "./jsonpath/jsonpath.ts";
import { relaxedTemplate } from "./jsonpath/relaxed.ts";
import { compareQuantities } from "./quantity.ts";
import type { Table, TableRow } from "./table.ts";

/**
 * Values of one field cannot be compared. kubectl says this through klog, `F1121 10:00:00.000000    4711 SOURCE] FATAL`, and exits
 * with code 1.
 */
export interface Unsortable {
  readonly fatal: string;
  readonly source: string;
}

/**
 * `--sort-by` on a Table whose rows carry their objects (kubectl pkg/cmd/get/sorter.go TableSorter). `kubectl get` drops a
 * failure's text: it prints no rows, so it says that it found no resources, and exits with code 0.
 */
export function sortTable(table: Table, path: string): Table | Failure | Unsortable {
  if (table.rows.length <= 1) return table;
  const relaxed = relaxedTemplate(path);
  const template = isFailure(relaxed) ? path : relaxed;
  const parsed = parseJsonPath(template, { allowMissingKeys: true });
  if ("error" in parsed) return { error: `sorting error: ${parsed.error}` };
  const rows: { row: TableRow; value: GoValue; found: boolean }[] = [];
  for (const row of table.rows) {
    const results = parsed.find(row.object ?? null);
    if (!Array.isArray(results)) return { error: `Failed to get values using ${template} (${results.error})` };
    const values = results[0] ?? [];
    rows.push({ row, value: values[0], found: values.length > 0 });
  }
  if (rows.length > 0 && !rows.some((row) => row.found)) return notFound(template);
  const unsortable = sort(rows, template, "[][][]reflect.Value", "sorter.go:375");
  return unsortable ?? { ...table, rows: rows.map(({ row }) => row) };
}

/** `--sort-by` on a list's items, for all other outputs (SortObjects). */
export function sortObjects(objects: readonly Json[], path: string): readonly Json[] | Failure | Unsortable {
  if (objects.length === 0) return objects;
  const template = relaxedTemplate(path);
  if (isFailure(template)) return template;
  const parsed = parseJsonPath(template, { allowMissingKeys: true });
  if ("error" in parsed) return { error: parsed.error };
  const rows: { object: Json; value: GoValue; found: boolean }[] = [];
  for (const object of objects) {
    const results = parsed.find(object);
    if (!Array.isArray(results)) return { error: results.error };
    const values = results[0] ?? [];
    rows.push({ object, value: values[0], found: values.length > 0 });
  }
  if (!rows.some((row) => row.found)) return notFound(template);
  const unsortable = sort(rows, template, "*unstructured.Unstructured", "sorter.go:329");
  return unsortable ?? rows.map(({ object }) => object);
}

function notFound(template: string): Failure {
  return { error: `couldn't find any field with path ${quote(template)} in the list of objects` };
}

/** Sorts in place; what has no value comes first. */
function sort(
  rows: { value: GoValue; found: boolean }[],
  template: string,
  type: string,
  source: string,
): Unsortable | undefined {
  let refused: Unsortable | undefined;
  goSort(rows, (left, right) => {
    if (!left.found) return true;
    if (!right.found) return false;
    const less = isLess(left.value, right.value);
    if (typeof less === "boolean") return less;
    refused ??= { source, fatal: `Field ${template} in ${type} is an unsortable type: interface, err: ${less.error}` };
    return false;
  });
  return refused;
}

function isLess(left: GoValue, right: GoValue): boolean | { error: string } {
  if (left === undefined || right === undefined || left instanceof GoNumber || right instanceof GoNumber) return false;
  if (left === null) return right !== null;
  if (right === null) return false;
  const kind = kindOf(left);
  if (kind !== "string" && kind !== "int64" && kind !== "float64")
    return { error: `unsortable type: ${typeName(left)}` };
  if (kind !== kindOf(right)) return { error: "unsortable interface: interface" };
  if (typeof left === "number") return left < (right as number);
  const order = compareQuantities(left as string, right as string);
  return order === undefined ? compareBytes(left as string, right as string) < 0 : order < 0;
}
