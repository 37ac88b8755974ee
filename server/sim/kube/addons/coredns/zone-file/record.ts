import { isIPv4, parseAddress, type DnsRecord } from "../../../../net/index.ts";
import { fqdn } from "../corefile/zone.ts";
import { typeOf } from "../record-type.ts";

/** What a record's text leaves out. */
export interface RecordDefaults {
  readonly origin: string;
  readonly ttl: number;
  /** The owner of a line that begins with a blank. */
  readonly owner: string;
}

/** Words of a record, quoted ones with their quotes taken off. */
export type Word = { readonly text: string; readonly quoted: boolean };

/** Reads `name [ttl] [class] type data…`; an Error in miekg/dns' manner if it is none. */
export function readRecord(words: readonly Word[], defaults: RecordDefaults, startsBlank: boolean): DnsRecord {
  const rest = [...words];
  const owner = startsBlank ? defaults.owner : absolute(rest.shift()?.text ?? "", defaults.origin);
  let ttl = defaults.ttl;
  while (rest[0] && !rest[0].quoted) {
    const { text } = rest[0];
    const seconds = readTtl(text);
    if (seconds !== undefined) ttl = seconds;
    else if (!/^(IN|CH|HS|ANY)$/i.test(text)) break;
    rest.shift();
  }
  const kind = rest.shift()?.text ?? "";
  const type = typeOf(kind);
  if (type === undefined) throw new Error(`dns: expecting RR type or class, not this...: ${JSON.stringify(kind)}`);
  return { name: owner, ttl, ...readData(type, rest, defaults.origin) } as DnsRecord;
}

/** `3600`, `1h30m`; undefined if it is no TTL. */
export function readTtl(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+[smhdw])+$/i.test(text)) return undefined;
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  return [...text.matchAll(/(\d+)([smhdw])/gi)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * units[unit!.toLowerCase()]!,
    0,
  );
}

export function absolute(name: string, origin: string): string {
  if (name === "@") return origin;
  if (name.endsWith(".")) return name;
  return origin === "." ? fqdn(name) : `${name}.${origin}`;
}

function readData(type: string, words: readonly Word[], origin: string): object {
  const text = (at: number): string => words[at]?.text ?? "";
  const name = (at: number): string => {
    if (!words[at]) throw new Error(`dns: bad ${type} ${type}: ""`);
    return absolute(text(at), origin);
  };
  const number = (at: number): number => {
    const value = /^\d+$/.test(text(at)) ? Number(text(at)) : readTtl(text(at));
    if (value === undefined) throw new Error(`dns: bad ${type}: ${JSON.stringify(text(at))}`);
    return value;
  };
  switch (type) {
    case "A":
    case "AAAA": {
      const address = parseAddress(text(0));
      if (address === undefined || isIPv4(address) !== (type === "A"))
        throw new Error(`dns: bad ${type} ${type}: ${JSON.stringify(text(0))}`);
      return { type, address: text(0) };
    }
    case "CNAME":
    case "NS":
    case "PTR":
      return { type, target: name(0) };
    case "MX":
      return { type, preference: number(0), target: name(1) };
    case "SRV":
      return { type, priority: number(0), weight: number(1), port: number(2), target: name(3) };
    case "TXT":
      return { type, texts: words.map((word) => word.text) };
    case "SOA": {
      const [serial, refresh, retry, expire, minimum] = [2, 3, 4, 5, 6].map(number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      return { type, mname: name(0), rname: name(1), serial, refresh, retry, expire, minimum };
    }
    default:
      throw new Error(`drydock: records of type ${type} in texts are not simulated`);
  }
}
