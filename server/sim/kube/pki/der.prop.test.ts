import fc from "fast-check";
import { expect, test } from "vitest";
import { fromCalendar } from "../../kernel/index.ts";
import { DerReader, readBitFlags, readInteger, readOid, readSingle } from "./der-reader.ts";
import { bitFlags, integer, octetString, oid, sequence, tagged, time } from "./der-writer.ts";

test("integers of any size survive the way through DER", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 2100n }), (value) => {
      const encoded = readSingle(integer(value))!;
      expect(readInteger(encoded.content)).toBe(value);
      const [first, second] = encoded.content;
      expect(encoded.content.length === 1 || first! > 0 || second! >= 0x80).toBe(true);
    }),
  );
});

test("object identifiers survive the way through DER", () => {
  const arcs = fc.array(fc.nat({ max: 2 ** 31 }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.nat({ max: 2 }), fc.nat({ max: 39 }), arcs, (first, second, rest) => {
      const dotted = [first, second, ...rest].join(".");
      expect(readOid(readSingle(oid(dotted))!.content)).toBe(dotted);
    }),
  );
});

test("named bits lose nothing but trailing zeros", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 20 }), (flags) => {
      const kept = flags.slice(0, flags.lastIndexOf(true) + 1);
      expect(readBitFlags(readSingle(bitFlags(flags))!.content)).toEqual(kept);
    }),
  );
});

test("times from 1950 to 9999 survive the way through DER, to the second", () => {
  const seconds = fc.integer({ min: fromCalendar(1950, 1, 1) / 1e6, max: fromCalendar(9999, 12, 31) / 1e6 });
  fc.assert(
    fc.property(seconds, (second) => {
      expect(new DerReader(time(second * 1e6)).time()).toBe(second * 1e6);
    }),
  );
});

test("lengths are written in the fewest bytes and read back", () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    const encoded = octetString(new Uint8Array(length));
    const head = encoded.length - length;
    expect(head).toBe(length < 128 ? 2 : length < 256 ? 3 : length < 65_536 ? 4 : 5);
    expect(readSingle(encoded)!.content.length).toBe(length);
  }
});

test("a reader finds no value in cut, overlong or indefinite encodings", () => {
  const whole = sequence(integer(5), integer(300));
  for (let cut = 0; cut < whole.length; cut++) expect(readSingle(whole.subarray(0, cut))).toBeUndefined();
  expect(readSingle(Uint8Array.of(0x02, 0x81, 0x01, 0x05))).toBeUndefined();
  expect(readSingle(Uint8Array.of(0x30, 0x80, 0x00, 0x00))).toBeUndefined();
  expect(readSingle(tagged(0x1f, Uint8Array.of(1)))).toBeUndefined();
});

test("no bytes make the reader throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const reader = new DerReader(bytes);
      while (!reader.atEnd && reader.next());
    }),
  );
});
