import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode, fromUint8Array, incompleteTail, toUint8Array } from "./bytes.ts";

const bytes = fc.uint8Array({ maxLength: 40 }).map(fromUint8Array);

test("every byte string survives decode and encode", () => {
  fc.assert(fc.property(bytes, (value) => encode(decode(value)) === value));
});

test("text is encoded as the platform encodes it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(encode(text)).toBe(fromUint8Array(new TextEncoder().encode(text)));
      expect(decode(encode(text))).toBe(text);
    }),
  );
});

test("a character that is cut is seen as incomplete, and only then", () => {
  const all = encode("aé€😀");
  expect([...all].map((_, at) => incompleteTail(all.slice(0, at)))).toEqual([0, 0, 1, 0, 1, 2, 0, 1, 2, 3]);
  expect(toUint8Array("\xff\x00")).toEqual(Buffer.from([255, 0]));
});
