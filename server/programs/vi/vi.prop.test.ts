import fc from "fast-check";
import { expect, test } from "vitest";
import { TEXTS } from "./fixtures/texts.ts";
import { type } from "./testing.ts";

const KEYS = [
  ..."dyc><wbeWBEhjklxXsSrRpPuJaAoOiIvVGHMLnN%{}();,.~$0^23\"qm'`fFtTg/", "\x1b", "\x1b", "\r", "\t", "\x7f", "\x04", "\x15", "\x06", "\x02", "\x05", "\x19", "\x16", "\x12", "\x17", "\x0f", "\x01", "\x18",
  "iw", "ap", "i(", "gg", "gu", "zt", "zz", ":s/o/0/g\r", ":g/o/d\r", ":%s/e/EE/\r", ":2,3m0\r", ":t.\r", ":set list\r", ":set nowrap\r", ":norm dwix\r", ":u\r", "@a", "日", "\x1b[A", "\x1b[200~a\nb\x1b[201~",
]; // prettier-ignore

test("whatever is typed, the cursor stays on the text and the screen full", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(TEXTS)),
      fc.array(fc.constantFrom(...KEYS), { maxLength: 40 }),
      fc.integer({ min: 3, max: 24 }),
      (text, keys, rows) => {
        const shown = type({ text: TEXTS[text]!, keys: keys.join(""), rows, name: "a.yaml" });
        expect(shown.rows).toHaveLength(rows);
        expect(shown.cursor[0]).toBeGreaterThanOrEqual(0);
        expect(shown.cursor[0]).toBeLessThan(rows);
        expect(shown.cursor[1]).toBeGreaterThanOrEqual(0);
        expect(shown.cursor[1]).toBeLessThan(80);
      },
    ),
    { numRuns: 500 },
  );
});

test("all changes can be taken back", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(TEXTS)),
      fc.array(fc.constantFrom(...KEYS), { maxLength: 20 }),
      (text, keys) => {
        fc.pre(!keys.some((key) => key === ":" || key.startsWith(":set")));
        const before = type({ text: TEXTS[text]!, keys: "", rows: 24 });
        const after = type({
          text: TEXTS[text]!,
          keys: `${keys.join("")}\x1b\x1b\x1b\rq\x1b999u:set all&\x1bgg0`,
          rows: 24,
        });
        expect(after.rows.slice(0, 10)).toEqual(before.rows.slice(0, 10));
      },
    ),
    { numRuns: 300 },
  );
});
