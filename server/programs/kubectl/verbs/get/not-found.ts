import { Aggregate, aggregate, isReason, type GoError } from "../../errors/go-error.ts";

/** What is left of errors if those that say "not found" do not count (`--ignore-not-found`). */
export function withoutNotFound(error: GoError | undefined): GoError | undefined {
  if (!(error instanceof Aggregate)) return isReason(error, "NotFound") ? undefined : error;
  return aggregate(error.errors.flatMap((one) => withoutNotFound(one) ?? []));
}
