import { expect, test } from "vitest";
import { programWorld } from "./testing.ts";

const STEPS = "drydock: jq: stopped, as the filter takes too many steps\n";
const TEN = "[1,2,3,4,5,6,7,8,9,10]";

/** What would hold the thread for ever, or for long, ends with words. */
test.each<[string, readonly string[], { code: number; stdout: string; stderr: string }]>([
  ["a list without end", ["jq", "-n", "[range(1e9)]"], { code: 64, stdout: "", stderr: STEPS }],
  [
    "combinations",
    ["jq", "-n", `${TEN} | [.[] as $a | .[] as $b | .[] as $c | .[] as $d | .[] as $e | .[] as $f | .[]] | length`],
    { code: 64, stdout: "", stderr: STEPS },
  ],
  [
    "a function that calls itself twice",
    ["jq", "-n", "def f: if . < 2 then . else (. - 1 | f) + (. - 2 | f) end; 45 | f"],
    { code: 64, stdout: "", stderr: STEPS },
  ],
  [
    "an array without end",
    ["awk", "BEGIN { while (1) a[i++] = i }"],
    { code: 2, stdout: "", stderr: "awk: out of memory\n" },
  ],
  [
    "a text that doubles",
    ["awk", 'BEGIN { x = "a"; while (1) x = x x }'],
    { code: 2, stdout: "", stderr: "awk: out of memory\n" },
  ],
  [
    "a line that doubles",
    ["sed", ":a;s/.*/&&/;ta"],
    { code: 4, stdout: "", stderr: "sed: couldn't re-allocate memory\n" },
  ],
  [
    "a key that takes hours",
    ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:100000"],
    { code: 64, stdout: "", stderr: "drydock: openssl: genpkey: keys of more than 16384 bits are not simulated\n" },
  ],
  [
    "a number that takes hours",
    ["openssl", "prime", "9".repeat(10_000)],
    { code: 64, stdout: "", stderr: "drydock: openssl: prime: numbers of more than 4932 digits are not simulated\n" },
  ],
  [
    "a derivation that takes hours",
    ["openssl", "enc", "-aes-256-cbc", "-pbkdf2", "-iter", "999999999", "-k", "x"],
    { code: 64, stdout: "", stderr: "drydock: openssl: enc: more than 1000000 rounds are not simulated\n" },
  ],
])("%s", async (_, words, expected) => {
  const { run } = await programWorld();
  expect(await run(words, { stdin: "a\n" })).toEqual(expected);
});

test("what a filter prints without end is not stopped, and neither is work of some size", async () => {
  const { run } = await programWorld();
  expect((await run(["jq", "-n", "range(600000)"])).stdout.length).toBe(4_088_890);
  expect(await run(["jq", "-n", "-c", "[range(200000)] | map(. + 1) | add"])).toEqual({
    code: 0,
    stdout: "20000100000\n",
    stderr: "",
  });
});

test("others have their turns while an endless script of sed prints and its line grows", async () => {
  const { host, run } = await programWorld();
  let turns = 0;
  let ended = false;
  const count = (): void => {
    turns++;
    if (!ended) setImmediate(count);
  };
  setImmediate(count);
  const begun = host.kernel.now;
  const ran = await run(["timeout", "0.1", "sed", ":a;p;s/^/x/;ta"], { stdin: "a\n" });
  ended = true;
  expect([ran.code, ran.stdout.startsWith("a\nxa\nxxa\n")]).toEqual([124, true]);
  expect(host.kernel.now - begun).toBeLessThan(1_000_000);
  expect(turns).toBeGreaterThan(40);
});
