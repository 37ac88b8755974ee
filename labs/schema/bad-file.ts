/** What is wrong with files, where, and what to do: `labs/x/lab.yaml:12:5: tasks[0].points: expected a number, found the text "six"`. */
export class BadFile extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}
