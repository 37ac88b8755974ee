/** How Go prints values in error messages: strconv.Quote (`%q`) and the Go-syntax form (`%#v`). */

const ESCAPES: Record<string, string> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  '"': '\\"',
  "\\": "\\\\",
};

/** `%q` of a string. */
export function quote(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/["\\\u0000-\u001f\u007f-\uffff]/.test(text)) return `"${text}"`;
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (ESCAPES[char]) out += ESCAPES[char];
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code >= 0x80 && !/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) out += unicodeEscape(code);
    else out += char;
  }
  return `"${out}"`;
}

function unicodeEscape(code: number): string {
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A value whose Go type decides how `%#v` prints it. */
export interface GoValue {
  readonly go: string;
}

/** Text that already is Go syntax. */
export function go(text: string): GoValue {
  return { go: text };
}

export function goStringMap(map: Readonly<Record<string, string>> | undefined): GoValue {
  if (!map) return go("map[string]string(nil)");
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${quote(key)}:${quote(map[key]!)}`);
  return go(`map[string]string{${entries.join(", ")}}`);
}

export function goStrings(list: readonly string[] | undefined, type = "[]string"): GoValue {
  return go(list ? `${type}{${list.map(quote).join(", ")}}` : `${type}(nil)`);
}

/** A struct literal; numbers, booleans and strings print as themselves. */
export function goStruct(type: string, fields: Readonly<Record<string, string | number | boolean | GoValue>>): GoValue {
  const body = Object.entries(fields).map(([name, value]) => `${name}:${goLiteral(value)}`);
  return go(`${type}{${body.join(", ")}}`);
}

function goLiteral(value: string | number | boolean | GoValue): string {
  if (typeof value === "object") return value.go;
  return typeof value === "string" ? quote(value) : String(value);
}

export function goIntOrString(value: number | string | undefined): GoValue {
  const text = typeof value === "string";
  return goStruct("intstr.IntOrString", {
    Type: text ? 1 : 0,
    IntVal: text ? 0 : (value ?? 0),
    StrVal: text ? value : "",
  });
}

/** A JSON value as Go holds it without a type of its own: `map[string]interface {}{"a":1}`. */
export function goJson(value: unknown): GoValue {
  return go(jsonLiteral(value));
}

function jsonLiteral(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(jsonLiteral).join(", ")}}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const members = value as Record<string, unknown>;
  const names = Object.keys(members).sort();
  return `map[string]interface {}{${names.map((name) => `${quote(name)}:${jsonLiteral(members[name])}`).join(", ")}}`;
}
