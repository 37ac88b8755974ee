import { typeNumber, type RecordType } from "../../sim/net/index.ts";

/** Types without a form of their own in sim/net, by IANA's numbers. */
const NUMBERS: Readonly<Record<string, number>> = {
  HINFO: 13, RP: 17, AFSDB: 18, LOC: 29, NAPTR: 35, DNAME: 39, DS: 43, SSHFP: 44, RRSIG: 46, NSEC: 47, DNSKEY: 48, NSEC3: 50,
  NSEC3PARAM: 51, TLSA: 52, SVCB: 64, HTTPS: 65, SPF: 99, CAA: 257, URI: 256, AXFR: 252,
}; // prettier-ignore

const KNOWN = ["A", "AAAA", "CNAME", "SRV", "PTR", "TXT", "NS", "SOA", "MX", "ANY"] as const;

/** A record type by its name in any case; undefined if there is none of that name. */
export function recordType(text: string): RecordType | undefined {
  const name = text.toUpperCase();
  const known = KNOWN.find((type) => type === name);
  if (known) return known;
  if (/^TYPE\d{1,5}$/.test(name)) return name as RecordType;
  return NUMBERS[name] === undefined ? undefined : `TYPE${NUMBERS[name]}`;
}

/** How a type is written: `CAA` for number 257. */
export function typeText(type: RecordType): string {
  if (!type.startsWith("TYPE")) return type;
  const number = typeNumber(type);
  return Object.keys(NUMBERS).find((name) => NUMBERS[name] === number) ?? type;
}

export function isClass(text: string): boolean {
  return /^(?:IN|CH|HS|CHAOS|ANY|CLASS\d{1,5})$/i.test(text) && text.toUpperCase() !== "ANY";
}
