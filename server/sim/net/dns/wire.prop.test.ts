import fc from "fast-check";
import { expect, test } from "vitest";
import { addressText } from "../ip.ts";
import type { DnsMessage, DnsRecord, Rcode, RecordType } from "./message.ts";
import { decodeDns, encodeDns } from "./wire.ts";

const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
const name = fc.array(label, { maxLength: 5 }).map((labels) => (labels.length === 0 ? "." : `${labels.join(".")}.`));
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 40 });
const base = { name, ttl: u32 };

const record: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({
    ...base,
    type: fc.constant("A" as const),
    address: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(addressText),
  }),
  fc.record({
    ...base,
    type: fc.constant("AAAA" as const),
    address: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(addressText),
  }),
  fc.record({ ...base, type: fc.constantFrom("CNAME" as const, "PTR" as const, "NS" as const), target: name }),
  fc.record({ ...base, type: fc.constant("SRV" as const), priority: u16, weight: u16, port: u16, target: name }),
  fc.record({ ...base, type: fc.constant("MX" as const), preference: u16, target: name }),
  fc.record({ ...base, type: fc.constant("TXT" as const), texts: fc.array(bytes, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    ...base,
    type: fc.constant("SOA" as const),
    mname: name,
    rname: name,
    serial: u32,
    refresh: u32,
    retry: u32,
    expire: u32,
    minimum: u32,
  }),
  fc.record({ ...base, type: fc.constant("TYPE99" as const), data: bytes }),
);

const message: fc.Arbitrary<DnsMessage> = fc.record(
  {
    id: u16,
    response: fc.boolean(),
    opcode: fc.nat(15),
    authoritative: fc.boolean(),
    truncated: fc.boolean(),
    recursionDesired: fc.boolean(),
    recursionAvailable: fc.boolean(),
    authenticData: fc.boolean(),
    checkingDisabled: fc.boolean(),
    rcode: fc.constantFrom<Rcode>("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "RCODE9"),
    questions: fc.array(
      fc.record({
        name,
        type: fc.constantFrom<RecordType>("A", "SRV", "ANY", "TYPE99"),
        class: fc.constantFrom("IN" as const, "CH" as const),
      }),
      { maxLength: 2 },
    ),
    answers: fc.array(record, { maxLength: 4 }),
    authorities: fc.array(record, { maxLength: 2 }),
    additionals: fc.array(record, { maxLength: 2 }),
    edns: fc.record({
      udpSize: u16,
      dnssecOk: fc.boolean(),
      options: fc.array(fc.record({ code: u16, data: bytes }), { maxLength: 2 }),
    }),
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      "id",
      "response",
      "opcode",
      "authoritative",
      "truncated",
      "recursionDesired",
      "recursionAvailable",
      "authenticData",
      "checkingDisabled",
      "rcode",
      "questions",
      "answers",
      "authorities",
      "additionals",
    ],
  },
);

test("a message comes back from the wire as it was, with its names compressed or not", () => {
  fc.assert(
    fc.property(message, fc.boolean(), (sent, compress) => {
      expect(decodeDns(encodeDns(sent, { compress }))).toEqual(sent);
    }),
  );
});

test("whatever comes over the wire is read or refused", () => {
  fc.assert(
    fc.property(
      message,
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 5 }),
      fc.nat(300),
      (sent, changes, length) => {
        const chars = [...encodeDns(sent, { compress: true })];
        for (const [at, code] of changes) if (at < chars.length) chars[at] = String.fromCharCode(code);
        decodeDns(chars.slice(0, length).join(""));
      },
    ),
  );
});
