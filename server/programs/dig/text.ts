import { isIPv4, parseAddress, type DnsMessage, type DnsQuestion, type DnsRecord } from "../../sim/net/index.ts";

/** How messages are written out (lib/dns/masterdump.c, message.c), in the columns of dig. */
export interface TextStyle {
  readonly ttl: boolean;
  readonly class: boolean;
  readonly multiline: boolean;
  /** Times in weeks to seconds. */
  readonly units?: boolean;
}

export const PLAIN: TextStyle = { ttl: true, class: true, multiline: false };

/** Tabs and blanks from one column to another; at least one blank (masterdump.c indent). */
function indent(from: number, to: number): { text: string; column: number } {
  const goal = from >= to ? from + 1 : to;
  const tabs = Math.floor(goal / 8) - Math.floor(from / 8);
  if (tabs <= 0) return { text: " ".repeat(goal - from), column: goal };
  return { text: "\t".repeat(tabs) + " ".repeat(goal % 8), column: goal };
}

function columns(fields: readonly (readonly [text: string, column: number])[]): string {
  let line = "";
  let column = 0;
  for (const [text, to] of fields) {
    if (line !== "") {
      const gap = indent(column, to);
      line += gap.text;
      column = gap.column;
    }
    line += text;
    column += text.length;
  }
  return line;
}

/** The semicolon is none of the columns. */
export function questionText(question: DnsQuestion, multiline = false): string {
  const line = columns([
    [escapedName(question.name), 0],
    [question.class, multiline ? 24 : 32],
    [question.type, multiline ? 24 : 40],
  ]);
  return `;${line}`;
}

/** Blanks and their like in names are written as numbers (dns_name_totext). */
export function escapedName(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, "0")}`);
}

export function recordText(record: DnsRecord, style: TextStyle = PLAIN): string {
  const fields: [string, number][] = [[record.name, 0]];
  if (style.multiline) {
    if (style.ttl) fields.push([style.units ? ttlUnits(record.ttl) : String(record.ttl), 24]);
    if (style.class) fields.push(["IN", 24]);
    fields.push([record.type, 24], [dataText(record, true), 32]);
    return columns(fields);
  }
  const shift = (style.ttl ? 0 : 8) + (style.class ? 0 : 8);
  if (style.ttl) fields.push([style.units ? ttlUnits(record.ttl) : String(record.ttl), 24]);
  if (style.class) fields.push([record.class ?? "IN", style.ttl ? 32 : 24]);
  fields.push([record.type, 40 - shift], [dataText(record, style.multiline), 48 - shift]);
  return columns(fields);
}

/** What a record says, as in a zone file. */
export function dataText(record: DnsRecord, multiline = false): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return record.address;
    case "CNAME":
    case "PTR":
    case "NS":
      return record.target;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case "MX":
      return `${record.preference} ${record.target}`;
    case "TXT":
      return record.texts.map((text) => `"${escaped(text)}"`).join(" ");
    case "SOA":
      return multiline
        ? soaLines(record)
        : `${record.mname} ${record.rname} ${record.serial} ${record.refresh} ${record.retry} ${record.expire} ${record.minimum}`;
    default:
      return `\\# ${record.data.length} ${Buffer.from(record.data, "latin1").toString("hex").toUpperCase()}`;
  }
}

function soaLines(record: Extract<DnsRecord, { type: "SOA" }>): string {
  const { mname, rname, serial, refresh, retry, expire, minimum } = record;
  const rows: [number, string][] = [
    [serial, "serial"],
    [refresh, `refresh (${ttlWords(refresh)})`],
    [retry, `retry (${ttlWords(retry)})`],
    [expire, `expire (${ttlWords(expire)})`],
    [minimum, `minimum (${ttlWords(minimum)})`],
  ];
  const lines = rows.map(([value, words]) => `\t\t\t\t${String(value).padEnd(10)} ; ${words}\n`);
  return `${mname} ${rname} (\n${lines.join("")}\t\t\t\t)`;
}

/** `1h5m` */
function ttlUnits(seconds: number): string {
  const units = [["w", 604_800], ["d", 86_400], ["h", 3600], ["m", 60], ["s", 1]] as const; // prettier-ignore
  let [text, left] = ["", seconds];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left %= size;
  }
  return text === "" ? "0s" : text;
}

function ttlWords(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 604_800), "week"],
    [Math.floor(seconds / 86_400) % 7, "day"],
    [Math.floor(seconds / 3_600) % 24, "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ] as const;
  const shown = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return shown.join(" ") || "0 seconds";
}

function escaped(text: string): string {
  return text
    .replace(/["\\]/g, "\\$&")
    .replace(/[^\x20-\x7e]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, "0")}`);
}

export function headerText(message: DnsMessage, edns: boolean): string {
  const flags = [
    message.response && "qr",
    message.authoritative && "aa",
    message.truncated && "tc",
    message.recursionDesired && "rd",
    message.recursionAvailable && "ra",
    message.authenticData && "ad",
    message.checkingDisabled && "cd",
  ].filter((flag) => flag !== false);
  const counts = `QUERY: ${message.questions.length}, ANSWER: ${message.answers.length}, AUTHORITY: ${message.authorities.length}, ADDITIONAL: ${message.additionals.length + (edns ? 1 : 0)}`;
  return `;; ->>HEADER<<- opcode: QUERY, status: ${message.rcode}, id: ${message.id}\n;; flags:${flags.map((flag) => ` ${flag}`).join("")}; ${counts}\n`;
}

export const RCODE_NUMBERS: Readonly<Record<string, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
};

/** The name under which an address' name is kept, or that of `-x foo`: labels reversed. */
export function reverseOf(text: string): string {
  const value = parseAddress(text);
  if (value !== undefined && !isIPv4(value)) {
    const nibbles = value.toString(16).padStart(32, "0").split("").toReversed();
    return `${nibbles.join(".")}.ip6.arpa.`;
  }
  return `${text.replace(/\.$/, "").split(".").toReversed().join(".")}.in-addr.arpa.`;
}
