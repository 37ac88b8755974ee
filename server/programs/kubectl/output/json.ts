import { kindOf, sortedKeys, type Json, type JsonObject } from "./golang/kind.ts";

export interface JsonOptions {
  /** How each level is indented; nothing for one line. kubectl prints four spaces. */
  readonly indent?: string;
  /**
   * Keys stay as they are, for objects that kubectl has as Go structs: it prints those in the order of their fields
   * (`create --dry-run=client`, `version`, `config view`), which the caller gives. Else keys are sorted, as for all that
   * comes from a server.
   */
  readonly keepOrder?: boolean;
}

/** What `-o json` prints: four spaces, and a newline at the end (cli-runtime pkg/printers/json.go). */
export function printJson(value: Json, options: Omit<JsonOptions, "indent"> = {}): string {
  return `${encodeJson(value, { ...options, indent: "    " })}\n`;
}

/** JSON as Go's encoding/json writes it, with `<`, `>`, `&` and the line separators escaped. */
export function encodeJson(value: Json, options: JsonOptions = {}): string {
  const keys = options.keepOrder ? Object.keys : sortedKeys;
  const { indent } = options;
  const write = (item: Json, lead: string): string => {
    const kind = kindOf(item);
    if (kind === "string") return encodeString(item as string);
    if (kind !== "slice" && kind !== "map") return JSON.stringify(item);
    const inner = indent === undefined ? "" : lead + indent;
    const colon = indent === undefined ? ":" : ": ";
    const parts =
      kind === "slice"
        ? (item as readonly Json[]).map((each) => write(each, inner))
        : keys(item as JsonObject).map((key) => encodeString(key) + colon + write((item as JsonObject)[key]!, inner));
    const [open, close] = kind === "slice" ? "[]" : "{}";
    if (parts.length === 0) return `${open}${close}`;
    if (indent === undefined) return `${open}${parts.join(",")}${close}`;
    return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${lead}${close}`;
  };
  return write(value, "");
}

// oxlint-disable-next-line no-control-regex
const SPECIAL = /[<>&"\\\0-\x1f\x7f\u2028\u2029\ud800-\udfff]/;

function encodeString(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  // JSON.stringify escapes as Go does, but for these; Go writes an invalid character as U+FFFD.
  return JSON.stringify(text)
    .replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (escape) => (escape === "\\\\" ? escape : "\\ufffd"));
}
