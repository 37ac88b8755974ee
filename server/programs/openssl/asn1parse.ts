import { toUint8Array } from "../../sim/kernel/index.ts";
import { DerReader, TAG } from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { queued } from "./failure.ts";
import { longName } from "./objects.ts";

export const asn1parse: Command = {
  name: "asn1parse",
  options: `General options:
 help - Shows this list
 oid < File with more object identifiers
I/O options:
 inform f Format of the input (DER or PEM)
 in < File to read (default: standard input)
 out > File for the bytes that were read
 noout - Prints nothing
 offset n Where to begin
 length n How many bytes
 strparse n Looks into the string at this offset
 genstr s Makes a value of text
 genconf s Makes a value of a configuration
 strictpem - The input must be a PEM block
 item s Prints a value of this type
Formatting options:
 i - Indents
 dump - Dumps what is not known
 dlimit p Dumps so many bytes`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    for (const option of ["oid", "genstr", "genconf", "strictpem", "item", "dump", "dlimit"])
      if (call.has(option)) throw call.failure(`drydock: openssl: asn1parse: '-${option}' is not simulated\n`, [], 64);
    const data = await call.mustRead(call.value("in"), "", 1, call.isDer("inform") ? "rb" : "r");
    let bytes = call.isDer("inform") ? toUint8Array(data) : fromPem(data);
    for (const text of call.values("strparse")) {
      const inner = stringAt(bytes, Number(text));
      if (inner === "out of range") await call.error(`'${text}' is out of range\n`);
      else if (inner) bytes = inner;
      else return encodingError(call, "");
    }
    const offset = call.number("offset") ?? 0;
    if (offset < 0 || offset >= bytes.length) throw call.failure("Error: offset out of range\n");
    bytes = bytes.subarray(offset, call.has("length") ? offset + call.number("length")! : undefined);
    const lines: string[] = [];
    const whole = walk(bytes, 0, 0, call.has("i"), lines);
    if (!call.has("noout")) await call.print(lines.join(""), undefined);
    return whole ? 0 : encodingError(call, "");
  },
};

async function encodingError(call: Call, before: string): Promise<number> {
  await call.process.print(`${before}Error in encoding\n`);
  await call.error(
    call.lines([
      queued("0680009B", "asn1 encoding routines", "ASN1_get_object", "too long", "../crypto/asn1/asn1_lib.c:95"),
    ]),
  );
  return 1;
}

/** The first block; without one, all that is base64. */
function fromPem(text: string): Uint8Array {
  const block = /-----BEGIN [^\n]*-----\r?\n(?:[\w-]+: [^\n]*\n|[^\S\n]*\n)*([A-Za-z0-9+/=\s]+?)-----END/.exec(
    text,
  )?.[1];
  return block === undefined ? new Uint8Array() : Uint8Array.from(Buffer.from(block, "base64"));
}

/** The bytes of the value at an offset, without its head; a BIT STRING's without the count of unused bits. */
function stringAt(bytes: Uint8Array, offset: number): Uint8Array | "out of range" | undefined {
  if (offset <= 0 || offset >= bytes.length) return "out of range";
  const value = new DerReader(bytes.subarray(offset)).next();
  if (!value) return undefined;
  if (value.tag === TAG.bitString) return value.content.subarray(1);
  return value.tag & 0x20 ? value.raw : value.content;
}

const TYPES: Readonly<Record<number, string>> = {
  0: "EOC", 1: "BOOLEAN", 2: "INTEGER", 3: "BIT STRING", 4: "OCTET STRING", 5: "NULL", 6: "OBJECT", 7: "OBJECT DESCRIPTOR", 8: "EXTERNAL",
  9: "REAL", 10: "ENUMERATED", 12: "UTF8STRING", 16: "SEQUENCE", 17: "SET", 18: "NUMERICSTRING", 19: "PRINTABLESTRING", 20: "T61STRING",
  21: "VIDEOTEXSTRING", 22: "IA5STRING", 23: "UTCTIME", 24: "GENERALIZEDTIME", 25: "GRAPHICSTRING", 26: "VISIBLESTRING",
  27: "GENERALSTRING", 28: "UNIVERSALSTRING", 30: "BMPSTRING",
}; // prettier-ignore

/** ASN1_parse_dump (crypto/asn1/asn1_par.c); false where the bytes are no encoding. */
function walk(bytes: Uint8Array, start: number, depth: number, indents: boolean, lines: string[]): boolean {
  const reader = new DerReader(bytes);
  let at = start;
  while (!reader.atEnd) {
    const value = reader.next();
    if (!value) return false;
    const head = value.raw.length - value.content.length;
    const constructed = (value.tag & 0x20) !== 0;
    const place = `${String(at).padStart(5)}:d=${String(depth).padEnd(2)} hl=${head} l=${String(value.content.length).padStart(4)}`;
    const type = `${indents ? " ".repeat(depth) : ""}${typeName(value.tag)}`;
    lines.push(
      `${place} ${constructed ? "cons" : "prim"}: ${type.padEnd(18 + (indents ? depth : 0))}${constructed ? "" : contentText(value.tag, value)}\n`,
    );
    if (constructed && !walk(value.content, at + head, depth + 1, indents, lines)) return false;
    at += value.raw.length;
  }
  return true;
}

function typeName(tag: number): string {
  const number = tag & 0x1f;
  const kind = tag >> 6;
  if (kind === 0) return TYPES[number] ?? `<ASN1 ${number}>`;
  return `${["", "appl", "cont", "priv"][kind]!} [ ${number} ]`;
}

function contentText(tag: number, { content, raw }: { content: Uint8Array; raw: Uint8Array }): string {
  const hex = Buffer.from(content).toString("hex").toUpperCase();
  if ([12, 18, 19, 20, 22, 23, 24, 26].includes(tag)) return `:${Buffer.from(content).toString("utf8")}`;
  if (tag === TAG.oid) return `:${longName(new DerReader(raw).oid() ?? "")}`;
  if (tag === TAG.boolean) return `:${content[0] ?? 0}`;
  if (tag === TAG.integer || tag === 10) {
    const negative = (content[0] ?? 0) >= 0x80;
    const value = BigInt(`0x${hex || "0"}`);
    const shown = (negative ? (1n << BigInt(content.length * 8)) - value : value).toString(16).toUpperCase();
    return `:${negative ? "-" : ""}${shown.length % 2 === 0 ? shown : `0${shown}`}`;
  }
  if (tag !== TAG.octetString || content.length === 0) return "";
  const plain = content.every((byte) => (byte >= 0x20 && byte <= 0x7e) || byte === 9 || byte === 10 || byte === 13);
  return plain ? `:${Buffer.from(content).toString("latin1")}` : `[HEX DUMP]:${hex}`;
}
