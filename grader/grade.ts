import type { World } from "../server/sim/world/index.ts";
import { Broken, NotSimulated } from "./broken.ts";
import type { Check } from "./checks/schemas.ts";
import { copyOf } from "./copy.ts";
import { evaluateAnswer } from "./evaluate/answer.ts";
import { evaluate } from "./evaluate/evaluate.ts";
import type { Question } from "./question.ts";
import { comeToRest } from "./rest.ts";
import type { CheckResult, Finding, Report } from "./result.ts";
import { Scene } from "./scene/scene.ts";

/** What is graded: a lab's tasks, with the variants filled in. */
export interface Graded {
  readonly id: string;
  readonly title: string;
  readonly tasks: readonly GradedTask[];
}

export interface GradedTask {
  readonly id: string;
  readonly checks: readonly Check[];
  readonly questions: readonly Question[];
}

export interface GradeOptions {
  /** What the learner answered, by `task/question`. */
  readonly answers?: Readonly<Record<string, string>>;
  /** What the hints that were read cost together. */
  readonly hints?: number;
  /**
   * Opens the lab anew. A check that breaks in the attempt, but could be judged there, has lost what it needs to what the
   * learner did: it fails. Without it every check that breaks costs nothing.
   */
  readonly opened?: () => Promise<World>;
}

/**
 * Grades an attempt in a fork of its world that is run until nothing moves: nothing happens in the world itself, and the
 * same world gives the same report, byte for byte.
 */
export async function grade(world: World, lab: Graded, options: GradeOptions = {}): Promise<Report> {
  const fork = copyOf(world);
  const settled = await comeToRest(fork);
  // All probes are made in one moment, which nobody who types could do.
  fork.network.unlimitedErrors = true;
  const scenes = { now: new Scene(fork), begun: begun(options) };
  const results: CheckResult[] = [];
  for (const task of lab.tasks) {
    const done = new Map<string, CheckResult>();
    for (const check of inOrder(task.checks)) {
      const blocked = blockedBy(check, done);
      const result = blocked
        ? notJudged(task.id, check, blocked)
        : await judged(task.id, check, scenes, (scene) => evaluate(scene, check), check.partial);
      done.set(check.id, result);
    }
    results.push(...task.checks.map(({ id }) => done.get(id)!));
    for (const question of task.questions) {
      const given = options.answers?.[`${task.id}/${question.id}`];
      const item = { id: question.id, says: question.ask, points: question.points };
      results.push(await judged(task.id, item, scenes, (scene) => evaluateAnswer(scene, question, given), false));
    }
  }
  const hints = options.hints ?? 0;
  const score = sum(results.map(({ points }) => points)) - hints;
  return {
    lab: lab.id,
    title: lab.title,
    seed: world.kernel.seed,
    score: Math.max(0, round(score)),
    of: sum(results.map(({ of }) => of)),
    hints,
    settled,
    results,
  };
}

interface Item {
  readonly id: string;
  readonly says: string;
  readonly points: number;
}

interface Scenes {
  readonly now: Scene;
  /** As the lab began; undefined if nobody can open it. */
  readonly begun: () => Promise<Scene | undefined>;
}

/** Opened when it is asked for first, at rest. */
function begun({ opened }: GradeOptions): Scenes["begun"] {
  let scene: Promise<Scene | undefined> | undefined;
  const open = async (): Promise<Scene | undefined> => {
    const world = await opened?.();
    if (world) await comeToRest(world);
    return world && new Scene(world);
  };
  return () => (scene ??= open());
}

type Find = (scene: Scene) => Promise<Finding>;

async function judged(
  task: string,
  { id, says, points }: Item,
  scenes: Scenes,
  find: Find,
  partial: boolean,
): Promise<CheckResult> {
  const base = { id, task, says };
  try {
    const { holds, share = 0, expected, observed, why, see, evidence = [] } = await find(scenes.now);
    const earned = holds ? points : partial ? Math.floor(points * share * 100) / 100 : 0;
    return {
      ...base,
      outcome: holds ? "pass" : "fail",
      points: earned,
      of: points,
      expected,
      observed,
      ...(why === undefined ? {} : { why }),
      evidence: [...evidence],
      ...(see === undefined ? {} : { see }),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const lost = error instanceof Broken && !(error instanceof NotSimulated) && (await couldBeJudged(scenes, find));
    return { ...base, ...(lost ? lostToTheLearner(error, points) : brokenBy(error)) };
  }
}

type Outcome = Omit<CheckResult, "id" | "task" | "says">;

function lostToTheLearner({ message }: Error, points: number): Outcome {
  return {
    outcome: "fail",
    points: 0,
    of: points,
    expected: "what the lab began with is still there to be looked at",
    observed: message,
    why: "It could be judged when the lab began: something that it needs was deleted or changed since.",
    evidence: [],
  };
}

function brokenBy(error: Error): Outcome {
  const known = error instanceof Broken;
  return {
    outcome: "broke",
    points: 0,
    of: 0,
    expected: "a check that can be judged",
    observed: `${known ? "" : "the check failed itself: "}${error.message}`,
    evidence: known ? [] : [{ kind: "text", title: "where", text: error.stack ?? "" }],
  };
}

async function couldBeJudged({ begun: open }: Scenes, find: Find): Promise<boolean> {
  const scene = await open();
  if (!scene) return false;
  try {
    await find(scene);
    return true;
  } catch {
    return false;
  }
}

/** A check that needs another one which failed is not judged, and earns nothing; if that one broke, it costs nothing. */
function notJudged(task: string, { id, says, points }: Check, blocked: CheckResult): CheckResult {
  const broke = blocked.outcome === "broke";
  return {
    id,
    task,
    outcome: broke ? "broke" : "fail",
    points: 0,
    of: broke ? 0 : points,
    says,
    expected: `first: ${blocked.says}`,
    observed: `not judged, because ${blocked.id} ${broke ? "could not be judged" : "failed"}`,
    evidence: [],
  };
}

function blockedBy({ needs }: Check, done: ReadonlyMap<string, CheckResult>): CheckResult | undefined {
  return needs.map((id) => done.get(id)).find((result) => result !== undefined && result.outcome !== "pass");
}

/** Checks behind those that they need. Whoever loads a lab refuses circles. */
function inOrder(checks: readonly Check[]): readonly Check[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const ordered = new Set<Check>();
  const visit = (check: Check, path: ReadonlySet<Check>): void => {
    if (ordered.has(check) || path.has(check)) return;
    for (const id of check.needs) {
      const needed = byId.get(id);
      if (needed) visit(needed, new Set([...path, check]));
    }
    ordered.add(check);
  };
  for (const check of checks) visit(check, new Set());
  return [...ordered];
}

function sum(numbers: readonly number[]): number {
  return round(numbers.reduce((total, number) => total + number, 0));
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}
