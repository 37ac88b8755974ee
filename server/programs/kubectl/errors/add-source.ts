import { GoError, StatusError } from "./go-error.ts";

/** Puts the file that an object came from before what went wrong with it (kubectl pkg/cmd/util/helpers.go AddSourceToErr). */
export function addSource(doing: string, source: string, error: unknown): unknown {
  if (source === "" || !(error instanceof GoError)) return error;
  const message = `error when ${doing} ${JSON.stringify(source)}: ${error.message}`;
  return error instanceof StatusError ? error.withMessage(message) : new GoError(message);
}
