import { expect, test } from "vitest";
import { type } from "./testing.ts";

const TEXT = "one\ntwo (x)\nthree\n";

// The last lines are those of busybox 1.35's vi after the same keys.
test.each([
  ["", "- a.txt 1/3 33%", [0, 0]],
  ["j", "- a.txt 2/3 66%", [1, 0]],
  ["ix\x1b", "- a.txt [Modified] 1/3 33%", [0, 0]],
  ["x:q\r", "No write since last change (:q! overrides)", [0, 0]],
  ["x:w\r", "'a.txt' 3L, 17C", [0, 0]],
  [":foo\r", "'foo' is not implemented", [0, 0]],
  ["/zz\r", "Pattern not found", [0, 0]],
  ["/t\r", "- a.txt 2/3 66%", [1, 0]],
  [":set nu\r:set nu\r", "bad option: nu", [0, 0]],
  ["v", "'v' is not implemented", [0, 0]],
  ["G", "- a.txt 3/3 100%", [2, 0]],
  [":3\r", "- a.txt 3/3 100%", [2, 0]],
  ["u", "Already at oldest change", [0, 0]],
  ["p", "Nothing in register D", [0, 0]],
  ["Rx", "R a.txt [Modified] 1/3 33%", [0, 1]],
  [":1,2d\r", "- a.txt [Modified] 1/1 100%", [0, 0]],
])("%j", (keys, last, cursor) => {
  const shown = type({ text: TEXT, keys, flavour: "busybox" });
  expect(shown.rows.at(-1)).toBe(last);
  expect(shown.cursor).toEqual(cursor);
});
