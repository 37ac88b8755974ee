import { decodeDns, typeNumber, type DnsMessage, type DnsRecord } from "../../../sim/net/index.ts";
import { hex, type Octets, type Printing } from "./printing.ts";

const TYPES: Readonly<Record<number, string>> = { 1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 35: "NAPTR", 41: "OPT", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 52: "TLSA", 64: "SVCB", 65: "HTTPS", 251: "IXFR", 252: "AXFR", 255: "ANY", 257: "CAA" }; // prettier-ignore
const OPCODES = ["", " inv_q", " stat", " op3", " notify", " update"];
const RCODES = ["", " FormErr", " ServFail", " NXDomain", " NotImp", " Refused", " YXDomain", " YXRRSet", " NXRRSet", " NotAuth", " NotZone"]; // prettier-ignore

/** domain_print */
export function dns(bytes: Octets, length: number, printing: Printing): string {
  if (bytes.length < 12) return ` [|domain]`;
  const flags = bytes.u16(2);
  const id = bytes.u16(0);
  const opcode = OPCODES[(flags >> 11) & 15] ?? ` op${(flags >> 11) & 15}`;
  const tail = ` (${length})`;
  return (
    (flags & 0x8000 ? answer(bytes, id, opcode, flags, printing) : query(bytes, id, opcode, flags, printing)) + tail
  );
}

function query(bytes: Octets, id: number, opcode: string, flags: number, printing: Printing): string {
  let text = `${id}${opcode}${flags & 0x0100 ? "+" : ""}${flags & 0x0010 ? "%" : ""}`;
  if (flags & 0x6cf) text += ` [b2&3=0x${flags.toString(16)}]`;
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => bytes.u16(at)) as [number, number, number, number]; // prettier-ignore
  if (answers > 0) text += ` [${answers}a]`;
  if (questions !== 1) text += ` [${questions}q]`;
  if (authorities > 0) text += ` [${authorities}n]`;
  if (additionals > 0) text += ` [${additionals}au]`;
  const question = firstQuestion(bytes);
  if (question) text += ` ${question}`;
  const message = printing.verbose > 1 ? decoded(bytes) : undefined;
  return message ? text + additional(message) : text;
}

function answer(bytes: Octets, id: number, opcode: string, flags: number, printing: Printing): string {
  const marks = `${flags & 0x0400 ? "*" : ""}${flags & 0x0080 ? "" : "-"}${flags & 0x0200 ? "|" : ""}${flags & 0x0020 ? "$" : ""}`;
  let text = `${id}${opcode}${RCODES[flags & 15] ?? ` Resp${flags & 15}`}${marks}`;
  const questions = bytes.u16(4);
  if (questions !== 1) text += ` [${questions}q]`;
  if (printing.verbose > 1 && questions > 0) text += ` q: ${firstQuestion(bytes)}`;
  text += ` ${bytes.u16(6)}/${bytes.u16(8)}/${bytes.u16(10)}`;
  const message = decoded(bytes);
  if (!message) return text;
  text += list(message.answers, printing);
  if (printing.verbose > 1) {
    if (message.authorities.length > 0) text += ` ns:${list(message.authorities, printing)}`;
    text += additional(message);
  }
  return text;
}

function decoded(bytes: Octets): DnsMessage | undefined {
  try {
    return decodeDns(bytes.bytes);
  } catch {
    return undefined;
  }
}

/** `A? web.default.svc.cluster.local.` */
function firstQuestion(bytes: Octets): string | undefined {
  let at = 12;
  let name = "";
  for (;;) {
    const length = bytes.u8(at);
    if (at >= bytes.length) return undefined;
    if (length === 0) break;
    name += `${bytes.bytes.slice(at + 1, at + 1 + length)}.`;
    at += 1 + length;
  }
  const [type, kind] = [bytes.u16(at + 1), bytes.u16(at + 3)];
  const family = kind === 1 ? "" : ` (Class ${kind})`;
  return `${TYPES[type] ?? `Type${type}`}${family}? ${name === "" ? "." : name}`;
}

function list(records: readonly DnsRecord[], printing: Printing): string {
  return records.map((record) => ` ${recordText(record, printing)}`).join(",");
}

/** With -v under whose name it stands, with -vvv for how long. */
function recordText(record: DnsRecord, printing: Printing): string {
  const name = printing.verbose > 0 ? `${dotted(record.name)} ` : "";
  const ttl = printing.verbose > 2 ? `${duration(record.ttl)} ` : "";
  return `${name}${ttl}${TYPES[typeNumber(record.type) ?? 0] ?? record.type}${data(record)}`;
}

function dotted(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

function data(record: DnsRecord): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return ` ${record.address}`;
    case "CNAME":
    case "NS":
    case "PTR":
      return ` ${dotted(record.target)}`;
    case "MX":
      return ` ${dotted(record.target)} ${record.preference}`;
    case "SRV":
      return ` ${dotted(record.target)}:${record.port} ${record.priority} ${record.weight}`;
    case "TXT":
      return record.texts.map((text) => ` "${text}"`).join("");
    default:
      return "";
  }
}

/** `[5m]`, as unsigned_relts_print writes a time to live. */
function duration(seconds: number): string {
  const units = [["w", 604800], ["d", 86400], ["h", 3600], ["m", 60], ["s", 1]] as const; // prettier-ignore
  if (seconds === 0) return "[0s]";
  let [text, left] = ["", seconds];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return `[${text}]`;
}

function additional(message: DnsMessage): string {
  const { edns } = message;
  if (!edns) return "";
  const cookie = edns.options.find(({ code }) => code === 10);
  const shown = cookie ? ` [COOKIE ${[...cookie.data].map((char) => hex(char.charCodeAt(0), 2)).join("")}]` : "";
  return ` ar: . OPT UDPsize=${edns.udpSize}${edns.dnssecOk ? " DO" : ""}${shown}`;
}
