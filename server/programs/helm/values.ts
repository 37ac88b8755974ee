import type { Process } from "../../sim/host/index.ts";
import { attempt, Errno, parseYamlText } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";

export type Values = { readonly [name: string]: unknown };

export function isTable(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values over others, deep (chartutil.CoalesceTables); null takes a default away. */
export function merge(under: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    if (value === null) delete merged[name];
    else merged[name] = isTable(value) && isTable(below) ? merge(below, value) : value;
  }
  return merged;
}

/** `-f FILE` and `--set a.b=1,c[0]=x` in their order (cli/values/options.go). */
export async function readValues(
  process: Process,
  files: readonly string[],
  sets: readonly (readonly [kind: "set" | "set-string", text: string])[],
): Promise<Values | { readonly error: string }> {
  let values: Values = {};
  for (const file of files) {
    const path = file.startsWith("/") ? file : `${process.cwd.replace(/\/$/, "")}/${file}`;
    const data = attempt(() => process.host.files.read(path, process));
    if (data instanceof Errno) return { error: `open ${file}: ${data.message.toLowerCase()}` };
    const parsed = parseYamlText(decode(data));
    if (isTable(parsed)) values = merge(values, parsed);
  }
  for (const [kind, text] of sets)
    for (const pair of splitOutside(text, ",")) {
      const at = pair.indexOf("=");
      if (at < 0) return { error: `failed parsing --${kind} data: key ${JSON.stringify(pair)} has no value` };
      values = assign(values, pathOf(pair.slice(0, at)), typed(pair.slice(at + 1), kind)) as Values;
    }
  return values;
}

/** Parts between separators that no backslash stands before, and no braces are around. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\\" && at + 1 < text.length) parts[parts.length - 1] += char + text[++at]!;
    else if (char === separator && depth === 0) parts.push("");
    else {
      if (char === "{") depth++;
      else if (char === "}") depth--;
      parts[parts.length - 1] += char;
    }
  }
  return parts.filter((part) => part !== "");
}

function pathOf(key: string): (string | number)[] {
  return splitOutside(key, ".").flatMap((part) => {
    const [, name = "", indexes = ""] = /^(.*?)((?:\[\d+\])*)$/s.exec(part)!;
    const numbers = [...indexes.matchAll(/\[(\d+)\]/g)].map(([, digits]) => Number(digits));
    return [...(name === "" ? [] : [name.replaceAll(/\\(.)/g, "$1")]), ...numbers];
  });
}

/** strvals: numbers, true, false and null are what they look like; braces make a list. */
function typed(text: string, kind: "set" | "set-string"): unknown {
  if (text.startsWith("{") && text.endsWith("}")) return splitOutside(text.slice(1, -1), ",").map((one) => typed(one, kind)); // prettier-ignore
  const plain = text.replaceAll(/\\(.)/g, "$1");
  if (kind === "set-string") return plain;
  if (plain === "true" || plain === "false") return plain === "true";
  if (plain === "null") return null;
  return /^-?(?:0|[1-9]\d*)$/.test(plain) ? Number(plain) : plain;
}

function assign(into: unknown, [head, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (head === undefined) return value;
  if (typeof head === "number") {
    const list = Array.isArray(into) ? [...(into as unknown[])] : [];
    list[head] = assign(list[head], rest, value);
    return list;
  }
  const table = isTable(into) ? into : {};
  return { ...table, [head]: assign(table[head], rest, value) };
}
