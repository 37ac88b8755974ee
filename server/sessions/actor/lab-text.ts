import type { PlacedLab } from "../../../labs/index.ts";
import type { LabText } from "../protocol/index.ts";

/** What a lab says to people, with its variants filled in and without the answers. */
export function labText(placed: PlacedLab): LabText {
  const { id, title, level, minutes, terminal, tasks, explain } = placed.lab;
  return {
    id,
    title,
    level,
    minutes,
    seed: placed.seed,
    host: terminal.host,
    user: terminal.user,
    tasks: tasks.map((task) => ({
      id: task.id,
      points: task.points,
      prompt: placed.text(task.prompt),
      questions: task.questions.map(({ id: question, ask, kind, choices, points }) => ({
        id: question,
        ask,
        kind,
        ...(choices === undefined ? {} : { choices }),
        points,
      })),
      hints: task.hints.map((hint) => (typeof hint === "string" ? { text: hint, costs: 0 } : hint)),
    })),
    explain: placed.text(explain),
  };
}
