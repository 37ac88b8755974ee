import { DerReader, readBitFlags, readInteger, readName, readSingle, readText, TAG, type DerValue, type Extension } from "../../sim/kube/pki/index.ts"; // prettier-ignore
import { slashed } from "./name.ts";
import { longName, shortName } from "./objects.ts";

const USAGES = [
  "Digital Signature", "Non Repudiation", "Key Encipherment", "Data Encipherment", "Key Agreement", "Certificate Sign", "CRL Sign",
  "Encipher Only", "Decipher Only",
]; // prettier-ignore
const NETSCAPE = ["SSL Client", "SSL Server", "S/MIME", "Object Signing", "Unused", "SSL CA", "S/MIME CA", "Object Signing CA"]; // prettier-ignore

/** X509V3_extensions_print: each extension's name, and its value further in. */
export function extensionsText(extensions: readonly Extension[], indent: number): string {
  return extensions
    .map(({ id, critical, value }) => {
      const lines = valueLines(id, value) ?? [rawText(value)];
      const inner = lines.map((line) => `${" ".repeat(indent + 4)}${line}\n`).join("");
      return `${" ".repeat(indent)}${longName(id)}: ${critical ? "critical" : ""}\n${inner}`;
    })
    .join("");
}

/** The lines of a value; undefined if the kind is unknown or the bytes are not what it has. */
function valueLines(id: string, value: Uint8Array): string[] | undefined {
  switch (id) {
    case "2.5.29.14": {
      const key = readSingle(value, TAG.octetString);
      return key && [colons(key.content)];
    }
    case "2.5.29.15":
      return flagLines(value, USAGES);
    case "2.5.29.17":
    case "2.5.29.18": {
      const names = readSingle(value, TAG.sequence);
      return names && [generalNames(names.content).join(", ") || "<EMPTY>"];
    }
    case "2.5.29.19":
      return basicConstraints(value);
    case "2.5.29.20": {
      const number = readSingle(value, TAG.integer);
      return number && [String(readInteger(number.content))];
    }
    case "2.5.29.30":
      return nameConstraints(value);
    case "2.5.29.31":
      return distributionPoints(value);
    case "2.5.29.32":
      return policies(value);
    case "2.5.29.35":
      return authorityKeyId(value);
    case "2.5.29.37":
      return purposes(value);
    case "1.3.6.1.5.5.7.1.1":
      return accessInfo(value);
    case "2.16.840.1.113730.1.1":
      return flagLines(value, NETSCAPE);
    case "2.16.840.1.113730.1.13": {
      const text = readSingle(value, TAG.ia5String);
      return text && [readText(text)];
    }
    default:
      return undefined;
  }
}

export function colons(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(":");
}

/** What cannot be shown is a dot (ASN1_STRING_print). */
function rawText(value: Uint8Array): string {
  return Array.from(value, (byte) =>
    byte > 0x7e || (byte < 0x20 && byte !== 10 && byte !== 13) ? "." : String.fromCharCode(byte),
  ).join("");
}

function flagLines(value: Uint8Array, names: readonly string[]): string[] | undefined {
  const bits = readSingle(value, TAG.bitString);
  if (!bits) return undefined;
  const flags = readBitFlags(bits.content);
  return [names.filter((_, at) => flags[at]).join(", ")];
}

function basicConstraints(value: Uint8Array): string[] | undefined {
  const body = new DerReader(value).enter();
  if (!body) return undefined;
  const authority = body.peek() === TAG.boolean ? body.next()!.content[0] !== 0 : false;
  const length = body.peek() === TAG.integer ? body.integer() : undefined;
  return [`CA:${authority ? "TRUE" : "FALSE"}${length === undefined ? "" : `, pathlen:${String(length)}`}`];
}

function purposes(value: Uint8Array): string[] | undefined {
  const body = new DerReader(value).enter();
  const names: string[] = [];
  while (body && !body.atEnd) names.push(longName(body.oid() ?? ""));
  return body && [names.join(", ")];
}

