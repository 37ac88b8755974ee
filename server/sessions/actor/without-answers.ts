import type { Report } from "../../../grader/index.ts";
import type { PlacedLab } from "../../../labs/index.ts";

/**
 * A report for who is still at work: of a question that is not answered rightly it says no more than that. What is right,
 * and the command that shows it, would be the answer.
 */
export function withoutAnswers(report: Report, { tasks }: PlacedLab["lab"]): Report {
  const questions = new Set(tasks.flatMap((task) => task.questions.map(({ id }) => `${task.id}/${id}`)));
  return {
    ...report,
    results: report.results.map((result) => {
      if (result.outcome !== "fail" || !questions.has(`${result.task}/${result.id}`)) return result;
      const { see: _, ...said } = result;
      return { ...said, expected: "the right answer: the result shows it", evidence: [] };
    }),
  };
}
