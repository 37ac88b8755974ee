import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import {
  bitFlags,
  boolean,
  context,
  contextPrimitive,
  integer,
  octetString,
  oid,
  sequence,
  TAG,
  tagged,
  type Extension,
} from "../../sim/kube/pki/index.ts";
import type { Config } from "./config.ts";
import { queued, type QueuedError } from "./failure.ts";
import { encodeAttribute, encodeSubject } from "./name.ts";
import { objectOf } from "./objects.ts";

/** Who the certificate is for and who signs it, for extensions that say so (X509V3_CTX). */
export interface ExtensionContext {
  readonly config: Config;
  readonly section: string;
  /** Bits of the subject's public key; none while extensions are only checked. */
  readonly keyBits?: Uint8Array;
  /** Mail addresses of the subject, for `email:copy`. */
  readonly emails?: readonly string[];
  /** By what the certificate has so far: it may be its own issuer. */
  readonly issuer?: (made: readonly Extension[]) => IssuerFacts;
  /** Extensions are only checked: what needs an issuer is left empty (X509V3_CTX_TEST). */
  readonly testing?: boolean;
}

export interface IssuerFacts {
  readonly keyId?: Uint8Array;
  /** Encoded name of its issuer, and its serial number. */
  readonly issuerName: Uint8Array;
  readonly serial: bigint;
  /** The certificate is its own issuer. */
  readonly same: boolean;
  /** Key identifier of the issuer's key, if the issuer is the subject itself. */
  readonly ownKeyId?: Uint8Array;
}

const USAGES: Readonly<Record<string, number>> = {
  digitalSignature: 0, nonRepudiation: 1, contentCommitment: 1, keyEncipherment: 2, dataEncipherment: 3, keyAgreement: 4, keyCertSign: 5, cRLSign: 6,
  encipherOnly: 7, decipherOnly: 8, "Digital Signature": 0, "Non Repudiation": 1, "Key Encipherment": 2, "Data Encipherment": 3,
  "Key Agreement": 4, "Certificate Sign": 5, "CRL Sign": 6, "Encipher Only": 7, "Decipher Only": 8,
}; // prettier-ignore
const NETSCAPE: Readonly<Record<string, number>> = { client: 0, server: 1, email: 2, objsign: 3, reserved: 4, sslCA: 5, emailCA: 6, objCA: 7 }; // prettier-ignore

class Problem extends Error {
  readonly errors: readonly QueuedError[];
  constructor(...errors: QueuedError[]) {
    super("extension");
    this.errors = errors;
  }
}

/** All extensions of a section; the queued errors of the first that is wrong. A name that comes again replaces the one before. */
export function sectionExtensions(
  ctx: ExtensionContext,
  before: readonly Extension[] = [],
): Extension[] | QueuedError[] {
  let out: Extension[] = [];
  for (const [name, value] of ctx.config.section(ctx.section)) {
    const made = makeExtension(ctx, name, value, [...before, ...out]);
    if (Array.isArray(made)) return made;
    out = replaceExtension(out, made);
  }
  return out;
}

export function areErrors(found: Extension[] | QueuedError[]): found is QueuedError[] {
  return found.length > 0 && "reason" in found[0]!;
}

export function replaceExtension(list: readonly Extension[], extension: Extension): Extension[] {
  return [...list.filter(({ id }) => id !== extension.id), extension];
}

