import type { DistinguishedName, NameAttribute } from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { slashed } from "./name.ts";
import { longName, shortName } from "./objects.ts";
import { opensslVersion } from "./release.ts";

/** How names are printed: X509_NAME_print_ex's flags, by the names that `-nameopt` has for them. */
export interface NameOptions {
  readonly compat: boolean;
  readonly separator: "comma" | "comma space" | "semi" | "lines" | undefined;
  readonly reversed: boolean;
  readonly field: "sn" | "ln" | "oid" | "none";
  readonly aligned: boolean;
  readonly spaceEquals: boolean;
  readonly escape2253: boolean;
  readonly escapeControl: boolean;
  readonly escapeMsb: boolean;
  readonly quotes: boolean;
  readonly utf8: boolean;
}

const PLAIN: NameOptions = {
  compat: false,
  separator: undefined,
  reversed: false,
  field: "sn",
  aligned: false,
  spaceEquals: false,
  escape2253: false,
  escapeControl: false,
  escapeMsb: false,
  quotes: false,
  utf8: false,
};

const RFC2253: Partial<NameOptions> = {
  escape2253: true, escapeControl: true, escapeMsb: true, utf8: true, separator: "comma", reversed: true, field: "sn",
}; // prettier-ignore

const ONELINE: Partial<NameOptions> = {
  escape2253: true, escapeControl: true, escapeMsb: true, utf8: true, quotes: true, separator: "comma space", spaceEquals: true,
  field: "sn",
}; // prettier-ignore

export const DEFAULT_NAME: NameOptions = { ...PLAIN, ...ONELINE };
/** OpenSSL 3.2 and later print names with less air. */
const NEW_DEFAULT_NAME: NameOptions = { ...PLAIN, separator: "comma space", utf8: true };

const WORDS: Readonly<Record<string, Partial<NameOptions>>> = {
  compat: { ...PLAIN, compat: true },
  rfc2253: RFC2253,
  oneline: ONELINE,
  multiline: {
    escapeControl: true,
    escapeMsb: true,
    separator: "lines",
    spaceEquals: true,
    field: "ln",
    aligned: true,
  },
  esc_2253: { escape2253: true },
  esc_ctrl: { escapeControl: true },
  esc_msb: { escapeMsb: true },
  use_quote: { quotes: true },
  utf8: { utf8: true },
  sep_comma_plus: { separator: "comma" },
  sep_comma_plus_space: { separator: "comma space" },
  sep_semi_plus_space: { separator: "semi" },
  sep_multiline: { separator: "lines" },
  dn_rev: { reversed: true },
  nofname: { field: "none" },
  sname: { field: "sn" },
  lname: { field: "ln" },
  oid: { field: "oid" },
  align: { aligned: true },
  space_eq: { spaceEquals: true },
  ignore_type: {},
  dump_unknown: {},
  dump_der: {},
};

/** Reads `-nameopt`s; undefined if a word is unknown. */
export function nameOptions(call: Call): NameOptions | undefined {
  const given = call.values("nameopt");
  if (given.length === 0) return opensslVersion(call.process).isNew ? NEW_DEFAULT_NAME : DEFAULT_NAME;
  let options = PLAIN;
  for (const word of given.flatMap((text) => text.split(","))) {
    const bare = word.trim().toLowerCase();
    const change = WORDS[bare.replace(/^[-+]/, "")];
    if (!change) return undefined;
    if (!bare.startsWith("-")) options = { ...options, ...change };
    else for (const key of Object.keys(change) as (keyof NameOptions)[]) options = { ...options, [key]: PLAIN[key] };
  }
  return options.separator === undefined && !options.compat ? { ...options, separator: "comma space" } : options;
}

const SEPARATORS = {
  comma: [",", "+"],
  "comma space": [", ", " + "],
  semi: ["; ", " + "],
  lines: ["\n", " + "],
} as const;

/** A name in one line, or with `lines` in several of so much indentation. */
export function nameText(name: DistinguishedName, options: NameOptions, indent = 0): string {
  if (options.compat) return slashed(name, shortName);
  const [between, within] = SEPARATORS[options.separator ?? "comma space"];
  const relatives = options.reversed ? [...name].reverse() : name;
  return relatives
    .map((relative) => (options.reversed ? [...relative].reverse() : relative))
    .map((relative) => relative.map((attribute) => attributeText(attribute, options)).join(within))
    .map((text) => " ".repeat(indent) + text)
    .join(between);
}

function attributeText({ type, value }: NameAttribute, options: NameOptions): string {
  const text = escaped(value, options);
  if (options.field === "none") return text;
  const name = options.field === "oid" ? type : options.field === "ln" ? longName(type) : shortName(type);
  const shown = options.aligned ? name.padEnd(options.field === "ln" ? 25 : 10) : name;
  return `${shown}${options.spaceEquals ? " = " : "="}${text}`;
}

/** do_buf and do_esc_char of crypto/asn1/a_strex.c. Bytes beyond ASCII stay bytes: text is decoded from them in the end. */
function escaped(value: string, options: NameOptions): string {
  const units = options.utf8
    ? Array.from(Buffer.from(value, "utf8"), (byte) => byte)
    : Array.from(value, (char) => char.codePointAt(0)!);
  let quote = false;
  const parts = units.map((code, at) => {
    const hex = code.toString(16).toUpperCase();
    if (code > 0xffff) return `\\W${hex.padStart(8, "0")}`;
    if (code > 0xff) return `\\U${hex.padStart(4, "0")}`;
    const char = String.fromCharCode(code);
    if (code > 0x7f) return options.escapeMsb ? `\\${hex}` : byteText(code);
    const special =
      options.escape2253 &&
      (/[,+"\\<>;]/.test(char) || (at === 0 && /[ #]/.test(char)) || (at === units.length - 1 && char === " "));
    if (special && options.quotes && !/["\\]/.test(char)) {
      quote = true;
      return char;
    }
    if (special) return `\\${char}`;
    if (options.escapeControl && (code < 0x20 || code === 0x7f)) return `\\${hex.padStart(2, "0")}`;
    if (char === "\\" && (options.escapeControl || options.escapeMsb)) return "\\\\";
    return char;
  });
  const text = parts.join("");
  return quote ? `"${text}"` : text;
}

/** A byte that `encode` makes that byte again, also where it is no UTF-8. */
function byteText(code: number): string {
  return String.fromCharCode(0xdc00 | code);
}
