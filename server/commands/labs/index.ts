import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BadFile,
  checkManifests,
  fieldReference,
  FILE_KINDS,
  jsonSchema,
  lintProblems,
  oneEach,
  textProblems,
  type LabSource,
} from "../../../labs/index.ts";
import { presetWorld } from "../../sessions/actor/presets.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import type { Command } from "../main.ts";
import { UsageError } from "../usage.ts";
import { readChosen, ROOT } from "./catalogue.ts";
import { examRows, labRows, listing } from "./list.ts";
import { newLab } from "./new.ts";
import { count, print } from "./print.ts";
import { verify } from "./verify/index.ts";

type Subcommand = (words: readonly string[]) => Promise<number> | number;

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = { list, verify, new: make, schema, reference, lint };

/** `drydock labs`: what labs there are, and whether they are what they say. */
export const labs: Command = {
  summary: "lists, proves, checks and begins labs",
  usage:
    "labs list [--exams] [--json] | verify [LAB|EXAM…] [--seeds N] [--json] [--watch] | lint [LAB|EXAM…] | new DIR | schema [lab|exam] | reference [--write]",
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

/** Reads everything, with several seeds, and lets an API server look at the manifests; proves nothing. */
async function lint(words: readonly string[]): Promise<number> {
  const { labs: sources, exams } = readChosen(parse("lint", words, {}, true).operands);
  const problems = new Set<string>();
  for (const source of sources) for (const problem of await labProblems(source)) problems.add(problem);
  for (const exam of exams) for (const problem of textProblems(exam)) problems.add(problem);
  if (problems.size > 0) throw new BadFile([...problems]);
  const what = [count(sources.length, "lab"), ...(exams.length > 0 ? [count(exams.length, "exam")] : [])].join(" and ");
  const are = sources.length + exams.length > 1 ? "are" : "is";
  print(`${what} ${are} well written; 'labs verify' proves labs`);
  return 0;
}

/** Seeds that a lab is read with. */
const READ_SEEDS = 5;
/** Of these, the ones whose manifests an API server looks at: they differ in names and numbers only. */
const API_SEEDS = 1;

/** What is wrong in a lab that can be read: `lint` of one. */
export async function labProblems(source: LabSource): Promise<readonly string[]> {
  const problems: string[] = [];
  for (let seed = 1; seed <= READ_SEEDS; seed++) {
    try {
      const placed = source.place(seed);
      problems.push(...lintProblems(placed, await presetWorld(placed.lab.preset)));
      if (seed <= API_SEEDS) problems.push(...(await checkManifests(placed)));
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      problems.push(...error.problems);
    }
  }
  // What a line means comes first, how it is written only if it means what it should.
  const lines = new Set(problems.map(lineOf));
  return oneEach([...problems, ...textProblems(source).filter((problem) => !lines.has(lineOf(problem)))]);
}

/** `file:line` of a problem. */
function lineOf(problem: string): string {
  return problem.split(":", 2).join(":");
}

function make(words: readonly string[]): number {
  const [folder, ...more] = parse("new", words, {}, true).operands;
  if (folder === undefined || more.length > 0) throw new UsageError("labs new: one folder is needed: labs/TOPIC/NAME");
  for (const file of newLab(folder)) print(file);
  print(`prove it with: npm run -s drydock -- labs verify ${folder}`);
  return 0;
}

function schema(words: readonly string[]): number {
  const [name = "lab", ...more] = parse("schema", words, {}, true).operands;
  const kind = FILE_KINDS.find((known) => known === name);
  if (kind === undefined || more.length > 0)
    throw new UsageError(`labs schema: of which file? There are ${FILE_KINDS.join(", ")}`);
  process.stdout.write(jsonSchema(kind));
  return 0;
}

/** The reference of fields, checks and faults; with --write it and the JSON Schemas are written to where they are kept. */
function reference(words: readonly string[]): number {
  if (!parse("reference", words, { "--write": "flag" }).has("--write")) {
    process.stdout.write(fieldReference());
    return 0;
  }
  for (const [file, text] of generatedFiles()) {
    writeFileSync(join(ROOT, file), text);
    print(`labs/${file}`);
  }
  return 0;
}

/** The files below labs/ that are made of the schemas, with what they must hold. */
export function generatedFiles(): readonly (readonly [file: string, text: string])[] {
  return [
    ["REFERENCE.md", fieldReference()],
    ...FILE_KINDS.map((kind) => [`${kind}.schema.json`, jsonSchema(kind)] as const),
  ];
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
