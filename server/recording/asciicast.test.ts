import { expect, test } from "vitest";
import { asciicast } from "./asciicast.ts";

const head = { cols: 80, rows: 24, startedAt: 1_700_000_000_250, title: "Lost endpoints, terminal 1" };
const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

test("a recording is a header and a line for each event", () => {
  const cast = asciicast(head, [
    { kind: "output", at: 1_700_000_000_250, bytes: "root@controlplane:~# " },
    { kind: "resize", at: 1_700_000_001_000, cols: 120, rows: 40 },
    { kind: "output", at: 1_700_000_001_300, bytes: "ls\r\n\u001b[01;34mbin\u001b[0m\r\n" },
  ]);
  expect(cast).toBe(
    [
      '{"version":2,"width":80,"height":24,"timestamp":1700000000,"title":"Lost endpoints, terminal 1","env":{"TERM":"xterm-256color","SHELL":"/bin/bash"}}',
      '[0,"o","root@controlplane:~# "]',
      '[0.75,"r","120x40"]',
      '[1.05,"o","ls\\r\\n\\u001b[01;34mbin\\u001b[0m\\r\\n"]',
      "",
    ].join("\n"),
  );
});

test("characters that are cut between two outputs survive; what is not UTF-8 becomes U+FFFD", () => {
  const text = bytes("grün → ✓");
  const events = [...text].map((byte, at) => ({ kind: "output" as const, at: head.startedAt + at, bytes: byte }));
  const read = (cast: string): string =>
    cast
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => (JSON.parse(line) as [number, string, string])[2])
      .join("");
  expect(read(asciicast(head, events))).toBe("grün → ✓");
  expect(read(asciicast(head, [{ kind: "output", at: head.startedAt, bytes: "a\xffb\xe2\x86" }]))).toBe(
    "a\ufffdb\ufffd",
  );
});

test("time never goes back", () => {
  const cast = asciicast(head, [
    { kind: "output", at: head.startedAt + 2000, bytes: "a" },
    { kind: "output", at: head.startedAt + 500, bytes: "b" },
  ]);
  expect(cast.split("\n").slice(1, 3)).toEqual(['[2,"o","a"]', '[2,"o","b"]']);
});
