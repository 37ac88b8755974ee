/** What is wrong with files, where, and what to do: `labs/x/lab.yaml:12:5: tasks[0].points: expected a number, found the text "six"`. */
export class BadFile extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Of problems at the same place about the same field, the first: other seeds only draw other values into it. */
export function oneEach(problems: Iterable<string>): string[] {
  const byPlace = new Map<string, string>();
  for (const problem of problems) {
    const key = problem.split(": ", 2).join(": ");
    if (!byPlace.has(key)) byPlace.set(key, problem);
  }
  return [...byPlace.values()];
}
