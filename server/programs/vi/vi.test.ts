import { expect, test } from "vitest";
import { testTerminal } from "./testing-terminal.ts";

const THREE = { "/root/a.txt": "one\ntwo\nthree\n" };

test("a file is edited on the alternate screen, and what was there before comes back", async () => {
  const { type, host } = await testTerminal(THREE);
  expect(await type("vi a.txt\r")).toEqual([
    "one",
    "two",
    "three",
    ...Array<string>(8).fill("~"),
    '"a.txt" 3L, 14B                           1,1           All',
  ]);
  await type("jAhi\x1b");
  expect((await type(":wq\r")).slice(0, 2)).toEqual(["$ vi a.txt", "$"]);
  expect(host.files.read("/root/a.txt")).toBe("one\ntwohi\nthree\n");
});

test("a key writes only the rows that change", async () => {
  const { type, written } = await testTerminal(THREE);
  await type("vi a.txt\r");
  written();
  await type("jx");
  expect(written()).not.toContain("three");
});

test("an escape alone is one after a moment; behind it comes an arrow otherwise", async () => {
  const { type, host } = await testTerminal(THREE);
  await type("vi a.txt\r");
  await type("ix\x1b[C\x1b[Cy\x1b", 50);
  expect((await type("", 10)).at(-1)).toContain("-- INSERT --");
  expect((await type("", 100)).at(-1)).not.toContain("-- INSERT --");
  await type(":wq\r");
  expect(host.files.read("/root/a.txt")).toBe("xonye\ntwo\nthree\n");
});

test("Ctrl-Z stops it, fg brings its screen back, and keys go to the shell in between", async () => {
  const { type } = await testTerminal(THREE);
  await type("vi a.txt\r");
  expect(await type("\x1a")).toEqual(expect.arrayContaining(["[1]+  Stopped                 vi a.txt"]));
  expect(await type("echo hi\r")).toEqual(expect.arrayContaining(["hi"]));
  expect((await type("fg\r")).slice(0, 4)).toEqual(["one", "two", "three", "~"]);
});

test("a window of another size is drawn anew", async () => {
  const { type, resize } = await testTerminal(THREE);
  await type("vi a.txt\r");
  expect(await resize(40, 5)).toEqual(["one", "two", "three", "~", '<t" 3L, 14B           1,1           All']);
});

test("commands of the shell run on the terminal, read into the text and filter it", async () => {
  const { type, host } = await testTerminal(THREE);
  await type("vi a.txt\r");
  expect((await type(":!echo hello\r")).filter((row) => row !== "").slice(-2)).toEqual([
    "hello",
    "Press ENTER or type command to continue",
  ]);
  await type("\r:r !seq 2\r:%!sort -r\r:wq\r");
  expect(host.files.read("/root/a.txt")).toBe("two\nthree\none\n2\n1\n");
});

test("without a terminal it says so, and reads commands from its input", async () => {
  const { type, host } = await testTerminal(THREE);
  const shown = await type("printf 'ddZZ' | vi a.txt >/dev/null\r");
  expect(shown).toEqual(
    expect.arrayContaining(["Vim: Warning: Output is not to a terminal", "Vim: Warning: Input is not from a terminal"]),
  );
  expect(host.files.read("/root/a.txt")).toBe("two\nthree\n");
});

test("+N, -R, several files, standard input", async () => {
  const { type, cursor } = await testTerminal({ ...THREE, "/root/b.txt": "bb\n" });
  await type("vi +2 a.txt\r");
  expect(cursor()).toEqual([1, 0]);
  await type(":q\r");
  await type("vi -R a.txt\r");
  expect((await type("\x07")).at(-1)).toContain("[readonly] 3 lines --33%--");
  await type(":q\r");
  await type("vi a.txt b.txt\r");
  expect((await type(":q\r")).at(-1)).toContain("E173: 1 more file to edit");
  expect((await type(":n\r"))[0]).toBe("bb");
  await type(":q\r");
  expect((await type("seq 2 | vi -\r")).slice(0, 3)).toEqual(["1", "2", "~"]);
});

test("a signal ends it with the terminal as it was", async () => {
  const { type } = await testTerminal(THREE);
  await type("vi a.txt &\r");
  await type("fg\r");
  await type("\x1akill %1\rfg\r");
  expect(await type("echo back\r")).toEqual(expect.arrayContaining(["back"]));
});

test("what is not simulated says so", async () => {
  const { type } = await testTerminal(THREE);
  expect(await type("vi -d a b; echo $?\r")).toEqual(
    expect.arrayContaining(["drydock: vi: '-d' is not simulated", "64"]),
  );
  await type("vi a.txt\r");
  expect((await type(":split\r")).at(-2)).toContain("drydock: vim: ':split' is not simulated");
});
