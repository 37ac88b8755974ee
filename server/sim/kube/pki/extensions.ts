import ipaddr from "ipaddr.js";
import { DerReader, readBitFlags, readSingle, readText } from "./der-reader.ts";
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
  type Der,
} from "./der-writer.ts";
import { OID } from "./oid.ts";

/** In the order of their bits (RFC 5280 4.2.1.3), named as there. */
export const KEY_USAGES = [
  "digitalSignature",
  "contentCommitment",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** Names as in RFC 5280 4.2.1.12; an unknown purpose stays a dotted number. */
const PURPOSES: Readonly<Record<string, string>> = {
  any: OID.anyExtendedKeyUsage,
  serverAuth: OID.serverAuth,
  clientAuth: OID.clientAuth,
  codeSigning: OID.codeSigning,
  emailProtection: OID.emailProtection,
};
const PURPOSE_NAMES = new Map(Object.entries(PURPOSES).map(([name, dotted]) => [dotted, name]));

export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  /** What the OCTET STRING holds. */
  readonly value: Uint8Array;
}

/** The names that a certificate is for. Addresses as text, without brackets. */
export interface AltNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
}

/** What the extensions say, where the certificate has them. */
export interface Constraints extends AltNames {
  readonly keyUsage?: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly string[];
  /** Undefined without the extension. */
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
}

/** The extensions in the order in which Go's buildCertExtensions writes them. */
export function encodeExtensions(constraints: Constraints): Der[] {
  const { keyUsage, extendedKeyUsage, basicConstraints, subjectKeyId, authorityKeyId } = constraints;
  const out: Der[] = [];
  if (keyUsage && keyUsage.length > 0)
    out.push(extension(OID.keyUsage, true, bitFlags(KEY_USAGES.map((usage) => keyUsage.includes(usage)))));
  if (extendedKeyUsage.length > 0)
    out.push(
      extension(OID.extendedKeyUsage, false, sequence(...extendedKeyUsage.map((name) => oid(PURPOSES[name] ?? name)))),
    );
  if (basicConstraints) {
    const parts = basicConstraints.ca ? [boolean(true)] : [];
    if (basicConstraints.pathLength !== undefined) parts.push(integer(basicConstraints.pathLength));
    out.push(extension(OID.basicConstraints, true, sequence(...parts)));
  }
  if (subjectKeyId) out.push(extension(OID.subjectKeyId, false, octetString(subjectKeyId)));
  if (authorityKeyId) out.push(extension(OID.authorityKeyId, false, sequence(contextPrimitive(0, authorityKeyId))));
  if (hasAltNames(constraints)) out.push(extension(OID.subjectAltName, false, encodeAltNames(constraints)));
  return out;
}

/** Undefined if a known extension is malformed. */
export function readConstraints(extensions: readonly Extension[]): Constraints | undefined {
  let out: Constraints = { extendedKeyUsage: [], dnsNames: [], ipAddresses: [], emails: [], uris: [] };
  for (const { id, value } of extensions) {
    const read = readExtension(id, value);
    if (!read) return undefined;
    out = { ...out, ...read };
  }
  return out;
}

function readExtension(id: string, value: Uint8Array): Partial<Constraints> | undefined {
  if (id === OID.keyUsage) {
    const bits = readSingle(value, TAG.bitString);
    return bits && { keyUsage: KEY_USAGES.filter((_, at) => readBitFlags(bits.content)[at]) };
  }
  if (id === OID.extendedKeyUsage) return readPurposes(value);
  if (id === OID.basicConstraints) return readBasicConstraints(value);
  if (id === OID.subjectKeyId) {
    const key = readSingle(value, TAG.octetString);
    return key && { subjectKeyId: key.content };
  }
  if (id === OID.authorityKeyId) {
    const body = new DerReader(value).enter();
    const key = body?.peek() === 0x80 ? body.next() : undefined;
    return body && (key ? { authorityKeyId: key.content } : {});
  }
  return id === OID.subjectAltName ? readAltNames(value) : {};
}

function readPurposes(value: Uint8Array): Partial<Constraints> | undefined {
  const body = new DerReader(value).enter();
  if (!body) return undefined;
  const extendedKeyUsage: string[] = [];
  while (!body.atEnd) {
    const dotted = body.oid();
    if (!dotted) return undefined;
    extendedKeyUsage.push(PURPOSE_NAMES.get(dotted) ?? dotted);
  }
  return { extendedKeyUsage };
}

function readBasicConstraints(value: Uint8Array): Partial<Constraints> | undefined {
  const body = new DerReader(value).enter();
  if (!body) return undefined;
  const ca = body.peek() === TAG.boolean ? body.next()?.content[0] === 0xff : false;
  const pathLength = body.peek() === TAG.integer ? body.integer() : undefined;
  if (!body.atEnd) return undefined;
  return { basicConstraints: pathLength === undefined ? { ca } : { ca, pathLength: Number(pathLength) } };
}

export function hasAltNames(names: AltNames): boolean {
  return names.dnsNames.length + names.ipAddresses.length + names.emails.length + names.uris.length > 0;
}

/** GeneralNames (RFC 5280 4.2.1.6), in Go's order: DNS names, mail addresses, IP addresses, URIs. */
function encodeAltNames(names: AltNames): Der {
  const text = (n: number, values: readonly string[]): Der[] =>
    values.map((value) => contextPrimitive(n, Buffer.from(value, "latin1")));
  return sequence(
    ...text(2, names.dnsNames),
    ...text(1, names.emails),
    ...names.ipAddresses.map((address) => contextPrimitive(7, Uint8Array.from(ipaddr.parse(address).toByteArray()))),
    ...text(6, names.uris),
  );
}

function readAltNames(value: Uint8Array): AltNames | undefined {
  const body = new DerReader(value).enter();
  if (!body) return undefined;
  const names = { dnsNames: [] as string[], ipAddresses: [] as string[], emails: [] as string[], uris: [] as string[] };
  while (!body.atEnd) {
    const name = body.next();
    if (!name) return undefined;
    if (name.tag === 0x82) names.dnsNames.push(readText(name));
    else if (name.tag === 0x81) names.emails.push(readText(name));
    else if (name.tag === 0x86) names.uris.push(readText(name));
    else if (name.tag === 0x87) {
      if (name.content.length !== 4 && name.content.length !== 16) return undefined;
      names.ipAddresses.push(ipaddr.fromByteArray([...name.content]).toString());
    }
  }
  return names;
}

function extension(id: string, critical: boolean, value: Uint8Array): Der {
  return critical ? sequence(oid(id), boolean(true), octetString(value)) : sequence(oid(id), octetString(value));
}

/** The extensions of a certificate or of an extension request, from the content of their SEQUENCE. */
export function readExtensionList(list: DerReader): Extension[] | undefined {
  const out: Extension[] = [];
  while (!list.atEnd) {
    const body = list.enter();
    const id = body?.oid();
    if (!body || !id) return undefined;
    const critical = body.peek() === TAG.boolean ? body.next()!.content[0] === 0xff : false;
    const value = body.next(TAG.octetString);
    if (!value || !body.atEnd) return undefined;
    out.push({ id, critical, value: value.content });
  }
  return out;
}

/** `[3]` around the list of extensions of a certificate. */
export function extensionsField(extensions: readonly Der[]): Der[] {
  return extensions.length > 0 ? [context(3, sequence(...extensions))] : [];
}
