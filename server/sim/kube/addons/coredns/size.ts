import type { DnsMessage, DnsRecord } from "../../../net/index.ts";

/** Bytes of a message on the wire, all names written out (dns.Msg.Len without compression). */
export function dnsMessageSize({ questions, answers, authorities, additionals, edns }: DnsMessage): number {
  let size = 12;
  for (const { name } of questions) size += nameSize(name) + 4;
  for (const section of [answers, authorities, additionals])
    for (const record of section) size += nameSize(record.name) + 10 + dataSize(record);
  if (edns) size += edns.options.reduce((sum, { data }) => sum + 4 + data.length, 11);
  return size;
}

function nameSize(name: string): number {
  return name === "." ? 1 : name.length + 1;
}

function dataSize(record: DnsRecord): number {
  switch (record.type) {
    case "A":
      return 4;
    case "AAAA":
      return 16;
    case "CNAME":
    case "NS":
    case "PTR":
      return nameSize(record.target);
    case "MX":
      return 2 + nameSize(record.target);
    case "SRV":
      return 6 + nameSize(record.target);
    case "SOA":
      return nameSize(record.mname) + nameSize(record.rname) + 20;
    case "TXT":
      return record.texts.reduce((sum, text) => sum + 1 + text.length, 0);
    default:
      return record.data.length;
  }
}
