import { compile, isRegexError, type Regex } from "../../shell/regex/index.ts";
import type { Process, ProcessRow } from "../../sim/host/index.ts";
import { commandLine } from "../procps/state.ts";
import type { Call } from "../gnu/tool.ts";

/** The options that pgrep and pkill choose processes with. */
export const MATCH_FLAGS = {
  count: { short: "c", long: "count", help: "count of matching processes" },
  full: { short: "f", long: "full", help: "use full process name to match" },
  pgroup: { short: "g", long: "pgroup", arg: "PGID,...", help: "match listed process group IDs" },
  group: { short: "G", long: "group", arg: "GID,...", help: "match real group IDs" },
  ignoreCase: { short: "i", long: "ignore-case", help: "match case insensitively" },
  newest: { short: "n", long: "newest", help: "select most recently started" },
  oldest: { short: "o", long: "oldest", help: "select least recently started" },
  older: { short: "O", long: "older", arg: "seconds", help: "select where older than seconds" },
  parent: { short: "P", long: "parent", arg: "PPID,...", help: "match only child processes of the given parent" },
  session: { short: "s", long: "session", arg: "SID,...", help: "match session IDs" },
  terminal: { short: "t", long: "terminal", arg: "tty,...", help: "match by controlling terminal" },
  euid: { short: "u", long: "euid", arg: "ID,...", help: "match by effective IDs" },
  uid: { short: "U", long: "uid", arg: "ID,...", help: "match by real IDs" },
  exact: { short: "x", long: "exact", help: "match exactly with the command name" },
  pidfile: { short: "F", long: "pidfile", arg: "file", simulated: false },
  ancestors: { short: "A", long: "ignore-ancestors", help: "exclude our ancestors from results" },
  runStates: { short: "r", long: "runstates", arg: "state", simulated: false },
  ns: { long: "ns", arg: "PID", simulated: false },
  nsList: { long: "nslist", arg: "ns,...", simulated: false },
} as const;

/** The processes that match, by pid; a text says what is wrong, a number is the exit code after a message. */
export async function matching(call: Call<string>, invert: boolean): Promise<ProcessRow[] | number> {
  const { process, operands } = call;
  const { host } = process;
  if (operands.length > 1) {
    await call.say("only one pattern can be provided");
    await process.error(`Try \`${call.name} --help' for more information.\n`);
    return 2;
  }
  const criteria = ["pgroup", "group", "parent", "session", "terminal", "euid", "uid", "older"].filter((flag) =>
    call.has(flag),
  );
  if (operands.length === 0 && criteria.length === 0) {
    await call.say("no matching criteria specified");
    await process.error(`Try \`${call.name} --help' for more information.\n`);
    return 2;
  }
  let regex: Regex | undefined;
  if (operands[0] !== undefined) {
    const pattern = call.has("exact") ? `^(${operands[0]})$` : operands[0];
    const compiled = compile(pattern, { syntax: "extended", ignoreCase: call.has("ignoreCase") });
    if (isRegexError(compiled)) {
      await call.say(compiled.error);
      return 2;
    }
    regex = compiled;
    if (!call.has("full") && operands[0].length > 15 && /^[\w-]+$/.test(operands[0]))
      await call.say(
        `pattern that searches for process name longer than 15 characters will result in zero matches\nTry \`${call.name} -f' option to match against the complete command line.`,
      );
  }
  const listed = (flag: string): string[] | undefined => (call.has(flag) ? call.options.values(flag).flatMap((text) => text.split(",")) : undefined); // prettier-ignore
  const uids = [listed("euid"), listed("uid")].map((names) =>
    names?.map((name) => host.users.byName(name)?.uid ?? Number(name)),
  );
  const gids = listed("group")?.map((name) => host.users.groupByName(name)?.gid ?? Number(name));
  const parents = listed("parent")?.map(Number);
  const groups = listed("pgroup")?.map((text) => (text === "0" ? process.row.pgid : Number(text)));
  const sessions = listed("session")?.map((text) => (text === "0" ? process.row.sid : Number(text)));
  const terminals = listed("terminal");
  const older = call.value("older");
  const test = (row: ProcessRow): boolean =>
    uids.every((wanted) => !wanted || wanted.includes(row.uid)) &&
    (!gids || gids.includes(row.gid)) &&
    (!parents || parents.includes(parentPid(process, row))) &&
    (!groups || groups.includes(row.pgid)) &&
    (!sessions || sessions.includes(row.sid)) &&
    (!terminals || terminals.includes(row.tty ?? "?") || terminals.includes(`/dev/${row.tty ?? ""}`)) &&
    (older === undefined || process.now - row.startedAt > Number(older) * 1_000_000) &&
    (!regex || regex.test(call.has("full") ? commandLine(row) : row.comm));
  let rows = host.processes().filter((row) => row.pid !== process.pid && test(row) !== invert);
  if (call.has("ancestors")) {
    const above = new Set<number>();
    for (
      let row = process.machine.process(process.row.ppid);
      row && !above.has(row.pid);
      row = process.machine.process(row.ppid)
    )
      above.add(row.pid);
    rows = rows.filter(({ pid }) => !above.has(pid));
  }
  const byStart = [...rows].sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
  if (call.has("newest")) return byStart.slice(-1);
  return call.has("oldest") ? byStart.slice(0, 1) : rows;
}

function parentPid({ host, machine }: Process, row: ProcessRow): number {
  const parent = machine.process(row.ppid);
  return parent ? host.pidOf(parent) : 0;
}
