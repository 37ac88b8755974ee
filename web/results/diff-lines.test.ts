import { expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";

const shown = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: " ", gone: "-", new: "+" }[kind]}${text}`);

test("changed lines stand where they were", () => {
  expect(shown("spec:\n  type: ClusterIP\n  port: 80\n", "spec:\n  type: NodePort\n  port: 80\n")).toEqual([
    " spec:",
    "-  type: ClusterIP",
    "+  type: NodePort",
    "   port: 80",
  ]);
});

test("nothing before, nothing after, nothing changed", () => {
  expect(shown("", "a\nb")).toEqual(["+a", "+b"]);
  expect(shown("a\n", "")).toEqual(["-a"]);
  expect(shown("a\nb\n", "a\nb")).toEqual([" a", " b"]);
});
