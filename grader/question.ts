import { z } from "zod";
import { ObjectReference } from "./checks/names.ts";
import { sameValue } from "./matcher.ts";

export const QuestionKind = z.enum(["text", "number", "address", "mac", "choice"]);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** Where the right answer comes from: it is computed in the world of the attempt, or stands in the lab. */
export const Answer = z.union(
  [
    z.string(),
    z.number(),
    z.strictObject({ command: z.strictObject({ on: z.string(), run: z.string() }) }),
    z.strictObject({ field: z.string() }),
    z.strictObject({ object: ObjectReference, namespace: z.string().optional(), path: z.string() }),
  ],
  { error: "expected the answer itself, { command: { on, run } }, { field } or { object, namespace, path }" },
);
export type Answer = z.infer<typeof Answer>;

export const Question = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, "an id is lower-case words joined by -"),
    ask: z.string(),
    kind: QuestionKind,
    choices: z.array(z.string()).min(2).optional(),
    points: z.number().positive(),
    answer: Answer,
  })
  .refine(
    (question) => (question.kind === "choice") === (question.choices !== undefined),
    "choices belong to a question of kind choice, and only there",
  );
export type Question = z.infer<typeof Question>;

/** Does the given answer mean the same as the right one? Kinds forgive what does not matter: case of a MAC, a prefix length, white space. */
export function sameAnswer(kind: QuestionKind, given: string, right: string): boolean {
  return sameValue(normalise(kind, given), normalise(kind, right));
}

function normalise(kind: QuestionKind, text: string): string {
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
