import fc from "fast-check";
import { expect, test } from "vitest";
import { dnsQuery, dnsReply, encodeDns, type DnsRecord } from "../../../net/index.ts";
import { dnsMessageSize } from "./size.ts";

const name = fc.array(fc.stringMatching(/^[a-z0-9]{1,12}$/), { maxLength: 4 }).map((labels) => `${labels.join(".")}.`);
const record = fc.tuple(name, name, fc.integer({ min: 0, max: 8 })).map(([owner, target, kind]): DnsRecord => {
  const base = { name: owner, ttl: 30 };
  switch (kind) {
    case 0:
      return { ...base, type: "A", address: "10.0.0.1" };
    case 1:
      return { ...base, type: "AAAA", address: "fd00::1" };
    case 2:
      return { ...base, type: "CNAME", target };
    case 3:
      return { ...base, type: "MX", preference: 1, target };
    case 4:
      return { ...base, type: "SRV", priority: 0, weight: 1, port: 80, target };
    case 5:
      return { ...base, type: "TXT", texts: [target, "x"] };
    case 6:
      return { ...base, type: "TYPE13", data: target };
    default:
      return {
        ...base,
        type: "SOA",
        mname: target,
        rname: owner,
        serial: 1,
        refresh: 2,
        retry: 3,
        expire: 4,
        minimum: 5,
      };
  }
});

test("the size is what the message takes on the wire", () => {
  fc.assert(
    fc.property(name, fc.array(record, { maxLength: 5 }), fc.boolean(), (asked, records, withEdns) => {
      const edns = { udpSize: 1232, dnssecOk: false, options: [{ code: 10, data: "12345678" }] };
      const query = dnsQuery(1, asked, "A", withEdns ? { edns } : {});
      const reply = dnsReply(query, {
        answers: records,
        additionals: records.slice(0, 1),
        ...(withEdns ? { edns } : {}),
      });
      for (const message of [query, reply]) expect(dnsMessageSize(message)).toBe(encodeDns(message).length);
    }),
  );
});
