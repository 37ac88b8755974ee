import { expect, test } from "vitest";
import { judgePaste, readableBytes } from "./paste.ts";

test("what a person pastes goes through; a long text is asked about, a huge one refused", () => {
  expect(judgePaste("kubectl get pods\n")).toEqual({ is: "fine" });
  expect(judgePaste("a\n".repeat(99))).toEqual({ is: "fine" });
  expect(judgePaste("a\r\n".repeat(100))).toEqual({ is: "ask", lines: 101, bytes: 300 });
  expect(judgePaste("é".repeat(600_000))).toEqual({ is: "ask", lines: 1, bytes: 1_200_000 });
  expect(judgePaste("a".repeat(9_000_000))).toEqual({
    is: "refuse",
    words: "This text is 8.6 MB; a terminal takes at most 8 MB at once. Nothing was pasted.",
  });
});

test("sizes in words", () => {
  expect([1, 900, 2048, 5_242_880].map(readableBytes)).toEqual(["1 byte", "900 bytes", "2 kB", "5.0 MB"]);
});
