import { expect, test } from "vitest";
import { Question, sameAnswer, type QuestionKind } from "./question.ts";

test.each<[QuestionKind, string, string, boolean]>([
  ["mac", "02:AB:0C:0d:0e:0f", "02:ab:0c:0d:0e:0f", true],
  ["mac", "2-ab-c-d-e-f", "02:ab:0c:0d:0e:0f", true],
  ["address", "172.30.1.1/24", "172.30.1.1", true],
  ["address", "172.30.1.2", "172.30.1.1", false],
  ["number", " 0064 ", "64", true],
  ["text", "cni0 \n", "cni0", true],
  ["text", "", "cni0", false],
  ["choice", "2379", "2379", true],
])("%s: %j for %j: %s", (kind, given, right, same) => {
  expect(sameAnswer(kind, given, right)).toBe(same);
});

test("choices belong to choice questions", () => {
  const question = { id: "q", ask: "?", kind: "text", points: 1, answer: "x" };
  expect(Question.safeParse(question).success).toBe(true);
  expect(Question.safeParse({ ...question, choices: ["a", "b"] }).success).toBe(false);
  expect(Question.safeParse({ ...question, kind: "choice" }).success).toBe(false);
});
