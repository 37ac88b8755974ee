import { expect, test } from "vitest";
import { tabName } from "./place.ts";
import type { TerminalRow } from "./terminals.ts";

const HOSTS = [
  { part: 0, host: "controlplane", ssh: "cka1001" },
  { part: 1, host: "controlplane", ssh: "cka1002" },
];

test.each<[string, number | undefined, string, string]>([
  ["a terminal on the base", undefined, "base", "base"],
  ["one on a task's host has the name of the base for it", 1, "controlplane", "cka1002"],
  ["one on a node behind it has both", 1, "node01", "cka1002 node01"],
  ["one whose prompt has not come yet is there all the same", 0, "base", "cka1001"],
])("%s", (_, leadsTo, host, expected) => {
  const size = { cols: 80, rows: 24 };
  const row: TerminalRow = { terminal: 1, host: "base", user: "candidate", size, follows: false, ended: null, leadsTo };
  expect(tabName(row, { host, user: "root" }, HOSTS)).toBe(expected);
});
