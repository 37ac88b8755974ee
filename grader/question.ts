import { RE2JS } from "re2js";
import { z } from "zod";
import { isAddress } from "../server/sim/net/index.ts";
import { Answer, AnswerForm } from "./checks/answer-spec.ts";
import { Words } from "./checks/names.ts";
import { sameValue } from "./matcher.ts";

export const QuestionKind = z.enum(["text", "number", "address", "mac", "choice", "file"]);
export type QuestionKind = z.infer<typeof QuestionKind>;

export const Question = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, "an id is lower-case words joined by -")
      .describe("What proofs and reports call it."),
    ask: Words.describe("The question, as the learner reads it."),
    kind: QuestionKind.describe(
      "What is typed, and what does not matter in it: white space in a `text`, the prefix length of an `address`, the notation of a `mac`. A `choice` has `choices`. For a `file` nothing is typed: it is what the learner wrote into a file.",
    ),
    choices: z
      .array(z.string({ error: 'expected a text: put it between quotes, such as "2379"' }))
      .min(2)
      .optional()
      .describe("What can be chosen, for the kind `choice`."),
    file: z
      .strictObject({
        on: z.string().describe("The machine that the file is written on."),
        path: z.string().startsWith("/").describe("Where the task asks for it: `/opt/course/1/answer.txt`."),
        as: AnswerForm.default("text"),
      })
      .optional()
      .describe("The file, for the kind `file`."),
    ignore: z
      .string()
      .refine(isPattern, "expected a regular expression")
      .optional()
      .describe(
        "A regular expression: what it finds in an answer does not matter, as `@if[0-9]+$` behind the name of an interface.",
      ),
    points: z.number().positive().describe("Points for the right answer."),
    answer: Answer,
  })
  .refine(
    (question) => (question.kind === "choice") === (question.choices !== undefined),
    "choices belong to a question of kind choice, and only there",
  )
  .refine(
    (question) => (question.kind === "file") === (question.file !== undefined),
    "file belongs to a question of kind file, and only there",
  )
  .superRefine(({ kind, choices = [], answer }, context) => {
    const twice = choices.find((choice, at) => choices.indexOf(choice) !== at);
    if (twice !== undefined)
      context.addIssue({ code: "custom", path: ["choices"], message: `${JSON.stringify(twice)} can be chosen twice` });
    const wrong = typeof answer === "object" ? undefined : answerProblem(kind, String(answer), choices);
    if (wrong !== undefined) context.addIssue({ code: "custom", path: ["answer"], message: wrong });
  })
  .meta({ title: "Question" });
export type Question = z.infer<typeof Question>;

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** An answer without what does not matter in it. */
export function withoutIgnored(ignore: string | undefined, text: string): string {
  return ignore === undefined ? text : RE2JS.compile(ignore).matcher(text.trim()).replaceAll("");
}

/** Why an answer that stands in the lab can never be given. */
function answerProblem(kind: QuestionKind, answer: string, choices: readonly string[]): string | undefined {
  const found = JSON.stringify(answer);
  if (answer.trim() === "") return "expected the right answer, found an empty text";
  if (kind === "choice" && choices.length > 0 && !choices.some((choice) => sameAnswer("choice", choice, answer)))
    return `expected one of the choices ${choices.join(", ")}, found ${found}`;
  if (kind === "number" && !Number.isFinite(Number(answer))) return `expected a number, found ${found}`;
  if (kind === "address" && !isAddress(normalise("address", answer)))
    return `expected an address such as 10.0.0.1, found ${found}`;
  if (kind === "mac" && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(normalise("mac", answer)))
    return `expected a MAC address such as 02:00:00:00:00:01, found ${found}`;
  return undefined;
}

/** Does the given answer mean the same as the right one? Kinds forgive what does not matter: case of a MAC, a prefix length, white space. */
export function sameAnswer(kind: AnswerForm | "choice", given: string, right: string): boolean {
  if (kind === "lines") return sameValue(lines(given), lines(right));
  return sameValue(normalise(kind, given), normalise(kind, right));
}

function normalise(kind: Exclude<AnswerForm, "lines"> | "choice", text: string): string {
  const plain = text.trim().replace(/\s+/g, " ");
  switch (kind) {
    case "number":
      return plain !== "" && Number.isFinite(Number(plain)) ? String(Number(plain)) : plain;
    case "address":
      return plain.replace(/\/\d+$/, "").toLowerCase();
    case "mac":
      return plain
        .toLowerCase()
        .replace(/[-.]/g, ":")
        .replace(/\b([0-9a-f])\b/g, "0$1");
    case "text":
    case "choice":
      return plain;
  }
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => normalise("text", line))
    .filter((line) => line !== "");
}
