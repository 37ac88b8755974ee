import {
  BadFile,
  type ExamSource,
  idle,
  oneEach,
  unearned,
  unnoticed,
  type LabSource,
  type Mutation,
} from "../../../../labs/index.ts";
import { Arguments } from "../../arguments.ts";
import { count, print } from "../print.ts";
import { readChosen } from "../catalogue.ts";
import { proveAll } from "./crew.ts";
import { UNTOUCHED, type VerifyRow } from "./prove.ts";
import { unitsOf } from "./units.ts";
import { watchLabs } from "./watch.ts";

const SEEDS = 3;

/** What a lab's proofs are worth, after all of them were played. */
export interface Judgement {
  readonly id: string;
  /** Checks and questions that no wrong solution fails: nobody knows whether they would ever notice something. */
  readonly unproven: readonly string[];
  /** Changes to checks that no proof would notice. */
  readonly unnoticed: readonly Mutation[];
  /** Checks that pass in every case, also if nothing is done. */
  readonly idle: readonly string[];
  /** Checks that pass if nothing is done: points for nothing. */
  readonly unearned: readonly string[];
}

/** `drydock labs verify`: plays every proof of labs with some seeds, and says what does not hold. */
export async function verify(words: readonly string[]): Promise<number> {
  const known = { "--json": "flag", "--seeds": "value", "--watch": "flag" } as const;
  const args = new Arguments("labs verify", words, known);
  const seeds = args.number("--seeds", SEEDS, 1);
  const json = args.has("--json");
  if (args.has("--watch")) return watchLabs(args.operands, (names) => verifyChosen(names, { seeds, json }));
  return (await verifyChosen(args.operands, { seeds, json })) ? 0 : 1;
}

interface VerifyOptions {
  readonly seeds: number;
  readonly json: boolean;
}

/** Whether all of it holds. Throws BadFile. */
async function verifyChosen(names: readonly string[], { seeds, json }: VerifyOptions): Promise<boolean> {
  const { labs: sources, exams } = readChosen(names);
  const units = sources.map((source) => unitsOf(source, seeds));
  const left = new Map(sources.map((source, at) => [source, units[at]!.length]));
  const found = new Map<LabSource, VerifyRow[]>(sources.map((source) => [source, []]));
  const problems = new Set<string>();
  const broken = new Set<LabSource>();
  let [cases, failed, weak] = [0, 0, 0];
  for await (const { unit, proved } of proveAll(units.flat())) {
    const { source } = unit;
    const rows = found.get(source)!;
    if ("rows" in proved) rows.push(...proved.rows);
    else {
      broken.add(source);
      for (const problem of proved.problems) problems.add(problem);
    }
    left.set(source, left.get(source)! - 1);
    if (left.get(source)! > 0) continue;
    rows.sort((a, b) => a.seed - b.seed);
    for (const row of rows) show(row, json);
    cases += rows.length;
    failed += rows.filter(({ holds }) => !holds).length;
    if (broken.has(source)) continue;
    const judgement = judge(source, rows);
    if (judgement.unnoticed.length > 0) weak++;
    if (json) print(JSON.stringify(judgement));
    else for (const line of judgementLines(judgement)) print(line);
  }
  if (problems.size > 0) throw new BadFile(oneEach(problems));
  if (json) return failed + weak === 0;
  for (const { id, exam } of exams) print(`✓ ${id}: an exam of ${examWords(exam)}`);
  print(failed > 0 ? `${failed} of ${cases} cases do not hold` : `all ${cases} cases hold`);
  if (weak > 0) print(`in ${count(weak, "lab")} nobody would notice if some checks were worthless`);
  return failed + weak === 0;
}

/** `16 labs`, `2 labs and 14 drawn ones`. */
function examWords({ tasks, draw }: ExamSource["exam"]): string {
  const drawn = draw.reduce((sum, each) => sum + each.count, 0);
  if (drawn === 0) return count(tasks.length, "lab");
  return tasks.length === 0
    ? `${count(drawn, "lab")}, drawn anew each time`
    : `${count(tasks.length, "lab")} and ${drawn} drawn ones`;
}

/** What the rows of a lab tell of its checks. */
export function judge(source: LabSource, rows: readonly VerifyRow[]): Judgement {
  const { lab } = source.place(1);
  const cases = rows.map(({ case: name, failed }) => ({ declared: name !== UNTOUCHED, failed }));
  const mutations = unnoticed(lab, cases);
  const untouched = rows.filter(({ case: name }) => name === UNTOUCHED);
  return {
    id: lab.id,
    unproven: mutations.flatMap(({ check, how }) => (how === "removed" ? [check] : [])),
    unnoticed: mutations,
    idle: idle(lab, cases),
    unearned: [...new Set(untouched.flatMap((row) => unearned(lab, { declared: false, ...row })))],
  };
}

/** For people, a line each. */
export function judgementLines({
  id,
  unproven,
  unnoticed: mutations,
  idle: idling,
  unearned: free,
}: Judgement): string[] {
  const never = mutations.flatMap(({ check, how }) => (how === "inverted" ? [check] : []));
  const given = free.filter((check) => !idling.includes(check));
  return [
    ...(unproven.length > 0 ? [`✗ ${id}: no wrong solution fails ${unproven.join(", ")}`] : []),
    ...(idling.length > 0 ? [`✗ ${id}: pass in every case, also if nothing is done: ${idling.join(", ")}`] : []),
    ...(never.length > 0 ? [`✗ ${id}: never judged in any proof: ${never.join(", ")}`] : []),
    ...(given.length > 0 ? [`  ${id}: points for nothing, unless 'needs' says otherwise: ${given.join(", ")}`] : []),
  ];
}

function show(row: VerifyRow, json: boolean): void {
  const { problems, ...plain } = row;
  if (json) return print(JSON.stringify(row.holds ? plain : row));
  const { id, seed, case: name, score, of, failed, holds, ms } = row;
  const what = failed.length > 0 ? ` (${failed.join(", ")} failed)` : "";
  print(`${holds ? "✓" : "✗"} ${id} seed ${seed} ${name}: ${score} of ${of}${what} ${ms} ms`);
  for (const problem of problems) print(problem.replace(/^/gm, "    "));
}
