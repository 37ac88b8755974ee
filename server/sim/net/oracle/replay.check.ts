/**
 * Replays random scenarios on this machine's kernel and compares with ours, or with the oracle. Needs root, network namespaces,
 * python3, iproute2 and iptables:
 *
 *     node server/sim/net/oracle/replay.check.ts ours|oracle [FIRST [COUNT]]
 */
// oxlint-disable no-restricted-imports, no-restricted-globals -- this is no part of the simulation: it asks the real kernel.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { generate } from "./generate.ts";
import { argv, line, type Op } from "./op.ts";
import { Ambiguous } from "./packet.ts";
import { foretell, Oracle } from "./oracle.ts";
import { ours, type Came } from "./ours.check.ts";
import { reduce } from "./reduce.ts";

const script = new URL("kernel.py", import.meta.url).pathname;
const child = spawn("unshare", ["-m", "/usr/bin/env", "python3", script], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

async function real(ops: readonly Op[]): Promise<Came[]> {
  const asked = ops.map((op) => (op.do === "probe" ? { ns: op.ns, probe: op } : { ns: op.ns, argv: argv(op) }));
  child.stdin.write(`${JSON.stringify(asked)}\n`);
  const answer = JSON.parse((await lines.next()).value as string) as Came[] | { failed: string };
  if ("failed" in answer) throw new Error(answer.failed);
  return answer;
}

async function our(ops: readonly Op[]): Promise<Came[]> {
  const world = await ours();
  const came: Came[] = [];
  for (const op of ops) came.push(await world.play(op));
  return came;
}

/** The oracle has no words for what fails. */
async function foretold(ops: readonly Op[]): Promise<Came[] | undefined> {
  const oracle = new Oracle();
  try {
    return ops.map((op) => {
      const said = foretell(oracle, op);
      return typeof said === "string" ? { verdict: said } : { code: said ? 0 : 1, stderr: "" };
    });
  } catch (error) {
    if (error instanceof Ambiguous) return undefined;
    throw error;
  }
}

function same(a: Came, b: Came): boolean {
  if ("verdict" in a || "verdict" in b) return "verdict" in a && "verdict" in b && a.verdict === b.verdict;
  return (a.code === 0) === (b.code === 0) && (a.code === 0 || a.stderr === b.stderr || side === "oracle");
}

interface Difference {
  readonly at: number;
  readonly real: Came;
  readonly ours: Came;
}

async function differs(ops: readonly Op[]): Promise<Difference | undefined> {
  const mine = side === "oracle" ? await foretold(ops) : await our(ops);
  if (!mine) return undefined;
  const theirs = await real(ops);
  const at = ops.findIndex((_, index) => !same(theirs[index]!, mine[index]!));
  return at < 0 ? undefined : { at, real: theirs[at]!, ours: mine[at]! };
}

/** A machine under load answers late: a difference counts if it is there again. */
async function surely(ops: readonly Op[]): Promise<Difference | undefined> {
  const first = await differs(ops);
  return first && (await differs(ops)) && (await differs(ops));
}

const side = process.argv[2] === "oracle" ? "oracle" : "ours";
const [from = 1, count = 100] = process.argv.slice(3).map(Number);
let found = 0;
for (let seed = from; seed < from + count; seed++) {
  const ops = generate(seed);
  const difference = await surely(ops);
  if (!difference) continue;
  found++;
  const kind = (one: Came): string => ("verdict" in one ? one.verdict.replaceAll(/[\d.]+/g, "") : one.stderr);
  const [theirKind, ourKind] = [kind(difference.real), kind(difference.ours)];
  const small = await reduce(ops.slice(0, difference.at + 1), async (some) => {
    const again = await differs(some);
    return again !== undefined && kind(again.real) === theirKind && kind(again.ours) === ourKind;
  });
  const again = await differs(small);
  console.log(`--- seed ${seed}, ${ops.length} ops`);
  for (const op of small) console.log(line(op));
  console.log("real", JSON.stringify(again?.real ?? difference.real));
  console.log(side, JSON.stringify(again?.ours ?? difference.ours));
}
console.log(`${count} scenarios from seed ${from}: ${found} differ`);
child.stdin.end();
