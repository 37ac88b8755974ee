import { z } from "zod";
import { Check, nearest, Question, Words } from "../../grader/index.ts";
import { PRESETS, WORLD_PRESETS } from "../../server/sim/presets/index.ts";
import { Fault } from "../faults/index.ts";
import { ClusterChoice } from "./cluster.ts";
import { Id } from "./id.ts";
import { TOPICS } from "./topics.ts";
import { Variant, VariantName, When } from "./variants.ts";

/** One line of text. */
export const Line = z.string().regex(/^[^\n]*\S[^\n]*$/, "expected one line of text");

/** Minutes: who writes more has mistaken the unit. */
export const DAY = 24 * 60;

/** A file of the lab's folder, by its path from there. */
const LabFile = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/, "expected a path inside the lab's folder");

export const Hint = z
  .union(
    [
      Words,
      z.strictObject({
        text: Words.describe("The hint."),
        costs: z.number().nonnegative().describe("Points that reading it takes off."),
      }),
    ],
    { error: "expected a text or { text, costs }" },
  )
  .meta({ title: "Hint" });

const STEPS = ["manifest", "fault", "file", "script", "settle"] as const;

const FileStep = z
  .strictObject({
    on: z.string().describe("The machine."),
    path: z.string().startsWith("/").describe("Where; folders that are missing are made."),
    text: z.string().optional().describe("What it holds."),
    from: LabFile.optional().describe("A file of the lab that it is a copy of, in place of `text`."),
    mode: z
      .string()
      .regex(/^[0-7]{3,4}$/, 'expected a mode such as "644"')
      .default("644")
      .describe("Its permission bits."),
  })
  .refine((file) => (file.text === undefined) !== (file.from === undefined), "a file has exactly one of text, from");

const ScriptStep = z
  .strictObject({
    on: z.string().describe("The machine."),
    file: LabFile.optional().describe("A file of the lab that holds the script."),
    run: z.string().optional().describe("The script itself, in place of `file`."),
  })
  .refine(
    (script) => (script.file === undefined) !== (script.run === undefined),
    "a script has exactly one of file, run",
  );

/** One step of setting the lab up, done in order. */
export const SetupStep = z
  .strictObject({
    manifest: LabFile.optional().describe("Objects to apply, as `kubectl apply -f` would."),
    fault: Fault.meta({ title: "Faults" })
      .optional()
      .describe("Something that an administrator got wrong, from the catalogue: `{ NAME: { PARAMETERS } }`."),
    file: FileStep.optional().describe("A file on a machine."),
    script: ScriptStep.optional().describe("A script that runs on a machine as root, to its end; it must end well."),
    settle: z.literal(true).optional().describe("Wait until nothing moves."),
    when: When.optional().describe(
      "The step is only done if this was drawn: `{ cause: selector }`, `{ cause: [a, b] }`.",
    ),
  })
  .refine(
    (step) => STEPS.filter((field) => step[field] !== undefined).length === 1,
    `a step has exactly one of ${STEPS.join(", ")}`,
  )
  .meta({ title: "Setup step" });
export type SetupStep = z.infer<typeof SetupStep>;

export const Task = z
  .strictObject({
    id: Id.describe("What reports call it."),
    points: z.number().positive().describe("The sum of its checks' and questions' points."),
    prompt: LabFile.describe("A Markdown file: what has to be done."),
    hints: z.array(Hint).default([]).describe("From a direction to almost the answer, read one after the other."),
    checks: z.array(Check).default([]).describe("What is looked at when it is graded."),
    questions: z.array(Question).default([]).describe("What the learner is asked."),
  })
  .superRefine((task, context) => {
    const parts = [...task.checks, ...task.questions];
    const sum = parts.reduce((total, part) => total + part.points, 0);
    if (parts.length === 0) context.addIssue({ code: "custom", message: "a task has checks or questions" });
    else if (sum !== task.points && parts.every(({ points }) => points > 0))
      context.addIssue({
        code: "custom",
        path: ["points"],
        message: `the task has ${task.points} points, its checks and questions add up to ${sum}`,
      });
    const ids = parts.map((part) => part.id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined)
      context.addIssue({ code: "custom", message: `two checks or questions have the id ${twice}` });
    for (const [at, check] of task.checks.entries())
      for (const id of check.needs) {
        const message = unknownNeed(id, task);
        if (message !== undefined) context.addIssue({ code: "custom", path: ["checks", at, "needs"], message });
      }
    // One of those in a circle is enough.
    const circle = task.checks.findIndex((check) => needsItself(check.id, task.checks));
    if (circle >= 0)
      context.addIssue({
        code: "custom",
        path: ["checks", circle, "needs"],
        message: `${ids[circle]} needs itself${task.checks[circle]!.needs.includes(ids[circle]!) ? "" : ", by way of what it needs"}`,
      });
    const costs = task.hints.reduce((total, hint) => total + (typeof hint === "string" ? 0 : hint.costs), 0);
    if (costs > task.points && task.points > 0)
      context.addIssue({
        code: "custom",
        path: ["hints"],
        message: `the hints cost ${costs} points together, the task has ${task.points}`,
      });
  })
  .meta({ title: "Task" });
