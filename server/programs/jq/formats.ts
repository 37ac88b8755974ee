import { decode, encode, fromUint8Array, toUint8Array } from "../../sim/kernel/index.ts";
import { JqError, typeError } from "./errors.ts";
import { isArray, kindOf, toJson, type Value } from "./value.ts";

export function toText(value: Value): string {
  return typeof value === "string" ? value : toJson(value);
}

const HTML: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "'": "&#39;", '"': "&quot;" };

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const FORMATS: Readonly<Record<string, (value: Value) => string>> = {
  text: toText,
  json: toJson,
  html: (value) => toText(value).replace(/[<>&'"]/g, (char) => HTML[char]!),
  uri: (value) =>
    encode(toText(value)).replace(
      /[^A-Za-z0-9\-_.~]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    ),
  csv: (value) => row(value, "csv", ",", (text) => `"${text.replaceAll('"', '""')}"`),
  tsv: (value) => row(value, "tsv", "\t", (text) => text.replace(/[\t\n\r\\]/g, (char) => TSV[char]!)),
  sh: (value) => (isArray(value) ? value : [value]).map(shellWord).join(" "),
  base64: (value) => Buffer.from(toUint8Array(encode(toText(value)))).toString("base64"),
  base64d: (value) => decodeBase64(toText(value), value),
  base32: (value) => toBase32(encode(toText(value))),
  base32d: (value) => decode(fromBase32(toText(value))),
};

const TSV: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

/** A value as `@name` writes it. */
export function format(name: string, value: Value): string {
  const write = FORMATS[name];
  if (!write) throw new JqError(`${name} is not a valid format`);
  return write(value);
}

function row(value: Value, name: string, separator: string, text: (value: string) => string): string {
  if (!isArray(value)) throw typeError(value, `cannot be ${name}-formatted, only array`);
  return value
    .map((one) => {
      if (typeof one === "string") return text(one);
      if (one === null) return "";
      if (isArray(one) || kindOf(one) === "object") throw typeError(one, "is not valid in a csv row");
      return toJson(one);
    })
    .join(separator);
}

function shellWord(value: Value): string {
  if (typeof value === "string") return `'${value.replaceAll("'", `'\\''`)}'`;
  if (isArray(value) || kindOf(value) === "object") throw typeError(value, "can not be escaped for shell");
  return toJson(value);
}

function decodeBase64(text: string, value: Value): string {
  const clean = text.replace(/=+$/, "");
  const bytes = fromUint8Array(Buffer.from(clean, "base64"));
  if (!/^[A-Za-z0-9+/]*$/.test(clean) || (clean !== "" && bytes === ""))
    throw typeError(value, "is not valid base64 data");
  return decode(bytes).replace(/[\udc80-\udcff]/g, "\ufffd");
}

function toBase32(bytes: string): string {
  const bits = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(2).padStart(8, "0")).join("");
  const text = (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[parseInt(five.padEnd(5, "0"), 2)]!).join("");
  return text.padEnd(Math.ceil(text.length / 8) * 8, "=");
}

function fromBase32(text: string): string {
  const bits = Array.from(text.replace(/=+$/, ""), (char) =>
    Math.max(0, BASE32.indexOf(char)).toString(2).padStart(5, "0"),
  ).join("");
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(parseInt(byte, 2))).join("");
}
