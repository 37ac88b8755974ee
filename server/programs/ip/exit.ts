import { strerror } from "../../sim/host/index.ts";
import type { Failure, Result } from "../../sim/net/index.ts";

/** The program ends here: the tools of iproute2 and net-tools call exit(3) from deep inside their parsers. */
export class Exit extends Error {
  readonly status: number;
  /** What is written on standard error, newline included. */
  readonly says: string;
  /** Ends a batch of commands too. */
  readonly atOnce: boolean;

  constructor(status: number, says = "", atOnce = status === 255) {
    super(says);
    this.status = status;
    this.says = says;
    this.atOnce = atOnce;
  }
}

/** What the kernel's refusal makes iproute2 say (lib/libnetlink.c: nl_dump_ext_ack, rtnl_talk_error). */
export function netlinkError(failure: Failure): string {
  const { errno, extack } = failure;
  if (extack === undefined) return `RTNETLINK answers: ${strerror(errno)}\n`;
  return `Error: ${extack}${extack.endsWith(".") ? "" : "."}\n`;
}

/** The value of what was asked of the kernel; a refusal ends the program with `status`. `name` is the program's. */
export function talk<T>(result: Result<T>, name = "ip", status = 2): T {
  if (result.ok) return result.value;
  throw result.unsimulated === undefined
    ? new Exit(status, netlinkError(result))
    : notSimulated(name, result.unsimulated);
}

/** What the real program has and this one has not. */
export function notSimulated(program: string, what: string): Exit {
  return new Exit(64, `drydock: ${program}: '${what}' is not simulated\n`);
}