/** One extension from its line in a configuration (crypto/x509/v3_conf.c X509V3_EXT_nconf). */
export function makeExtension(
  ctx: ExtensionContext,
  name: string,
  text: string,
  made: readonly Extension[] = [],
): Extension | QueuedError[] {
  let value = text;
  const critical = value.startsWith("critical,");
  if (critical) value = value.slice(9).trimStart();
  try {
    const id = objectOf(name);
    const generic = /^(DER|ASN1):(.*)$/.exec(value);
    if (generic && id !== undefined) return { id, critical, value: genericValue(generic[1]!, generic[2]!.trim()) };
    const maker = id === undefined ? undefined : MAKERS[id];
    if (!maker || id === undefined)
      throw new Problem(v3("11000082", "do_ext_nconf", "unknown extension name", "v3_conf.c:88"));
    return { id, critical, value: maker(ctx, value, made) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const data = `section=${ctx.section}, name=${name}, value=${text}`;
    return [...error.errors, v3("11000080", "X509V3_EXT_nconf_int", "error in extension", "v3_conf.c:48", data)];
  }
}

export function keyIdentifier(bits: Uint8Array): Uint8Array {
  return createHash("sha1").update(bits).digest();
}

type Maker = (ctx: ExtensionContext, value: string, made: readonly Extension[]) => Uint8Array;

const MAKERS: Readonly<Record<string, Maker>> = {
  "2.5.29.14": subjectKeyId,
  "2.5.29.15": (_, value) => flagBits(value, USAGES),
  "2.5.29.17": (ctx, value) => generalNames(ctx, value),
  "2.5.29.18": (ctx, value) => generalNames(ctx, value),
  "2.5.29.19": basicConstraints,
  "2.5.29.30": nameConstraints,
  "2.5.29.31": (ctx, value) => sequence(...namesOf(ctx, value).map((name) => sequence(context(0, context(0, name))))),
  "2.5.29.32": (_, value) => sequence(...words(value).map((policy) => sequence(oid(mustObject(policy))))),
  "2.5.29.35": authorityKeyId,
  "2.5.29.37": (_, value) => sequence(...words(value).map((purpose) => oid(purposeOf(purpose)))),
  "1.3.6.1.5.5.7.1.1": (ctx, value) =>
    sequence(
      ...words(value).map((entry) => {
        const [method, location] = split(entry, ";");
        return sequence(oid(mustObject(method)), generalName(ctx, location));
      }),
    ),
  "2.16.840.1.113730.1.1": (_, value) => flagBits(value, NETSCAPE),
  "2.16.840.1.113730.1.13": (_, value) => tagged(TAG.ia5String, Buffer.from(value, "latin1")),
};

function v3(code: string, name: string, reason: string, at: string, data = ""): QueuedError {
  return queued(code, "X509 V3 routines", name, reason, `../crypto/x509/${at}`, data);
}

function words(value: string): string[] {
  return value
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function split(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text.trim(), ""] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function mustObject(name: string): string {
  const dotted = objectOf(name);
  if (dotted === undefined)
    throw new Problem(
      queued(
        "04000067",
        "object identifier routines",
        "OBJ_txt2obj",
        "unknown object name",
        "../crypto/objects/obj_dat.c:372",
      ),
      v3("1100006E", "r2i_certpol", "invalid object identifier", "v3_cpols.c:127", name),
    );
  return dotted;
}

function purposeOf(name: string): string {
  const dotted = objectOf(name);
  if (dotted !== undefined) return dotted;
  throw new Problem(
    queued(
      "04000067",
      "object identifier routines",
      "OBJ_txt2obj",
      "unknown object name",
      "../crypto/objects/obj_dat.c:372",
    ),
    v3("1100006E", "v2i_EXTENDED_KEY_USAGE", "invalid object identifier", "v3_extku.c:94", name),
  );
}

function subjectKeyId(ctx: ExtensionContext, value: string): Uint8Array {
  if (value === "none") return octetString(new Uint8Array());
  if (value !== "hash") return octetString(Buffer.from(value.replaceAll(":", ""), "hex"));
  return octetString(ctx.keyBits ? keyIdentifier(ctx.keyBits) : new Uint8Array());
}

function flagBits(value: string, table: Readonly<Record<string, number>>): Uint8Array {
  const flags = Array.from({ length: 9 }, () => false);
  for (const word of words(value)) {
    const bit = table[word];
    if (bit === undefined)
      throw new Problem(v3("1100006F", "v2i_ASN1_BIT_STRING", "unknown bit string argument", "v3_bitst.c:82", word));
    flags[bit] = true;
  }
  return bitFlags(flags);
}

function basicConstraints(_: ExtensionContext, value: string): Uint8Array {
  let authority = false;
  let pathLength: number | undefined;
  for (const word of words(value)) {
    const [name, text] = split(word, ":");
    if (name === "CA" && /^(?:true|y|yes|t)$/i.test(text)) authority = true;
    else if (name === "CA" && /^(?:false|n|no|f)$/i.test(text)) authority = false;
    else if (name === "CA")
      throw new Problem(
        v3("11000068", "X509V3_get_value_bool", "invalid boolean string", "v3_utl.c:271", `CA:${text}`),
      );
    else if (name === "pathlen" && /^\d+$/.test(text)) pathLength = Number(text);
    else throw new Problem(v3("1100006A", "v2i_BASIC_CONSTRAINTS", "invalid name", "v3_bcons.c:85", word));
  }
  return sequence(...(authority ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)]));
}

