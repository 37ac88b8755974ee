import type { Process, ProcessRow } from "../../../sim/host/index.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import { statLetters } from "../../procps/state.ts";
import { usageOf } from "../../../sim/host/index.ts";
import type { Applet } from "../applet.ts";

interface Column {
  readonly heading: string;
  readonly width: number;
  readonly right?: true;
  text(row: ProcessRow, process: Process): string;
}

const minutes = (seconds: number): string =>
  `${String(Math.floor(seconds / 60)).padStart(2)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

const user = (row: ProcessRow, { host }: Process): string => host.users.byUid(row.uid)?.name ?? String(row.uid);
const group = (row: ProcessRow, { host }: Process): string => host.users.groupByGid(row.gid)?.name ?? String(row.gid);

/** procps/ps.c, with CONFIG_DESKTOP. */
const COLUMNS: Readonly<Record<string, Column>> = {
  user: { heading: "USER", width: 8, text: user },
  ruser: { heading: "RUSER", width: 8, text: user },
  group: { heading: "GROUP", width: 8, text: group },
  rgroup: { heading: "RGROUP", width: 8, text: group },
  comm: { heading: "COMMAND", width: 16, text: ({ comm }) => comm },
  args: { heading: "COMMAND", width: 2048, text: commandWords },
  pid: { heading: "PID", width: 5, right: true, text: (row, { host }) => String(host.pidOf(row)) },
  ppid: { heading: "PPID", width: 5, right: true, text: (row, process) => String(parentOf(row, process)) },
  pgid: { heading: "PGID", width: 5, right: true, text: (row, process) => leader(row, row.pgid, process) },
  sid: { heading: "SID", width: 5, right: true, text: (row, process) => leader(row, row.sid, process) },
  etime: {
    heading: "ELAPSED",
    width: 7,
    right: true,
    text: (row, { now }) => minutes((now - row.startedAt) / SECOND).padStart(7),
  },
  time: { heading: "TIME", width: 5, right: true, text: (row, { now }) => minutes(usageOf(row, now).time / SECOND) },
  nice: { heading: "NI", width: 5, right: true, text: () => "0" },
  tty: { heading: "TT", width: 6, text: ({ tty }) => tty ?? "?" },
  vsz: { heading: "VSZ", width: 4, right: true, text: (row, { now }) => scaled(usageOf(row, now).virtual) },
  rss: { heading: "RSS", width: 4, right: true, text: (row, { now }) => scaled(usageOf(row, now).resident) },
  stat: { heading: "STAT", width: 4, text: (row, process) => statLetters(row, process, 1).slice(0, 4) },
};

export const ps: Applet = {
  options: "o:aAdeflT",
  usage: () => `[-o COL1,COL2=HEADER] [-T]

Show list of processes

	-o COL1,COL2=HEADER	Select columns for display
	-T		Show threads`,
  async run(call) {
    const { process } = call;
    const columns: Column[] = [];
    for (const word of call.values("o").flatMap((value) => value.split(","))) {
      const [name, heading] = word.split(/=(.*)/s) as [string, string | undefined];
      const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
      if (!column)
        return call.die(
          `bad -o argument '${name}', supported arguments: ${Object.keys(COLUMNS).toSorted(byText).join(",")}`,
        );
      columns.push(heading === undefined ? column : { ...column, heading });
    }
    if (columns.length === 0) columns.push(...["pid", "user", "time", "args"].map((name) => COLUMNS[name]!));
    const tty = process.fds.find(1)?.tty;
    const width = tty ? Math.max(1, tty.cols - 1) : 2048;
    const lines = [heading(columns), ...process.host.processes().map((row) => line(columns, row, process))];
    await process.print(lines.map((text) => `${text.slice(0, width)}\n`).join(""));
    return 0;
  },
};

function heading(columns: readonly Column[]): string {
  if (columns.every((column) => column.heading === "")) return "";
  return joined(columns, (column) => column.heading.padEnd(column.width));
}

function line(columns: readonly Column[], row: ProcessRow, process: Process): string {
  return joined(columns, (column) => {
    const text = column.text(row, process).slice(0, column.width);
    return column.right ? text.padStart(column.width) : text.padEnd(column.width);
  });
}

function joined(columns: readonly Column[], text: (column: Column) => string): string {
  return columns.map((column, at) => (at === columns.length - 1 ? text(column).trimEnd() : text(column))).join(" ");
}

/** The command line; before it the name if it is not the one that was called (read_cmdline). */
export function commandWords({ argv, comm, state }: ProcessRow): string {
  if (state === "zombie" || argv.length === 0) return `[${comm}]`;
  const text = argv.join(" ").replaceAll(/[\x00-\x1f]/g, " ");
  const [first] = text.replace(/^-/, "").split(" ") as [string];
  const base = first.slice(first.lastIndexOf("/") + 1);
  return base.startsWith(comm) ? text : `{${comm}} ${text}`;
}

function parentOf(row: ProcessRow, { host }: Process): number {
  const parent = host.machine.process(row.ppid);
  if (!parent || !host.sees(parent)) return 0;
  return host.pidOf(parent);
}

function leader(row: ProcessRow, id: number, { host }: Process): string {
  const found = host.machine.process(id);
  return String(found && found.host === row.host ? host.pidOf(found) : 0);
}

/** Kibibytes in four columns: `1234`, `12m`. */
function scaled(kibibytes: number): string {
  return kibibytes < 10_000 ? String(kibibytes) : `${Math.floor(kibibytes / 1024)}m`;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
