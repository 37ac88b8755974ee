import { expect, test } from "vitest";
import { generate } from "./generate.ts";
import { line, type Op } from "./op.ts";
import { Ambiguous, foretell, Oracle } from "./oracle.ts";
import { ours } from "./ours.check.ts";
import { reduce } from "./reduce.ts";

/** Long for a machine that does much else; alone it takes a few seconds. */
const LONGEST = 120_000;

test(
  "300 random networks behave as an oracle foretells that knows nothing of ours",
  async () => expect(await disagreements(1, 300)).toEqual([]),
  LONGEST,
);

/** Counterexamples, each with the fewest commands that show it. */
async function disagreements(first: number, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let seed = first; seed < first + count && found.length < 3; seed++) {
    const ops = generate(seed);
    const difference = await disagreement(ops);
    if (difference === undefined) continue;
    const small = await reduce(ops, async (some) => (await disagreement(some)) !== undefined);
    found.push([`seed ${seed}`, ...small.map(line), (await disagreement(small))!].join("\n"));
  }
  return found;
}

async function disagreement(ops: readonly Op[]): Promise<string | undefined> {
  const world = await ours();
  const oracle = new Oracle();
  for (const op of ops) {
    let expected: boolean | string;
    try {
      expected = foretell(oracle, op);
    } catch (error) {
      if (error instanceof Ambiguous) return undefined;
      throw error;
    }
    const came = await world.play(op);
    const got = "verdict" in came ? came.verdict : came.code === 0;
    if (got !== expected) return `oracle ${String(expected)}\nours ${JSON.stringify(came)}`;
  }
  return undefined;
}
