import { expect, test } from "vitest";
import { decode } from "../sim/kernel/index.ts";
import { programWorld } from "./testing.ts";

test("logger writes into the journal, a line for each of its input", async () => {
  const world = await programWorld();
  await world.run("logger -t backup -p user.err done at last");
  await world.run("logger", { stdin: "one\n\ntwo\n" });
  const shown = async (words: string): Promise<string> => decode((await world.run(words)).stdout);
  expect(await shown("journalctl -t backup -p err -o cat")).toBe("done at last\n");
  expect(await shown("journalctl -t root -o cat")).toBe("one\ntwo\n");
});

// Said by util-linux 2.38.1 of Debian 12, on a machine that has no swap.
test.each([
  ["swapoff -a", 0, ""],
  ["swapon --show", 0, ""],
  ["swapoff /nope", 4, "swapoff: /nope: swapoff failed: No such file or directory\n"],
  ["swapon /nope", 255, "swapon: cannot open /nope: No such file or directory\n"],
])("%s", async (words, code, said) => {
  const ran = await (await programWorld()).run(words);
  expect([ran.code, decode(ran.stdout), decode(ran.stderr)]).toEqual([code, "", said]);
});
