import { generate } from "./generate.ts";
import { line, type Op } from "./op.ts";
import { Ambiguous } from "./packet.ts";
import { foretell, Oracle } from "./oracle.ts";
import { ours } from "./ours.check.ts";
import { reduce } from "./reduce.ts";
import { Tools } from "./tools.check.ts";

/** In every so many networks all that tools print after each packet is looked at as well. */
const LOOKS = 3;

/** Counterexamples, each with the fewest commands that show it. */
export async function disagreements(first: number, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let seed = first; seed < first + count && found.length < 3; seed++) {
    const ops = generate(seed);
    const looks = seed % LOOKS === 0;
    if ((await disagreement(ops, looks)) === undefined) continue;
    const small = await reduce(ops, async (some) => (await disagreement(some, looks)) !== undefined);
    found.push([`seed ${seed}`, ...small.map(line), (await disagreement(small, looks))!].join("\n"));
  }
  return found;
}

async function disagreement(ops: readonly Op[], looks: boolean): Promise<string | undefined> {
  const world = await ours();
  const oracle = new Oracle();
  const tools = new Tools(world, oracle);
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
    if (op.do !== "probe" || !looks) continue;
    const contradiction = await tools.contradiction(op, String(got));
    if (contradiction !== undefined) return contradiction;
  }
  return undefined;
}
