import { expect, test } from "vitest";
import { Question, sameAnswer, withoutIgnored } from "./question.ts";

test.each<[Parameters<typeof sameAnswer>[0], string, string, boolean]>([
  ["mac", "02:AB:0C:0d:0e:0f", "02:ab:0c:0d:0e:0f", true],
  ["mac", "2-ab-c-d-e-f", "02:ab:0c:0d:0e:0f", true],
  ["address", "172.30.1.1/24", "172.30.1.1", true],
  ["address", "172.30.1.2", "172.30.1.1", false],
  ["number", " 0064 ", "64", true],
  ["text", "cni0 \n", "cni0", true],
  ["text", "", "cni0", false],
  ["choice", "2379", "2379", true],
  ["lines", "b\n a  1\n\n", "a 1\nb", true],
  ["lines", "b\nb", "a\nb", false],
])("%s: %j for %j: %s", (kind, given, right, same) => {
  expect(sameAnswer(kind, given, right)).toBe(same);
});

test("what a question ignores does not matter", () => {
  expect(withoutIgnored("@if[0-9]+$", "veth0bb8b757@if2\n")).toBe("veth0bb8b757");
  expect(withoutIgnored("^/etc/cni/net[.]d/", "/etc/cni/net.d/10-flannel.conflist")).toBe("10-flannel.conflist");
  expect(withoutIgnored(undefined, "veth0bb8b757@if2")).toBe("veth0bb8b757@if2");
  const question = { id: "q", ask: "?", kind: "text", points: 1, answer: "x" };
  expect(Question.safeParse({ ...question, ignore: "@if[0-9]+$" }).success).toBe(true);
  expect(Question.safeParse({ ...question, ignore: "(" }).success).toBe(false);
});

test("choices belong to choice questions", () => {
  const question = { id: "q", ask: "?", kind: "text", points: 1, answer: "x" };
  expect(Question.safeParse(question).success).toBe(true);
  expect(Question.safeParse({ ...question, choices: ["a", "b"] }).success).toBe(false);
  expect(Question.safeParse({ ...question, kind: "choice" }).success).toBe(false);
});

test("a file belongs to questions of kind file", () => {
  const question = { id: "q", ask: "?", kind: "file", points: 1, answer: "x" };
  expect(Question.safeParse(question).success).toBe(false);
  expect(Question.safeParse({ ...question, file: { on: "node01", path: "/opt/x" } }).success).toBe(true);
  expect(Question.safeParse({ ...question, kind: "text", file: { on: "node01", path: "/opt/x" } }).success).toBe(false);
});
