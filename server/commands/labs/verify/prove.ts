import { grade, reportText, type Report } from "../../../../grader/index.ts";
import {
  BadFile,
  lintProblems,
  oneEach,
  openLab,
  textProblems,
  type LabSource,
  type PlacedLab,
  type Proof,
} from "../../../../labs/index.ts";
import type { World } from "../../../sim/world/index.ts";
import { playProof, type Played } from "./play-proof.ts";
import { presetWorld } from "../../../sessions/actor/presets.ts";

/** One proof of a lab with one seed (CONTRACT.md, labs verify). */
export interface VerifyRow {
  readonly id: string;
  readonly seed: number;
  /** `untouched`, or the proof's file. */
  readonly case: string;
  readonly score: number;
  readonly of: number;
  /** Checks and questions that did not pass. */
  readonly failed: readonly string[];
  readonly holds: boolean;
  readonly ms: number;
  /** What does not hold, for people. */
  readonly problems: readonly string[];
}

/** The case in which nothing is done. */
export const UNTOUCHED = "untouched";

/** Proves a lab with one seed: untouched, and after each of its proofs. `twice`: each is graded again, to the same report. */
export async function* verifySeed(source: LabSource, seed: number, twice = true): AsyncGenerator<VerifyRow> {
  const start = performance.now();
  const placed = source.place(seed);
  const preset = await presetWorld(placed.lab.preset);
  const unfit = lintProblems(placed, preset);
  if (unfit.length > 0) throw new BadFile(oneEach(unfit));
  const opened = await openLab(placed, preset);
  const again = async (): Promise<World> => opened.fork({ resume: true });
  yield await verifyCase(placed, await again(), undefined, { start, twice, written: textProblems(source) });
  for (const proof of placed.proofs)
    yield await verifyCase(placed, await again(), proof, { start: performance.now(), twice, opened: again });
}

interface CaseOptions {
  readonly start: number;
  readonly twice: boolean;
  /** The lab as it was opened, for a case in which something was done. */
  readonly opened?: () => Promise<World>;
  /** What is wrong with how the lab is written. */
  readonly written?: readonly string[];
}

/** `world` is the opened lab, for this case alone; `start` is when its time began. */
async function verifyCase(
  placed: PlacedLab,
  world: World,
  proof: Proof | undefined,
  { start, twice, opened, written = [] }: CaseOptions,
): Promise<VerifyRow> {
  const played = proof ? await playProof(placed, world, proof.script) : undefined;
  const options = { answers: played?.answers ?? {}, ...(opened ? { opened } : {}) };
  const report = await grade(world, placed.lab, options);
  if (!proof) refuseBroken(placed, report);
  const again = twice ? await grade(world, placed.lab, options) : report;
  const problems = [
    ...written,
    ...(JSON.stringify(again) === JSON.stringify(report) ? [] : ["grading twice gives two different reports"]),
    // What is still broken may be started again and again; what is solved comes to rest.
    ...(report.settled || !proof || proof.wrong ? [] : ["the world was still changing when it was graded"]),
    ...report.results
      .filter(({ outcome }) => outcome === "broke")
      .map(({ id, observed }) => `${id} cannot be judged: ${observed}`),
    ...(played ? endless(played) : []),
    ...caseProblems(placed, proof, report),
  ];
  return {
    id: placed.id,
    seed: placed.seed,
    case: proof?.name ?? UNTOUCHED,
    score: report.score,
    of: report.of,
    failed: failedOf(report),
    holds: problems.length === 0,
    ms: Math.round(performance.now() - start),
    problems: problems.length === 0 ? [] : [...problems, ...(played ? transcript(played) : []), reportText(report)],
  };
}

/** A check that cannot be judged in a lab as it was set up never can be: a mistake of the file. */
function refuseBroken({ lab, source }: PlacedLab, { results }: Report): void {
  const broke = results.filter(({ outcome, observed }) => outcome === "broke" && !observed.startsWith("not judged"));
  const problems = broke.map(({ id, observed }) => {
    const task = lab.tasks.findIndex(({ checks, questions }) =>
      [...checks, ...questions].some((part) => part.id === id),
    );
    const { checks = [], questions = [] } = lab.tasks[task] ?? {};
    const check = checks.findIndex((part) => part.id === id);
    const part = check >= 0 ? ["checks", check] : ["questions", questions.findIndex((each) => each.id === id)];
    return source.yaml.problem(["tasks", task, ...part], `${id} cannot be judged: ${observed}`);
  });
  if (problems.length > 0) throw new BadFile(problems);
}