function authorityKeyId(value: Uint8Array): string[] | undefined {
  const body = new DerReader(value).enter();
  if (!body) return undefined;
  const key = body.peek() === 0x80 ? body.next() : undefined;
  const names = body.peek() === 0xa1 ? body.next() : undefined;
  const serial = body.peek() === 0x82 ? body.next() : undefined;
  const lines: string[] = [];
  if (key) lines.push(names || serial ? `keyid:${colons(key.content)}` : colons(key.content));
  if (names) lines.push(...generalNames(names.content));
  if (serial) lines.push(`serial:${colons(serial.content)}`);
  return lines.length > 0 ? lines : ["."];
}

function nameConstraints(value: Uint8Array): string[] | undefined {
  const body = new DerReader(value).enter();
  const lines: string[] = [];
  while (body && !body.atEnd) {
    const tree = body.next();
    if (!tree) return undefined;
    lines.push(tree.tag === 0xa0 ? "Permitted:" : "Excluded:");
    const subtrees = new DerReader(tree.content);
    while (!subtrees.atEnd) {
      const base = subtrees.enter()?.next();
      if (!base) return undefined;
      lines.push(`  ${base.tag === 0x87 ? subnet(base.content) : generalName(base)}`);
    }
  }
  return lines;
}

function subnet(bytes: Uint8Array): string {
  const half = bytes.length / 2;
  const address = (part: Uint8Array): string => addressText(part);
  return `IP:${address(bytes.subarray(0, half))}/${address(bytes.subarray(half))}`;
}

function distributionPoints(value: Uint8Array): string[] | undefined {
  const body = new DerReader(value).enter();
  const lines: string[] = [];
  while (body && !body.atEnd) {
    const full = body.enter()?.enter(0xa0)?.next(0xa0);
    if (!full) return undefined;
    if (lines.length > 0) lines.push("");
    lines.push("Full Name:", ...generalNames(full.content).map((name) => `  ${name}`));
  }
  return lines;
}

function policies(value: Uint8Array): string[] | undefined {
  const body = new DerReader(value).enter();
  const lines: string[] = [];
  while (body && !body.atEnd) {
    const policy = body.enter();
    const id = policy?.oid();
    if (!policy || id === undefined) return undefined;
    lines.push(`Policy: ${longName(id)}`);
    const qualifiers = policy.atEnd ? undefined : policy.enter();
    while (qualifiers && !qualifiers.atEnd) {
      const qualifier = qualifiers.enter();
      const kind = qualifier?.oid();
      const content = qualifier?.next();
      if (content && kind === "1.3.6.1.5.5.7.2.1") lines.push(`  CPS: ${readText(content)}`);
    }
  }
  return lines;
}

function accessInfo(value: Uint8Array): string[] | undefined {
  const body = new DerReader(value).enter();
  const lines: string[] = [];
  while (body && !body.atEnd) {
    const entry = body.enter();
    const method = entry?.oid();
    const location = entry?.next();
    if (method === undefined || !location) return undefined;
    lines.push(`${longName(method)} - ${generalName(location)}`);
  }
  return lines;
}

function generalNames(content: Uint8Array): string[] {
  const body = new DerReader(content);
  const names: string[] = [];
  while (!body.atEnd) {
    const name = body.next();
    if (!name) break;
    names.push(generalName(name));
  }
  return names;
}

function generalName(name: DerValue): string {
  if (name.tag === 0x81) return `email:${readText(name)}`;
  if (name.tag === 0x82) return `DNS:${readText(name)}`;
  if (name.tag === 0x86) return `URI:${readText(name)}`;
  if (name.tag === 0x87) return `IP Address:${addressText(name.content)}`;
  if (name.tag === 0x88) return `Registered ID:${longName(new DerReader(Uint8Array.of(6, name.content.length, ...name.content)).oid() ?? "")}`; // prettier-ignore
  if (name.tag === 0xa4) return `DirName:${slashed(readName(name.content) ?? [], shortName)}`;
  return "othername: <unsupported>";
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return "<invalid>";
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2]! << 8) | bytes[at * 2 + 1]!).toString(16));
  return groups.join(":").toUpperCase();
}
