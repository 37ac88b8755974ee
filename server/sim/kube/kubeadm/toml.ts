/** What a TOML document of containerd can hold. A list of tables becomes `[[…]]`. */
export type TomlValue = string | number | boolean | readonly string[] | TomlTable | readonly TomlTable[];
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/**
 * Writes a document as `containerd config default` does (pelletier/go-toml, sorted): in each table first its values, then
 * the tables in it, both in ascending order, indented by their depth, with a blank line before each table.
 */
export function toToml(document: TomlTable): string {
  return table(document, [], 0).join("");
}

function table(value: TomlTable, path: readonly string[], depth: number): string[] {
  const indent = "  ".repeat(depth);
  const values: string[] = [];
  const tables: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key]!;
    const below = [...path, quoted(key)];
    const head = (open: string, close: string): string => `\n${indent}${open}${below.join(".")}${close}\n`;
    if (isTableList(field))
      tables.push(...field.flatMap((each) => [head("[[", "]]"), ...table(each, below, depth + 1)]));
    else if (isTable(field)) tables.push(head("[", "]"), ...table(field, below, depth + 1));
    else values.push(`${indent}${quoted(key)} = ${scalar(field)}\n`);
  }
  return [...values, ...tables];
}

function scalar(value: string | number | boolean | readonly string[]): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" ? `[${value.map((each) => JSON.stringify(each)).join(", ")}]` : String(value);
}

function quoted(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value);
}

function isTableList(value: TomlValue): value is readonly TomlTable[] {
  return Array.isArray(value) && typeof value[0] === "object";
}