function caseProblems(placed: PlacedLab, proof: Proof | undefined, report: Report): string[] {
  if (!proof) return untouchedProblems(placed, report);
  return proofProblems(placed, proof, report).map(
    ({ keyword, words }) => `${placed.source.folder.path}/proof/${proof.name}:${headLine(proof, keyword)}:1: ${words}`,
  );
}

type HeadProblem = { readonly keyword?: string; readonly words: string };

/** Where a proof says something of itself; its first line, if it does not. */
function headLine({ script }: Proof, keyword: string | undefined): number {
  const line = script
    .split("\n")
    .findIndex((text) => keyword !== undefined && new RegExp(`^#\\s*${keyword}\\b`).test(text));
  return Math.max(line, 0) + 1;
}

function proofProblems(placed: PlacedLab, proof: Proof, report: Report): HeadProblem[] {
  const { score, of } = report;
  const problems: HeadProblem[] =
    of === placed.points ? [] : [{ words: `${of} of ${placed.points} points could be judged` }];
  const failed = failedOf(report);
  if (!proof.wrong) {
    const words = `a solution scores ${score} of ${of}: mend what it does, or what it fails: ${failed.join(", ")}`;
    return score === of ? problems : [...problems, { words }];
  }
  const { score: wanted, fails, because } = proof.wrong;
  if (score !== wanted) problems.push({ keyword: "scores", words: `scores ${score}, not ${wanted}` });
  const [more, less] = [failed.filter((id) => !fails.includes(id)), fails.filter((id) => !failed.includes(id))];
  if (more.length > 0) problems.push({ keyword: "fails", words: `fails ${more.join(" and ")} as well` });
  if (less.length > 0) problems.push({ keyword: "fails", words: `does not fail ${less.join(" and ")}` });
  for (const { check, words } of because) {
    const result = report.results.find(({ id }) => id === check);
    const said = `${result?.observed ?? ""}\n${result?.why ?? ""}`;
    if (!said.includes(words))
      problems.push({ keyword: `because ${check}`, words: `the report of ${check} does not say "${words}"` });
  }
  return problems;
}

function untouchedProblems({ lab: { untouched } }: PlacedLab, { score, of, results }: Report): string[] {
  if (score >= of) return ["the untouched lab passes: nothing has to be done"];
  if (score === untouched) return [];
  const free = results.flatMap(({ id, outcome }) => (outcome === "pass" ? [id] : []));
  const why = free.length > 0 ? `, since these pass: ${free.join(", ")}` : "";
  return [
    `the untouched lab scores ${score}, not ${untouched}${why}. Let checks that nothing was spoilt need the repair (needs: […]), or declare it: untouched: ${score}`,
  ];
}

function failedOf({ results }: Report): string[] {
  return results.filter(({ outcome }) => outcome !== "pass").map(({ id }) => id);
}

/** Lines that were ended because they do not end: a loop, or a program that waits for ever. */
function endless({ parts }: Played): string[] {
  return parts.flatMap(({ cmd, stderr, waiting }, at) => {
    if (waiting !== null && at === parts.length - 1) return [`\`${cmd}\`: ${waiting} still waits for input at the end`];
    const ended = /^drydock: (interrupted after .*)$/m.exec(stderr)?.[1];
    return ended === undefined ? [] : [`\`${cmd}\` does not end: it was ${ended}`];
  });
}

/** What the proof's commands printed, as far as it may tell why it failed. */
function transcript({ parts }: Played): string[] {
  return parts.flatMap(({ cmd, stdout, stderr, exitCode, waiting }) => [
    `$ ${cmd}`,
    ...[stdout.trimEnd(), stderr.trimEnd()].filter((text) => text !== ""),
    ...(exitCode === 0
      ? []
      : [waiting === null ? `[exit code ${exitCode ?? "none"}]` : `[${waiting} waits for input]`]),
  ]);
}