/** crypto/x509/v3_akid.c v2i_AUTHORITY_KEYID */
function authorityKeyId(ctx: ExtensionContext, value: string, made: readonly Extension[]): Uint8Array {
  let keyid = 0;
  let issuer = 0;
  const parts = words(value);
  if (parts.length === 1 && parts[0] === "none") return sequence();
  for (const word of parts) {
    const [name, how] = split(word, ":");
    const weight = how === "always" ? 2 : 1;
    if (name === "keyid") keyid = weight;
    else if (name === "issuer") issuer = weight;
    else throw new Problem(v3("11000078", "v2i_AUTHORITY_KEYID", "unknown option", "v3_akid.c:137", `name=${name}`));
  }
  if (ctx.testing) return sequence();
  const facts = ctx.issuer?.(made);
  if (!facts) throw new Problem(v3("11000079", "v2i_AUTHORITY_KEYID", "no issuer certificate", "v3_akid.c:145"));
  const keyId = keyid === 0 ? undefined : (facts.keyId ?? (keyid === 2 ? facts.ownKeyId : undefined));
  if (keyid === 2 && !keyId)
    throw new Problem(v3("1100007B", "v2i_AUTHORITY_KEYID", "unable to get issuer keyid", "v3_akid.c:184"));
  const named = issuer === 2 || (issuer === 1 && !keyId && !facts.same);
  return sequence(
    ...(keyId ? [contextPrimitive(0, keyId)] : []),
    ...(named
      ? [context(1, context(4, facts.issuerName)), contextPrimitive(2, integer(facts.serial).subarray(2))]
      : []),
  );
}

function nameConstraints(ctx: ExtensionContext, value: string): Uint8Array {
  const trees: [Uint8Array[], Uint8Array[]] = [[], []];
  for (const word of words(value)) {
    const [kind, name] = split(word, ";");
    const at = ["permitted", "excluded"].indexOf(kind);
    if (at < 0) throw new Problem(v3("1100008F", "v2i_NAME_CONSTRAINTS", "invalid syntax", "v3_ncons.c:131"));
    trees[at]!.push(sequence(generalName(ctx, name, true)));
  }
  return sequence(...trees.flatMap((tree, at) => (tree.length > 0 ? [context(at, ...tree)] : [])));
}

function generalNames(ctx: ExtensionContext, value: string): Uint8Array {
  return sequence(...namesOf(ctx, value));
}

/** `DNS:a,IP:1.2.3.4` or `@section`. */
function namesOf(ctx: ExtensionContext, value: string): Uint8Array[] {
  if (!value.startsWith("@"))
    return words(value).flatMap((word) =>
      word === "email:copy" || word === "email:move"
        ? (ctx.emails ?? []).map((email) => generalName(ctx, `email:${email}`))
        : [generalName(ctx, word)],
    );
  const section = value.slice(1);
  if (!ctx.config.has(section))
    throw new Problem(v3("11000096", "X509V3_get_section", "section not found", "v3_conf.c:415", `section=${section}`));
  return ctx.config.section(section).map(([name, text]) => generalName(ctx, `${name.replace(/\..*$/, "")}:${text}`));
}

