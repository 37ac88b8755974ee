import { createInterface } from "node:readline/promises";
import type { Task } from "../../../labs/index.ts";

/** Asks the questions of a lab's tasks at this terminal; answers by `task/question`. An empty line leaves one out. */
export async function askAnswers(tasks: readonly Task[]): Promise<Record<string, string>> {
  const questions = tasks.flatMap((task) =>
    task.questions
      .filter(({ kind }) => kind !== "file")
      .map((question) => ({ key: `${task.id}/${question.id}`, question })),
  );
  const answers: Record<string, string> = {};
  if (questions.length === 0) return answers;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (const { key, question } of questions) {
      const choices = question.choices ? ` (${question.choices.join(", ")})` : "";
      const answer = await lines.question(`${question.ask}${choices}\n> `);
      if (answer.trim() !== "") answers[key] = answer;
    }
  } finally {
    lines.close();
  }
  return answers;
}
