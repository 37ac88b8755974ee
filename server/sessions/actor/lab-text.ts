import { documentationOf, documentationText, type PlacedLab } from "../../../labs/index.ts";
import type { LabText } from "../protocol/index.ts";

/** What a lab says to people, with its variants filled in and without the answers. */
export function labText(placed: PlacedLab): LabText {
  const { id, title, level, minutes, terminal, tasks, explain, topics } = placed.lab;
  return {
    id,
    title,
    level,
    minutes,
    seed: placed.seed,
    host: terminal.host,
    user: terminal.user,
    tasks: tasks.map((task, at) => ({
      id: task.id,
      points: task.points,
      prompt: placed.text(task.prompt) + (at === 0 ? documentationText(placed.lab) : ""),
      // What stands in a file is not typed here: the prompt says where.
      questions: task.questions.flatMap(({ id: question, ask, kind, choices, points }) =>
        kind === "file" ? [] : [{ id: question, ask, kind, ...(choices === undefined ? {} : { choices }), points }],
      ),
      hints: task.hints.map((hint) => (typeof hint === "string" ? { text: hint, costs: 0 } : hint)),
    })),
    docs: documentationOf(placed.lab),
    explain: placed.text(explain),
    topics: [...topics],
    version: placed.source.version,
  };
}
