import { z } from "zod";
import { BadFile, checkManifests, Lab } from "../../../labs/index.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import type { Command } from "../main.ts";
import { UsageError } from "../usage.ts";
import { readLabs } from "./catalogue.ts";
import { newLab } from "./new.ts";
import { unproven, verifySeed, type VerifyRow } from "./verify.ts";

type Subcommand = (words: readonly string[]) => Promise<number> | number;

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = { list, verify, new: make, schema, lint };

/** `drydock labs`: what labs there are, and whether they are what they say. */
export const labs: Command = {
  summary: "lists, proves, checks and begins labs",
  usage: "labs list [--json] | verify [LAB…] [--seeds N] [--json] | lint [LAB…] | new DIR | schema",
  async run([name, ...rest]) {
    const subcommand = name !== undefined && Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
    if (!subcommand) {
      const words = name === undefined ? "which one?" : `no '${name}';`;
      throw new UsageError(`labs: ${words} there are ${Object.keys(SUBCOMMANDS).join(", ")}`);
    }
    return subcommand(rest);
  },
};

function list(words: readonly string[]): number {
  const args = parse("list", words, { "--json": "flag" });
  const rows = readLabs().map((source) => {
    const placed = source.place(1);
    const { id, title, topics, level, minutes, tasks } = placed.lab;
    return { id, title, topics, level, minutes, points: placed.points, tasks: tasks.length };
  });
  if (args.has("--json")) {
    for (const row of rows) print(JSON.stringify(row));
    return 0;
  }
  const width = Math.max(...rows.map(({ id }) => id.length));
  for (const { id, title, level, minutes, points, topics } of rows)
    print(
      `${id.padEnd(width)}  ${level.padEnd(6)}  ${`${minutes} min`.padStart(6)}  ${`${points} points`.padStart(9)}  ${title} (${topics.join(", ")})`,
    );
  return 0;
}

const SEEDS = 3;

async function verify(words: readonly string[]): Promise<number> {
  const args = parse("verify", words, { "--json": "flag", "--seeds": "value" }, true);
  const seeds = args.number("--seeds", SEEDS, 1);
  const json = args.has("--json");
  let [cases, failed] = [0, 0];
  for (const source of readLabs(args.operands)) {
    for (let seed = 1; seed <= seeds; seed++)
      for await (const row of verifySeed(source, seed)) {
        cases++;
        if (!row.holds) failed++;
        show(row, json);
      }
    const open = unproven(source);
    if (json) print(JSON.stringify(open));
    else if (open.unproven.length > 0) print(`${open.id}: no wrong solution fails ${open.unproven.join(", ")}`);
  }
  if (!json) print(failed > 0 ? `${failed} of ${cases} cases do not hold` : `all ${cases} cases hold`);
  return failed > 0 ? 1 : 0;
}

function show(row: VerifyRow, json: boolean): void {
  const { problems, ...plain } = row;
  if (json) {
    print(JSON.stringify(row.holds ? plain : row));
    return;
  }
  const { id, seed, case: name, score, of, failed, holds, ms } = row;
  const what = failed.length > 0 ? ` (${failed.join(", ")} failed)` : "";
  print(`${holds ? "✓" : "✗"} ${id} seed ${seed} ${name}: ${score} of ${of}${what} ${ms} ms`);
  for (const problem of problems) print(problem.replace(/^/gm, "    "));
}

/** Reads everything, with several seeds, and lets an API server look at the manifests; proves nothing. */
async function lint(words: readonly string[]): Promise<number> {
  const sources = readLabs(parse("lint", words, {}, true).operands);
  const problems = new Set<string>();
  for (const source of sources) {
    for (let seed = 1; seed <= 20; seed++) {
      try {
        for (const problem of await checkManifests(source.place(seed))) problems.add(problem);
      } catch (error) {
        if (!(error instanceof BadFile)) throw error;
        for (const problem of error.problems) problems.add(problem);
      }
    }
  }
  if (problems.size > 0) throw new BadFile([...problems]);
  print(`${sources.length} labs are well written; 'labs verify' proves them`);
  return 0;
}

function make(words: readonly string[]): number {
  const [folder, ...more] = parse("new", words, {}, true).operands;
  if (folder === undefined || more.length > 0) throw new UsageError("labs new: one folder is needed: labs/TOPIC/NAME");
  for (const file of newLab(folder)) print(file);
  print(`prove it with: npm run -s drydock -- labs verify ${folder}`);
  return 0;
}

function schema(words: readonly string[]): number {
  parse("schema", words, {});
  print(JSON.stringify(z.toJSONSchema(Lab, { io: "input", unrepresentable: "any" }), null, 2));
  return 0;
}

function parse(
  name: string,
  words: readonly string[],
  known: Readonly<Record<string, OptionKind>>,
  takesOperands = false,
): Arguments {
  const args = new Arguments(`labs ${name}`, words, known);
  if (!takesOperands && args.operands.length > 0)
    throw new UsageError(`labs ${name}: unexpected '${args.operands[0]!}'`);
  return args;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
