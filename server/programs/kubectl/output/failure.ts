/**
 * Why something was not printed. kubectl prints `error: `, this text, and a newline if the text does not end in one. `out` is
 * what it had written to standard output by then.
 */
export interface Failure {
  readonly error: string;
  readonly out?: string;
}

export function isFailure(result: unknown): result is Failure {
  return typeof result === "object" && result !== null && "error" in result;
}
