import { MILLISECOND, SECOND, type Duration } from "../../kernel/index.ts";
import { ConfError } from "./conf-error.ts";
import type { ConfNode } from "./parse.ts";

const SIZES: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1_048_576, g: 1_073_741_824 };

/** ngx_parse_offset: `10m`. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)([kmg]?)$/i.exec(text);
  return match ? Number(match[1]) * SIZES[match[2]!.toLowerCase()]! : undefined;
}

const UNITS: readonly (readonly [string, Duration])[] = [
  ["y", 365 * 86_400 * SECOND],
  ["M", 30 * 86_400 * SECOND],
  ["w", 7 * 86_400 * SECOND],
  ["d", 86_400 * SECOND],
  ["h", 3_600 * SECOND],
  ["m", 60 * SECOND],
  ["s", SECOND],
  ["ms", MILLISECOND],
];

/** ngx_parse_time: `1h 30m`, `500ms`, `10` (seconds). */
export function parseTime(text: string): Duration | undefined {
  let sum = 0;
  let last = -1;
  const rest = text.replaceAll(/(\d+)(ms|[yMwdhms])?\s*/g, (_, digits: string, unit: string = "s") => {
    const at = UNITS.findIndex(([name]) => name === unit);
    if (at <= last) return "!";
    last = at;
    sum += Number(digits) * UNITS[at]![1];
    return "";
  });
  return text === "" || rest !== "" ? undefined : sum;
}

/** The checks that a directive's type brings: its value, and that it stands there once. */
export function checkSlot(node: ConfNode): void {
  const { name, args, at, type, parent } = node;
  if (type.slot === "own" || type.slot === "list") return;
  if (parent!.children.some((other) => other.name === name))
    throw new ConfError(`"${name}" directive is duplicate`, at);
  const [first = ""] = args;
  const invalid = (): never => {
    throw new ConfError(`"${name}" directive invalid value`, at);
  };
  switch (type.slot) {
    case "flag":
      if (!/^(?:on|off)$/i.test(first))
        throw new ConfError(`invalid value "${first}" in "${name}" directive, it must be "on" or "off"`, at);
      return;
    case "number":
      if (!/^\d+$/.test(first)) throw new ConfError("invalid number", at);
      return;
    case "size":
      if (parseSize(first) === undefined) invalid();
      return;
    case "time":
      if (parseTime(first) === undefined) invalid();
      return;
    case "buffers":
      if (!/^\d+$/.test(first) || parseSize(args[1]!) === undefined) invalid();
      return;
    case "string":
      return;
  }
}

/** For directives that refuse to be repeated in their own way. */
export function once(node: ConfNode): void {
  if (node.parent!.children.some((other) => other.name === node.name))
    throw new ConfError(`"${node.name}" directive is duplicate`, node.at);
}
