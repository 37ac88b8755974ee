import type { Host, Process, ProcessRow } from "../../sim/host/index.ts";
import type { PsOptions, Selection } from "./options.ts";

/** The processes that the options choose, by pid; a text says what is wrong with a list. */
export function select(process: Process, options: PsOptions): ProcessRow[] | string {
  const { host } = process;
  const problem = options.selections
    .map((selection) => listProblem(host, selection))
    .find((found) => found !== undefined);
  if (problem !== undefined) return problem;
  const listed = options.selections.length > 0;
  const mine = (row: ProcessRow): boolean => row.uid === process.uid;
  const chosen = (row: ProcessRow): boolean => {
    if (options.everyone === "all") return true;
    if (options.everyone === "terminals" && row.tty !== undefined && row.sid !== row.pid) return true;
    if (options.everyone === "not leaders" && row.sid !== row.pid) return true;
    if (options.selections.some((selection) => matches(host, row, selection))) return true;
    if (listed || options.everyone !== undefined) return false;
    // BSD: `a` lifts "only yourself", `x` lifts "must have a tty"; UNIX: same user and terminal.
    if (options.bsd) return (options.bsdAll || mine(row)) && (options.bsdNoTty || row.tty !== undefined);
    return mine(row) && row.tty === process.row.tty;
  };
  return host.processes().filter((row) => chosen(row) !== options.negate);
}

function listProblem({ users }: Host, { by, values }: Selection): string | undefined {
  if (values.length === 0) return "list must not be empty";
  if ((by === "pid" || by === "ppid") && values.some((value) => !/^\d+$/.test(value)))
    return "process ID list syntax error";
  if (by === "user" && values.some((value) => !/^\d+$/.test(value) && !users.byName(value)))
    return "user name does not exist";
  if (by === "group" && values.some((value) => !/^\d+$/.test(value) && !users.groupByName(value)))
    return "group name does not exist";
  return undefined;
}

function matches(host: Host, row: ProcessRow, { by, values }: Selection): boolean {
  switch (by) {
    case "pid":
      return values.includes(String(host.pidOf(row)));
    case "ppid": {
      const parent = host.machine.process(row.ppid);
      return values.includes(String(parent ? host.pidOf(parent) : 0));
    }
    case "name":
      return values.some((value) => value.slice(0, 15) === row.comm);
    case "user":
      return values.some((value) => (host.users.byName(value)?.uid ?? Number(value)) === row.uid);
    case "group":
      return values.some((value) => (host.users.groupByName(value)?.gid ?? Number(value)) === row.gid);
    case "tty":
      return values.some((value) => value === row.tty || `/dev/${row.tty ?? ""}` === value || `pts/${value}` === row.tty || (value === "?" && row.tty === undefined)); // prettier-ignore
    case "session":
      return values.includes(String(row.sid));
  }
}
