import { CorefileError } from "../corefile/corefile-error.ts";

/** Where a plugin serves HTTP: `:8080`, `localhost:9153`. */
export interface HttpAddress {
  /** Empty: everywhere. */
  readonly host: string;
  readonly port: number;
}

/** Takes `host:port` apart (net.SplitHostPort), in Go's words if it is not that. */
export function readHttpAddress(text: string): HttpAddress {
  const ends = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  if (ends) return { host: ends[1] ?? ends[2]!, port: Number(ends[3]) };
  const why = !text.includes(":") ? "missing port in address" : "too many colons in address";
  throw new CorefileError(`address ${text}: ${why}`);
}