/** crypto/x509/v3_san.c v2i_GENERAL_NAME_ex and a2i_GENERAL_NAME */
function generalName(ctx: ExtensionContext, text: string, constraint = false): Uint8Array {
  const [kind, value] = split(text, ":");
  if (value === "" && !text.includes(":"))
    throw new Problem(v3("1100007C", "v2i_GENERAL_NAME_ex", "missing value", "v3_san.c:607"));
  const plain = (n: number): Uint8Array => contextPrimitive(n, Buffer.from(value, "latin1"));
  if (kind === "email") return plain(1);
  if (kind === "DNS") return plain(2);
  if (kind === "URI") return plain(6);
  if (kind === "RID") return contextPrimitive(8, oid(mustObject(value)).subarray(2));
  if (kind === "IP") return contextPrimitive(7, addressBytes(value, constraint));
  if (kind === "dirName") return context(4, directoryName(ctx, value));
  if (kind === "otherName") {
    const [type, content] = split(value, ";");
    return context(0, oid(mustObject(type)), context(0, genericValue("ASN1", content)));
  }
  throw new Problem(v3("11000075", "v2i_GENERAL_NAME_ex", "unsupported option", "v3_san.c:630", `name=${kind}`));
}

function addressBytes(value: string, constraint: boolean): Uint8Array {
  const parts = constraint ? value.split("/") : [value];
  const bytes = parts.flatMap((part) =>
    ipaddr.IPv4.isValidFourPartDecimal(part) || ipaddr.IPv6.isValid(part) ? ipaddr.parse(part).toByteArray() : [NaN],
  );
  if (bytes.some((byte) => Number.isNaN(byte)))
    throw new Problem(v3("11000076", "a2i_GENERAL_NAME", "bad ip address", "v3_san.c:552", `value=${value}`));
  return Uint8Array.from(bytes);
}

function directoryName(ctx: ExtensionContext, section: string): Uint8Array {
  const subject = ctx.config.section(section).flatMap(([name, text]) => {
    const type = objectOf(name.replace(/^[^.]*\.(?=.)/, ""));
    const encoded = type === undefined ? undefined : encodeAttribute(type, text);
    return encoded && "value" in encoded ? [[encoded]] : [];
  });
  if (subject.length === 0)
    throw new Problem(v3("11000096", "do_dirname", "section not found", "v3_san.c:687", `section=${section}`));
  return encodeSubject(subject);
}

/** `DER:04:02:…` or `ASN1:UTF8String:text`. */
function genericValue(how: string, text: string): Uint8Array {
  if (how === "DER") return Buffer.from(text.replace(/[\s:]/g, ""), "hex");
  const [type, content] = split(text, ":");
  const tags: Readonly<Record<string, number>> = { UTF8String: TAG.utf8String, UTF8: TAG.utf8String, IA5STRING: TAG.ia5String, IA5: TAG.ia5String, PRINTABLESTRING: TAG.printableString, PRINTABLE: TAG.printableString }; // prettier-ignore
  const tag = tags[type] ?? tags[type.toUpperCase()];
  if (tag !== undefined) return tagged(tag, Buffer.from(content, "utf8"));
  if (/^INT(?:EGER)?$/i.test(type)) return integer(BigInt(content));
  if (/^BOOL(?:EAN)?$/i.test(type)) return boolean(/^(?:true|y|yes|t)$/i.test(content));
  if (/^NULL$/i.test(type)) return tagged(TAG.null);
  if (/^OID$|^OBJECT$/i.test(type)) return oid(mustObject(content));
  if (/^OCT(?:ETSTRING)?$/i.test(type)) return octetString(Buffer.from(content, "utf8"));
  throw new Problem(
    queued(
      "068000C2",
      "asn1 encoding routines",
      "asn1_cb",
      "unknown tag",
      "../crypto/asn1/asn1_gen.c:268",
      `tag=${type}`,
    ),
  );
}
