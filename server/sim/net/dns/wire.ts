import type { Bytes } from "../../kernel/index.ts";
import { addressText, parseIPv4, parseIPv6 } from "../ip.ts";
import type { DnsMessage, DnsQuestion, DnsRecord, Edns, Rcode, RecordType } from "./message.ts";

/** RFC 1035 section 4: how messages cross the wire. Sizes matter: truncation and `MSG SIZE` follow from them. */
const TYPES: readonly (readonly [RecordType, number])[] = [
  ["A", 1],
  ["NS", 2],
  ["CNAME", 5],
  ["SOA", 6],
  ["PTR", 12],
  ["MX", 15],
  ["TXT", 16],
  ["AAAA", 28],
  ["SRV", 33],
  ["ANY", 255],
];

const OPT = 41;

const RCODES: readonly Rcode[] = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

export function typeNumber(type: RecordType): number {
  return TYPES.find(([name]) => name === type)?.[1] ?? Number(type.slice(4));
}

export function typeName(number: number): RecordType {
  return TYPES.find(([, known]) => known === number)?.[0] ?? `TYPE${number}`;
}

/** With `compress`, names that stood in the message before are pointed to. */
export function encodeDns(message: DnsMessage, options: { compress?: boolean } = {}): Bytes {
  const writer = new Writer(options.compress ?? false);
  const { edns } = message;
  const rcode = RCODES.indexOf(message.rcode) >= 0 ? RCODES.indexOf(message.rcode) : Number(message.rcode.slice(5));
  writer.u16(message.id);
  writer.u16(
    (message.response ? 0x8000 : 0) |
      (message.opcode << 11) |
      (message.authoritative ? 0x0400 : 0) |
      (message.truncated ? 0x0200 : 0) |
      (message.recursionDesired ? 0x0100 : 0) |
      (message.recursionAvailable ? 0x0080 : 0) |
      (message.authenticData ? 0x0020 : 0) |
      (message.checkingDisabled ? 0x0010 : 0) |
      (rcode & 15),
  );
  writer.u16(message.questions.length);
  writer.u16(message.answers.length);
  writer.u16(message.authorities.length);
  writer.u16(message.additionals.length + (edns ? 1 : 0));
  for (const question of message.questions) {
    writer.name(question.name);
    writer.u16(typeNumber(question.type));
    writer.u16(question.class === "IN" ? 1 : question.class === "CH" ? 3 : Number(question.class.slice(5)));
  }
  for (const record of [...message.answers, ...message.authorities, ...message.additionals])
    writeRecord(writer, record);
  if (edns) writeEdns(writer, edns, rcode >> 4);
  return writer.bytes;
}

/** Undefined if the bytes are no message. */
export function decodeDns(bytes: Bytes): DnsMessage | undefined {
  const reader = new Reader(bytes);
  try {
    return readMessage(reader);
  } catch (error) {
    if (error instanceof Truncated) return undefined;
    throw error;
  }
}

class Writer {
  bytes: Bytes = "";
  readonly #names = new Map<string, number>();
  readonly #compress: boolean;

  constructor(compress: boolean) {
    this.#compress = compress;
  }

  u8(value: number): void {
    this.bytes += String.fromCharCode(value & 0xff);
  }

  u16(value: number): void {
    this.bytes += String.fromCharCode((value >> 8) & 0xff, value & 0xff);
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value & 0xffff);
  }

  name(name: string, compress = this.#compress): void {
    let rest = name.replace(/\.$/, "");
    while (rest !== "") {
      const key = rest.toLowerCase();
      const known = compress ? this.#names.get(key) : undefined;
      if (known !== undefined) return this.u16(0xc000 | known);
      if (this.bytes.length < 0x4000) this.#names.set(key, this.bytes.length);
      const dot = rest.indexOf(".");
      const label = dot < 0 ? rest : rest.slice(0, dot);
      this.u8(label.length);
      this.bytes += label;
      rest = dot < 0 ? "" : rest.slice(dot + 1);
    }
    this.u8(0);
  }

  /** Writes what `content` writes behind its length. */
  sized(content: () => void): void {
    const at = this.bytes.length;
    this.u16(0);
    content();
    const length = this.bytes.length - at - 2;
    this.bytes = `${this.bytes.slice(0, at)}${String.fromCharCode(length >> 8, length & 0xff)}${this.bytes.slice(at + 2)}`;
  }
}

function writeRecord(writer: Writer, record: DnsRecord): void {
  writer.name(record.name);
  writer.u16(typeNumber(record.type));
  writer.u16(record.class === "CH" ? 3 : 1);
  writer.u32(record.ttl);
  writer.sized(() => writeData(writer, record));
}

