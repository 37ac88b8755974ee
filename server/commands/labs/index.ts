import { z } from "zod";
import { BadFile, checkManifests, Exam, Lab, type LabSource } from "../../../labs/index.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import type { Command } from "../main.ts";
import { UsageError } from "../usage.ts";
import { readChosen } from "./catalogue.ts";
import { examRows, labRows, listing } from "./list.ts";
import { newLab } from "./new.ts";
import { unproven, verifySeed, type VerifyRow } from "./verify.ts";

type Subcommand = (words: readonly string[]) => Promise<number> | number;

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = { list, verify, new: make, schema, lint };

/** `drydock labs`: what labs there are, and whether they are what they say. */
export const labs: Command = {
  summary: "lists, proves, checks and begins labs",
  usage:
    "labs list [--exams] [--json] | verify [LAB|EXAM…] [--seeds N] [--json] | lint [LAB|EXAM…] | new DIR | schema [lab|exam]",
  async run([name, ...rest]) {
    const subcommand = name !== undefined && Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
    if (!subcommand) {
      const words = name === undefined ? "which one?" : `no '${name}';`;
      throw new UsageError(`labs: ${words} there are ${Object.keys(SUBCOMMANDS).join(", ")}`);
    }
    return subcommand(rest);
  },
};

/** With --json the rows are labs or, if they are asked for, exams: a script that reads labs meets nothing else. */
function list(words: readonly string[]): number {
  const args = parse("list", words, { "--json": "flag", "--exams": "flag" });
  const chosen = readChosen();
  const [json, onlyExams] = [args.has("--json"), args.has("--exams")];
  if (json) for (const row of onlyExams ? examRows(chosen) : labRows(chosen)) print(JSON.stringify(row));
  else for (const line of listing(onlyExams ? { labs: [], exams: chosen.exams } : chosen)) print(line);
  return 0;
}

const SEEDS = 3;

async function verify(words: readonly string[]): Promise<number> {
  const args = parse("verify", words, { "--json": "flag", "--seeds": "value" }, true);
  const seeds = args.number("--seeds", SEEDS, 1);
  const json = args.has("--json");
  let [cases, failed] = [0, 0];
  const { labs: sources, exams } = readChosen(args.operands);
  for (const source of sources) {
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
  if (!json) for (const { id, exam } of exams) print(`✓ ${id}: an exam of ${count(exam.tasks.length, "lab")}`);
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
  const { labs: sources, exams } = readChosen(parse("lint", words, {}, true).operands);
  const problems = new Set<string>();
  for (const source of sources) for (const problem of await labProblems(source)) problems.add(problem);
  if (problems.size > 0) throw new BadFile([...problems]);
  const what = [count(sources.length, "lab"), ...(exams.length > 0 ? [count(exams.length, "exam")] : [])].join(" and ");
  const are = sources.length + exams.length > 1 ? "are" : "is";
  print(`${what} ${are} well written; 'labs verify' proves labs`);
  return 0;
}

async function labProblems(source: LabSource): Promise<readonly string[]> {
  const problems: string[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    try {
      problems.push(...(await checkManifests(source.place(seed))));
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      problems.push(...error.problems);
    }
  }
  return problems;
}

function make(words: readonly string[]): number {
  const [folder, ...more] = parse("new", words, {}, true).operands;
  if (folder === undefined || more.length > 0) throw new UsageError("labs new: one folder is needed: labs/TOPIC/NAME");
  for (const file of newLab(folder)) print(file);
  print(`prove it with: npm run -s drydock -- labs verify ${folder}`);
  return 0;
}

const SCHEMAS = { lab: Lab, exam: Exam } as const;

function schema(words: readonly string[]): number {
  const [name = "lab", ...more] = parse("schema", words, {}, true).operands;
  if (!Object.hasOwn(SCHEMAS, name) || more.length > 0)
    throw new UsageError(`labs schema: of which file? There are ${Object.keys(SCHEMAS).join(", ")}`);
  const wanted = SCHEMAS[name as keyof typeof SCHEMAS];
  print(JSON.stringify(z.toJSONSchema(wanted, { io: "input", unrepresentable: "any" }), null, 2));
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

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
