import { oid, sequence, setOf, tagged, TAG, type NameAttribute } from "../../sim/kube/pki/index.ts";
import { queued, type QueuedError } from "./failure.ts";
import { objectOf } from "./objects.ts";

/** How a subject is put together: relative names, each of attributes with their encoded values. */
export type Subject = readonly (readonly EncodedAttribute[])[];

export interface EncodedAttribute {
  readonly type: string;
  readonly value: Uint8Array;
}

/** crypto/asn1/tbl_standard.h: kinds of string and how many characters they may have; without an entry any UTF-8. */
const RULES: Readonly<Record<string, { readonly tag?: number; readonly min?: number; readonly max?: number }>> = {
  "2.5.4.6": { tag: TAG.printableString, min: 2, max: 2 },
  "2.5.4.5": { tag: TAG.printableString, min: 1, max: 64 },
  "2.5.4.46": { tag: TAG.printableString },
  "1.2.840.113549.1.9.1": { tag: TAG.ia5String, min: 1, max: 128 },
  "0.9.2342.19200300.100.1.25": { tag: TAG.ia5String, min: 1 },
  "2.5.4.3": { min: 1, max: 64 },
  "2.5.4.7": { min: 1, max: 128 },
  "2.5.4.8": { min: 1, max: 128 },
  "2.5.4.10": { min: 1, max: 64 },
  "2.5.4.11": { min: 1, max: 64 },
  "2.5.4.41": { min: 1, max: 32_768 },
  "2.5.4.42": { min: 1, max: 32_768 },
};

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** A value as its attribute wants it (ASN1_mbstring_ncopy). `text` is characters. */
export function encodeAttribute(type: string, text: string): EncodedAttribute | QueuedError {
  const { tag = TAG.utf8String, min = -1, max = Infinity } = RULES[type] ?? {};
  const length = Array.from(text).length;
  const problem = (code: string, reason: string, line: number, data = ""): QueuedError =>
    queued(code, "asn1 encoding routines", "ASN1_mbstring_ncopy", reason, `../crypto/asn1/a_mbstr.c:${line}`, data);
  if (length < min) return problem("06800098", "string too short", 101, `minsize=${min}`);
  if (length > max) return problem("06800097", "string too long", 106, `maxsize=${max}`);
  // oxlint-disable-next-line no-control-regex
  if ((tag === TAG.printableString && !PRINTABLE.test(text)) || (tag === TAG.ia5String && /[^\x00-\x7f]/.test(text)))
    return problem("0680007C", "illegal characters", 129);
  return { type, value: tagged(tag, Buffer.from(text, tag === TAG.utf8String ? "utf8" : "latin1")) };
}

export function encodeSubject(subject: Subject): Uint8Array {
  return sequence(
    ...subject
      .filter((relative) => relative.length > 0)
      .map((relative) => setOf(...relative.map(({ type, value }) => sequence(oid(type), value)))),
  );
}

export interface ParsedSubject {
  readonly subject: Subject;
  /** What is said of attributes that are left out. */
  readonly warnings: string;
}

/** `-subj /C=DE/O=a+CN=b` (apps/lib/apps.c parse_name). `what` is `subject`; fails with words and queued errors. */
export function parseSubject(
  program: string,
  text: string,
  utf8: boolean,
): ParsedSubject | { readonly words: string; readonly errors: readonly QueuedError[] } {
  const fail = (words: string, errors: readonly QueuedError[] = []) => ({ words: `${program}: ${words}\n`, errors });
  if (!text.startsWith("/"))
    return fail(
      `subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${text}'`,
    );
  const subject: EncodedAttribute[][] = [];
  let warnings = "";
  let multiple = false;
  for (let at = 1; at < text.length;) {
    const equals = text.indexOf("=", at);
    if (equals < 0) return fail(`Missing '=' after RDN type string '${text.slice(at)}' in subject name string`);
    const type = text.slice(at, equals);
    const joined: boolean = multiple;
    multiple = false;
    let value = "";
    for (at = equals + 1; at < text.length && text[at] !== "/"; at++) {
      if (text[at] === "+") {
        multiple = true;
        break;
      }
      if (text[at] === "\\" && ++at === text.length) return fail("Escape character at end of subject name string");
      value += text[at]!;
    }
    at++;
    const object = objectOf(type);
    if (object === undefined) {
      warnings += `${program} warning: Skipping unknown subject name attribute "${type}"\n`;
      if (joined)
        warnings += `${program} hint: a '+' in a value string needs be escaped using '\\' else a new member of a multi-valued RDN is expected\n`;
      continue;
    }
    if (value === "") {
      warnings += `${program} warning: No value provided for subject name attribute "${type}", skipped\n`;
      continue;
    }
    const encoded = encodeAttribute(object, characters(value, utf8));
    if ("reason" in encoded) return fail(`Error adding subject name attribute "/${type}=${value}"`, [encoded]);
    if (joined && subject.length > 0) subject.at(-1)!.push(encoded);
    else subject.push([encoded]);
  }
  return { subject, warnings };
}

/** Without `-utf8` every byte is a character of Latin 1 (MBSTRING_ASC). */
export function characters(text: string, utf8: boolean): string {
  return utf8 ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** X509_NAME_oneline: `/C=DE/CN=x`. */
export function slashed(name: readonly (readonly NameAttribute[])[], short: (type: string) => string): string {
  return name
    .flat()
    .map(({ type, value }) => `/${short(type)}=${escapeOneline(value)}`)
    .join("");
}

function escapeOneline(value: string): string {
  return Array.from(Buffer.from(value, "utf8"), (byte) =>
    byte < 0x20 || byte > 0x7e ? `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}` : String.fromCharCode(byte),
  ).join("");
}