export type Task = z.infer<typeof Task>;

function unknownNeed(
  id: string,
  { checks, questions }: { readonly checks: readonly Check[]; readonly questions: readonly Question[] },
): string | undefined {
  if (checks.some((check) => check.id === id)) return undefined;
  if (questions.some((question) => question.id === id)) return `${id} is a question: only checks can be needed`;
  const meant = nearest(
    id,
    checks.map((check) => check.id),
  );
  return `there is no check ${id} in this task${meant === undefined ? "" : `: did you mean ${meant}?`}`;
}

function needsItself(id: string, checks: readonly Check[]): boolean {
  const reached = new Set<string>();
  const visit = (from: string): boolean =>
    (checks.find((check) => check.id === from)?.needs ?? []).some((next) => {
      if (next === id) return true;
      if (reached.has(next)) return false;
      reached.add(next);
      return visit(next);
    });
  return visit(id);
}

/** Where somebody may read on during the lab. */
export const DocumentationLink = z
  .union(
    [
      z.strictObject({
        title: Line.describe("What the page is called."),
        url: z.url({ protocol: /^https$/, error: "expected an https:// address" }).describe("Its address."),
      }),
      z.strictObject({
        reference: z
          .enum(TOPICS)
          .describe("A short page of ours, which the learner finds as a file on the terminal's machine."),
      }),
    ],
    { error: "expected { title, url } or { reference: TOPIC }" },
  )
  .meta({ title: "Documentation link" });

/** A lab: `lab.yaml`. */
export const Lab = z
  .strictObject({
    version: z.literal(1, { error: "this Drydock reads labs of version 1" }).describe("The version of this format."),
    id: Id.describe("As the folder is called."),
    title: Line.describe("A few words."),
    summary: Words.describe("One sentence for the catalogue."),
    topics: z
      .array(z.string())
      .min(1)
      .refine((topics) => new Set(topics).size === topics.length, "the same topic stands in it twice")
      .describe(`Of ${TOPICS.map((topic) => `\`${topic}\``).join(", ")}; the first is the main one.`),
    level: z.enum(["easy", "medium", "hard"]).describe("For a prepared candidate."),
    minutes: z.int().positive().max(DAY).describe("As a prepared candidate needs."),
    cluster: ClusterChoice.optional().describe(
      "The cluster that it begins with; `kubeadm`, if neither this nor `world` is there.",
    ),
    world: z
      .enum(Object.keys(WORLD_PRESETS))
      .optional()
      .describe("A world without a cluster, in place of `cluster`: plain hosts on a switch (`linux`), or with Docker."),
    terminal: z
      .strictObject({ host: z.string().describe("A machine."), user: z.string().describe("A user of it.") })
      .optional()
      .describe("Where terminals begin: by default as root on the world's own first machine."),
    variants: z
      .record(VariantName, Variant)
      .default({})
      .describe(
        "What is drawn from the seed, by name: `{{name}}` in every text, manifest and check, `$name` in proofs.",
      ),
    docs: z
      .array(DocumentationLink)
      .default([])
      .describe("Documentation that may be read during the lab; shown below the first prompt."),
    setup: z.array(SetupStep).default([]).describe("What is done before the learner comes, in order."),
    tasks: z
      .array(Task)
      .min(1)
      .refine((tasks) => new Set(tasks.map((task) => task.id)).size === tasks.length, "two tasks have the same id")
      .refine((tasks) => {
        const ids = tasks.flatMap(({ checks, questions }) => [
          ...new Set([...checks, ...questions].map(({ id }) => id)),
        ]);
        return new Set(ids).size === ids.length;
      }, "a check or question of two tasks has the same id, by which proofs name it")
      .describe("What has to be done."),
    untouched: z
      .number()
      .nonnegative()
      .default(0)
      .describe(
        "Points of an attempt in which nothing is done: those of checks that nothing was spoilt, which no repair has to come before (`needs`).",
      ),
    explain: LabFile.describe("A Markdown file that is shown after grading."),
  })
  .refine(
    ({ cluster, world }) => cluster === undefined || world === undefined,
    "a lab has a cluster or another world, not both",
  )
  .transform(({ cluster, world, terminal, ...lab }) => {
    const preset = world ?? cluster ?? "kubeadm";
    return { ...lab, preset, terminal: terminal ?? { host: PRESETS[preset]!.terminal, user: "root" } };
  });
export type Lab = z.infer<typeof Lab>;
