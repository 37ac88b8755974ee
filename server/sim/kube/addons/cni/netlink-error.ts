import { strerror } from "../../../host/index.ts";
import type { Failure, Result } from "../../../net/index.ts";
import { CniError } from "./cni-error.ts";

/** What Go's netlink package says of a refusal: the errno's words without capitals. */
export function netlinkWords(failure: Failure): string {
  return failure.unsimulated === undefined
    ? strerror(failure.errno).toLowerCase()
    : `drydock: '${failure.unsimulated}' is not simulated`;
}

/** The value of a netlink request, or a refusal with these words before the kernel's. */
export function granted<T>(result: Result<T>, context: string): T {
  if (result.ok) return result.value;
  throw new CniError(`${context}: ${netlinkWords(result)}`);
}
