import { expect, test } from "vitest";
import { changes } from "./changes.ts";

test("files that are new, gone or changed, each with the lines that differ and some around them", () => {
  const lines = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at}\n`).join("");
  const before = { same: "x\n", gone: "a\n", long: lines(20) };
  const after = { same: "x\n", new: "b\n", long: lines(20).replace("line 10\n", "line ten\nmore\n") };
  expect(changes(before, after)).toEqual([
    { file: "gone", what: "gone", lines: [{ kind: "gone", text: "a" }] },
    {
      file: "long",
      what: "changed",
      lines: [
        null,
        { kind: "same", text: "line 7" },
        { kind: "same", text: "line 8" },
        { kind: "same", text: "line 9" },
        { kind: "gone", text: "line 10" },
        { kind: "new", text: "line ten" },
        { kind: "new", text: "more" },
        { kind: "same", text: "line 11" },
        { kind: "same", text: "line 12" },
        { kind: "same", text: "line 13" },
        null,
      ],
    },
    { file: "new", what: "new", lines: [{ kind: "new", text: "b" }] },
  ]);
});
