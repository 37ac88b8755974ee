import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CASES } from "./fixtures/cases.ts";
import { replay, type Recorded } from "./fixtures/replay.ts";

/** What the real vim 9.0 showed and wrote: see fixtures/record.ts. */
const recorded = JSON.parse(readFileSync(new URL("fixtures/recorded.json", import.meta.url), "utf8")) as Recorded[];

test("every case was recorded", () => {
  expect(recorded.map(({ keys }) => keys)).toEqual(CASES.map(({ keys }) => keys));
});

test.each(
  recorded
    .filter((_, at) => CASES[at]!.differs === undefined)
    .map((one) => [`${one.text} ${JSON.stringify(one.keys)}`, one] as const),
)("%s", (_, one) => {
  const { rows, cursor, file } = replay(one);
  expect({ rows: rows.split("\n"), cursor, file }).toEqual({
    rows: one.rows.split("\n"),
    cursor: one.cursor,
    file: one.file,
  });
});
