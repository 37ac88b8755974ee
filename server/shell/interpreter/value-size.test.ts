import { expect, test } from "vitest";
import { Kernel } from "../../sim/kernel/index.ts";
import { testKernel, turn } from "../../sim/kernel/testing.ts";
import { shellHost, shOn } from "../testing.ts";

const VALUE = "bash: line 1: drydock: a value of more than 65536 bytes does not fit\n";
const ELEMENTS = "bash: line 1: drydock: more than 2048 elements do not fit\n";

test.each([
  ["a value that doubles", "x=a; while :; do x=$x$x; done", VALUE],
  ["a value that is added to itself", "x=a; while :; do x+=$x; done", VALUE],
  ["a word", "x=a; while :; do : $x$x; x=$x$x; done", VALUE],
  ["the width of a column", "printf '%1000000000s'", VALUE],
  ["the digits of a number", "printf -v x %.999999999d 1", VALUE],
  ["an array that doubles", 'a=(1 2); while :; do a=("${a[@]}" "${a[@]}"); done', ELEMENTS],
  ["an array that is added to itself", 'a=(1 2); while :; do a+=("${a[@]}"); done', ELEMENTS],
  ["an array element by element", "while :; do a[i++]=$i; done", ELEMENTS],
])("too large for a shell: %s", async (_, script, stderr) => {
  const kernel = new Kernel({ seed: 1, now: 0, turn, limits: { ...testKernel().limits, memory: 65_536 } });
  const { host } = shellHost([], [], kernel);
  expect(await shOn(host, script)).toEqual({ code: 1, stdout: "", stderr });
});
