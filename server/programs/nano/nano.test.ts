import { expect, test } from "vitest";
import { testTerminal } from "../vi/testing-terminal.ts";

const THREE = { "/root/a.txt": "one\ntwo (x)\nthree\n" };

/** A nano of 80 by 24; the rows it shows that are not empty. */
async function nano(
  words = "nano a.txt",
): Promise<{ type(keys: string): Promise<string[]>; cursor(): [number, number]; read(): string }> {
  const terminal = await testTerminal(THREE);
  await terminal.resize(80, 24);
  await terminal.type(`${words}\r`);
  return {
    type: async (keys) => (await terminal.type(keys)).filter((row) => row !== ""),
    cursor: terminal.cursor,
    read: () => terminal.host.files.read("/root/a.txt"),
  };
}

const BARS = [
  "^G Help      ^O Write Out ^W Where Is  ^K Cut       ^T Execute   ^C Location",
  "^X Exit      ^R Read File ^\\ Replace   ^U Paste     ^J Justify   ^/ Go To Line",
];
const TITLE = "  GNU nano 7.2                          a.txt";

// The screens are those of GNU nano 7.2 on Debian 12 after the same keys.
test("the first screen", async () => {
  const { type, cursor } = await nano();
  expect(await type("")).toEqual([
    TITLE,
    "one",
    "two (x)",
    "three",
    "                                [ Read 3 lines ]",
    ...BARS,
  ]);
  expect(cursor()).toEqual([1, 0]);
});

test.each([
  ["x\x18", [21, 22], [`${TITLE} *`, "xone", "two (x)", "three", "Save modified buffer?", " Y Yes", " N No           ^C Cancel"]],
  ["x\x18\x03", [1, 1], [`${TITLE} *`, "xone", "two (x)", "three", "                                 [ Cancelled ]", ...BARS]],
  ["x\x0f", [21, 25], [`${TITLE} *`, "xone", "two (x)", "three", "File Name to Write: a.txt", "^G Help             M-D DOS Format      M-A Append          M-B Backup File", "^C Cancel           M-M Mac Format      M-P Prepend         ^T Browse"]],
  ["x\x0f\r", [1, 1], [TITLE, "xone", "two (x)", "three", "                               [ Wrote 3 lines ]", ...BARS]],
  ["\x17", [21, 8], [TITLE, "one", "two (x)", "three", "Search:", "^G Help         M-C Case Sens   M-B Backwards   ^P Older        ^T Go To Line", "^C Cancel       M-R Reg.exp.    ^R Replace      ^N Newer"]],
  ["\x17two\r", [2, 0], [TITLE, "one", "two (x)", "three", ...BARS]],
  ["\x17zzz\r", [1, 0], [TITLE, "one", "two (x)", "three", '                              [ "zzz" not found ]', ...BARS]],
  ["\x03", [1, 0], [TITLE, "one", "two (x)", "three", "            [ line  1/4 (25%), col  1/ 4 ( 25%), char  0/18 ( 0%) ]", ...BARS]],
  ["\x1f3,2\r\x03", [3, 1], [TITLE, "one", "two (x)", "three", "            [ line  3/4 (75%), col  2/ 6 ( 33%), char 13/18 (72%) ]", ...BARS]],
  ["\x1cо\x03", [1, 0], [TITLE, "one", "two (x)", "three", "                                 [ Cancelled ]", ...BARS]],
  ["\x1co\r0\r", [21, 22], [TITLE, "one", "two (x)", "three", "Replace this instance?", " Y Yes           A All", " N No           ^C Cancel"]],
  ["\x1co\r0\ra", [1, 0], [`${TITLE} *`, "0ne", "tw0 (x)", "three", "                           [ Replaced 2 occurrences ]", ...BARS]],
  ["\x0b\x0b\x15", [3, 0], [`${TITLE} *`, "one", "two (x)", "three", ...BARS]],
  ["x\x1bu", [1, 0], [TITLE, "one", "two (x)", "three", "                               [ Undid addition ]", ...BARS]],
  ["\x1bu", [1, 0], [TITLE, "one", "two (x)", "three", "                              [ Nothing to undo ]", ...BARS]],
  ["\x1ba\x1b[B", [2, 0], [`${TITLE}${" ".repeat(29)}M`, "one", "two (x)", "three", "                                  [ Mark Set ]", ...BARS]],
  ["\x1ba\x1b[B\x1b6\x15", [3, 0], [`${TITLE} *`, "one", "one", "two (x)", "three", ...BARS]],
  ["\x1bn", [1, 3], [TITLE, " 1 one", " 2 two (x)", " 3 three", " 4", "                           [ Line numbering enabled ]", ...BARS]],
  ["\x1bd", [1, 0], [TITLE, "one", "two (x)", "three", "                     [ 3 lines,  4 words,  18 characters ]", ...BARS]],
  ["\x15", [1, 0], [TITLE, "one", "two (x)", "three", "                             [ Cutbuffer is empty ]", ...BARS]],
  ["\x1b]", [1, 0], [TITLE, "one", "two (x)", "three", "                               [ Not a bracket ]", ...BARS]],
  ["\x0f\x15new\r", [21, 32], [TITLE, "one", "two (x)", "three", "Save file under DIFFERENT NAME?", " Y Yes", " N No           ^C Cancel"]],
] as const)("%j", async (keys, place, rows) => {
  const { type, cursor } = await nano();
  expect(await type(keys)).toEqual(rows);
  expect(cursor()).toEqual(place);
}); // prettier-ignore

test("writes and leaves", async () => {
  const { type, read } = await nano("nano +2 a.txt");
  await type("x\x18y\r");
  expect(read()).toBe("one\nxtwo (x)\nthree\n");
  expect(await type("echo back\r")).toEqual(expect.arrayContaining(["back"]));
});

test("needs a terminal; says what it cannot do", async () => {
  const { type } = await nano("true");
  expect(await type("nano a.txt | cat; nano -S a.txt; echo $?\r")).toEqual(
    expect.arrayContaining(["Standard output is not a terminal", "drydock: nano: '-S' is not simulated", "64"]),
  );
});