function writeData(writer: Writer, record: DnsRecord): void {
  switch (record.type) {
    case "A":
      return writer.u32(parseIPv4(record.address)! >>> 0);
    case "AAAA": {
      const value = parseIPv6(record.address)!;
      for (let shift = 112n; shift >= 0n; shift -= 16n) writer.u16(Number((value >> shift) & 0xffffn));
      return;
    }
    case "CNAME":
    case "PTR":
    case "NS":
      return writer.name(record.target);
    case "SRV":
      writer.u16(record.priority);
      writer.u16(record.weight);
      writer.u16(record.port);
      return writer.name(record.target, false);
    case "MX":
      writer.u16(record.preference);
      return writer.name(record.target);
    case "TXT":
      for (const text of record.texts) {
        writer.u8(text.length);
        writer.bytes += text;
      }
      return;
    case "SOA":
      writer.name(record.mname);
      writer.name(record.rname);
      for (const value of [record.serial, record.refresh, record.retry, record.expire, record.minimum])
        writer.u32(value);
      return;
    default:
      writer.bytes += record.data;
  }
}

function writeEdns(writer: Writer, edns: Edns, extendedRcode: number): void {
  writer.u8(0);
  writer.u16(OPT);
  writer.u16(edns.udpSize);
  writer.u32((extendedRcode << 24) | (edns.dnssecOk ? 0x8000 : 0));
  writer.sized(() => {
    for (const { code, data } of edns.options) {
      writer.u16(code);
      writer.u16(data.length);
      writer.bytes += data;
    }
  });
}

class Truncated extends Error {}

class Reader {
  readonly #bytes: Bytes;
  at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  u8(): number {
    if (this.at >= this.#bytes.length) throw new Truncated();
    return this.#bytes.charCodeAt(this.at++);
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  take(length: number): Bytes {
    if (this.at + length > this.#bytes.length) throw new Truncated();
    this.at += length;
    return this.#bytes.slice(this.at - length, this.at);
  }

  name(): string {
    let name = "";
    let end = -1;
    for (let jumps = 0; ;) {
      const length = this.u8();
      if (length === 0) break;
      if (length >= 0xc0) {
        const to = ((length & 0x3f) << 8) | this.u8();
        if (end < 0) end = this.at;
        if (++jumps > 64) throw new Truncated();
        this.at = to;
      } else name += `${this.take(length)}.`;
    }
    if (end >= 0) this.at = end;
    return name === "" ? "." : name;
  }
}

function readMessage(reader: Reader): DnsMessage {
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const;
  const questions: DnsQuestion[] = [];
  for (let count = 0; count < counts[0]; count++) {
    const name = reader.name();
    const type = typeName(reader.u16());
    const number = reader.u16();
    questions.push({ name, type, class: number === 1 ? "IN" : number === 3 ? "CH" : `CLASS${number}` });
  }
  let edns: Edns | undefined;
  let extended = 0;
  const section = (count: number): DnsRecord[] => {
    const records: DnsRecord[] = [];
    for (let number = 0; number < count; number++) {
      const read = readRecord(reader);
      if ("edns" in read) [edns, extended] = [read.edns, read.extendedRcode];
      else records.push(read);
    }
    return records;
  };
  const [answers, authorities, additionals] = [section(counts[1]), section(counts[2]), section(counts[3])];
  const rcode = (extended << 4) | (flags & 15);
  return {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    authenticData: (flags & 0x0020) !== 0,
    checkingDisabled: (flags & 0x0010) !== 0,
    rcode: RCODES[rcode] ?? `RCODE${rcode}`,
    questions,
    answers,
    authorities,
    additionals,
    ...(edns ? { edns } : {}),
  };
}

function readRecord(reader: Reader): DnsRecord | { edns: Edns; extendedRcode: number } {
  const name = reader.name();
  const number = reader.u16();
  const class_ = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  const end = reader.at + length;
  if (number === OPT) {
    const options: { code: number; data: string }[] = [];
    while (reader.at < end) {
      const code = reader.u16();
      options.push({ code, data: reader.take(reader.u16()) });
    }
    return { edns: { udpSize: class_, dnssecOk: (ttl & 0x8000) !== 0, options }, extendedRcode: ttl >>> 24 };
  }
  const other = class_ === 3 ? { class: "CH" } : {};
  const record = { name, ttl, ...other, ...readData(reader, typeName(number), length) } as DnsRecord;
  reader.at = end;
  return record;
}

function readData(reader: Reader, type: RecordType, length: number): object {
  const end = reader.at + length;
  switch (type) {
    case "A":
      return { type, address: addressText(reader.u32() | 0) };
    case "AAAA": {
      let value = 0n;
      for (let part = 0; part < 8; part++) value = (value << 16n) | BigInt(reader.u16());
      return { type, address: addressText(value) };
    }
    case "CNAME":
    case "PTR":
    case "NS":
      return { type, target: reader.name() };
    case "SRV":
      return { type, priority: reader.u16(), weight: reader.u16(), port: reader.u16(), target: reader.name() };
    case "MX":
      return { type, preference: reader.u16(), target: reader.name() };
    case "TXT": {
      const texts: string[] = [];
      while (reader.at < end) texts.push(reader.take(reader.u8()));
      return { type, texts };
    }
    case "SOA": {
      const names = { mname: reader.name(), rname: reader.name() };
      const [serial, refresh, retry] = [reader.u32(), reader.u32(), reader.u32()];
      return { type, ...names, serial, refresh, retry, expire: reader.u32(), minimum: reader.u32() };
    }
    default:
      return { type, data: reader.take(length) };
  }
}
