import { Literal } from "./number.ts";
import { isArray, kindOf, quoted, sortedKeys, toJson, type JsonObject, type Kind, type Value } from "./value.ts";

export interface Layout {
  /** What one level is moved in by; undefined puts everything on one line. */
  readonly indent: string | undefined;
  readonly sortKeys: boolean;
  readonly ascii: boolean;
  readonly colors: Colors | undefined;
}

/** Escape sequences by kind of value, and for the keys of objects. */
export type Colors = Readonly<Record<Exclude<Kind, "boolean"> | "true" | "false" | "key", string>>;

/** The order of `JQ_COLORS`. Keys cannot be set there in 1.7. */
const NAMES = ["null", "false", "true", "number", "string", "array", "object", "key"] as const;
const DEFAULT = ["0;90", "0;39", "0;39", "0;39", "0;32", "1;39", "1;39", "1;34"];
const RESET = "\x1b[0m";

/** Colours by the variable JQ_COLORS; undefined if it is wrong. */
export function colorsOf(setting = ""): Colors | undefined {
  const own = setting.split(":");
  if (!own.every((color) => /^[0-9;]*$/.test(color))) return undefined;
  const codes = NAMES.map((name, at) => (name !== "key" && own[at]) || DEFAULT[at]!);
  return Object.fromEntries(NAMES.map((name, at) => [name, `\x1b[${codes[at]}m`])) as unknown as Colors;
}

const DEFAULT_COLORS = colorsOf()!;

export function defaultColors(): Colors {
  return DEFAULT_COLORS;
}

const DEEPEST = 256;

/** A value as JSON text, laid out as src/jv_print.c of jq 1.7 does. */
export function dump(value: Value, layout: Layout): string {
  if (layout.indent === undefined && !layout.sortKeys && !layout.ascii && !layout.colors) return toJson(value);
  return layout.colors ? colored(value, layout, layout.colors, 0) : plain(value, layout, 0);
}

function scalar(value: Value, { ascii }: Layout): string {
  return typeof value === "string" ? quoted(value, ascii) : toJson(value);
}

function keysOf(object: JsonObject, { sortKeys }: Layout): readonly string[] {
  return sortKeys ? sortedKeys(object) : [...object.keys()];
}

function isEmpty(value: readonly Value[] | JsonObject): boolean {
  return isArray(value) ? value.length === 0 : value.size === 0;
}

function isScalar(value: Value): value is null | boolean | number | Literal | string {
  return value === null || typeof value !== "object" || value instanceof Literal;
}

function newline({ indent }: Layout, depth: number): string {
  return indent === undefined ? "" : `\n${indent.repeat(depth)}`;
}

function plain(value: Value, layout: Layout, depth: number): string {
  if (depth > DEEPEST) return "<skipped: too deep>";
  if (isScalar(value)) return scalar(value, layout);
  const [open, close] = isArray(value) ? "[]" : "{}";
  if (isEmpty(value)) return open! + close!;
  const space = layout.indent === undefined ? "" : " ";
  const parts = isArray(value)
    ? value.map((one) => plain(one, layout, depth + 1))
    : keysOf(value, layout).map(
        (key) => `${quoted(key, layout.ascii)}:${space}${plain(value.get(key)!, layout, depth + 1)}`,
      );
  const line = newline(layout, depth + 1);
  return `${open}${line}${parts.join(`,${line}`)}${newline(layout, depth)}${close}`;
}

function colored(value: Value, layout: Layout, colors: Colors, depth: number): string {
  const kind = kindOf(value);
  const color = colors[typeof value === "boolean" ? (value ? "true" : "false") : (kind as Exclude<Kind, "boolean">)];
  if (depth > DEEPEST) return `${color}<skipped: too deep>${RESET}`;
  if (isScalar(value)) return `${color}${scalar(value, layout)}${RESET}`;
  const [open, close] = isArray(value) ? "[]" : "{}";
  if (isEmpty(value)) return `${color}${open}${close}${RESET}`;
  const line = newline(layout, depth + 1);
  const end = `${color}${newline(layout, depth)}${color}${close}${RESET}`;
  if (isArray(value))
    return `${color}${open}${value.map((one) => line + colored(one, layout, colors, depth + 1)).join(`${color},`)}${end}`;
  const colon = `${color}:${layout.indent === undefined ? "" : " "}${RESET}`;
  const pairs = keysOf(value, layout).map(
    (key) =>
      `${line}${RESET}${colors.key}${quoted(key, layout.ascii)}${RESET}${colon}${colored(value.get(key)!, layout, colors, depth + 1)}`,
  );
  return `${color}${open}${pairs.join(`${color},`)}${end}`;
}
