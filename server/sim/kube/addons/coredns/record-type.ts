import { typeNumber, type RecordType } from "../../../net/index.ts";

/** Names of types that have no form of their own on our wire (IANA, as miekg/dns' TypeToString). */
const NAMES: Readonly<Record<number, string>> = {
  13: "HINFO", 17: "RP", 29: "LOC", 35: "NAPTR", 37: "CERT", 39: "DNAME", 43: "DS", 44: "SSHFP", 46: "RRSIG", 47: "NSEC",
  48: "DNSKEY", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 64: "SVCB", 65: "HTTPS", 99: "SPF", 251: "IXFR", 252: "AXFR",
  256: "URI", 257: "CAA",
}; // prettier-ignore

export const HINFO = "TYPE13";

/** `A`, `HINFO`, `TYPE4711`: how CoreDNS writes a type. */
export function typeText(type: RecordType): string {
  return type.startsWith("TYPE") ? (NAMES[typeNumber(type)] ?? type) : type;
}

/** The type of a name; undefined if there is none of that name. */
export function typeOf(text: string): RecordType | undefined {
  const upper = text.toUpperCase();
  if (["A", "AAAA", "CNAME", "SRV", "PTR", "TXT", "NS", "SOA", "MX", "ANY"].includes(upper)) return upper as RecordType;
  if (/^TYPE\d+$/.test(upper)) return upper as RecordType;
  const known = Object.entries(NAMES).find(([, name]) => name === upper);
  return known && (`TYPE${Number(known[0])}` as RecordType);
}
