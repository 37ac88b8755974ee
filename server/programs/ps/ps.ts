import type { Process, Program } from "../../sim/host/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { cutColumns, padColumns } from "../gnu/width.ts";
import { column, type Column, type View } from "./columns.ts";
import { forest } from "./forest.ts";
import { parsePs, type PsOptions, type Wanted } from "./options.ts";
import { select } from "./select.ts";

export const ps: Program = {
  name: "ps",
  summary: "report a snapshot of the current processes",
  async run(process, args) {
    const options = parsePs(args, process.host);
    if ("notSimulated" in options) {
      await process.error(`drydock: ps: '${options.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in options) return fail(process, options.problem);
    if ("info" in options) {
      await process.print(options.info === "version" ? `ps from procps-ng ${versionOf(process, "procps")}\n` : HELP);
      return 0;
    }
    const columns = columnsOf(process, options);
    if (typeof columns === "string") return fail(process, columns);
    if (columns === undefined) return 64;
    const chosen = select(process, options);
    if (typeof chosen === "string") return fail(process, chosen);
    const views = arrange(process, chosen, options);
    if (typeof views === "string") return fail(process, views);
    const width = screenWidth(process, options);
    const text = [...(options.headers && columns.some(({ heading }) => heading !== "") ? [undefined] : []), ...views]
      .map((view) => `${line(columns, view, width)}\n`)
      .join("");
    await process.print(text);
    return views.length > 0 || options.selections.length === 0 ? 0 : 1;
  },
};

const USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

const HELP = `
Usage:
 ps [options]

Basic options:
 -A, -e               all processes
 -a                   all with tty, except session leaders
  a                   all with tty, including other users
 -d                   all except session leaders
 -N, --deselect       negate selection
  x                   processes without controlling ttys

Selection by list:
 -C <command>         command name
 -G, --Group <GID>    real group id or name
 -g, --group <group>  session or effective group name
 -p, p, --pid <PID>   process id
        --ppid <PID>  parent process id
 -s, --sid <session>  session id
 -t, t, --tty <tty>   terminal
 -u, U, --user <UID>  effective user id or name

Output formats:
 -F                   extra full
 -f                   full-format, including command lines
  f, --forest         ascii art process tree
 -H                   show process hierarchy
 -j                   jobs format
  j                   BSD job control format
 -l                   long format
  l                   BSD long format
 -o, o, --format <format>
                      user-defined format
  u                   user-oriented format

Miscellaneous options:
  h, --no-headers     no headers at all
  k,    --sort        specify sort order as: [+|-]key[,[+|-]key[,...]]
 -V, V, --version     display version information and exit
 -w, w                unlimited output width
`;

async function fail(process: Process, problem: string): Promise<number> {
  await process.error(`error: ${problem}\n${USAGE}`);
  return 1;
}

/** The layouts behind -f, u, l… by columns (procps src/ps/output.c). */
const LAYOUTS: Readonly<Record<string, string>> = {
  plain: "pid,tname,time,ucmd",
  full: "uid_name,pid,ppid,c,stime,tname,time,cmd",
  "extra full": "uid_name,pid,ppid,c,sz,rss,psr,stime,tname,time,cmd",
  long: "f,s,uid,pid,ppid,c,opri,ni,addr,sz,wchan,tname,time,ucmd",
  "long full": "f,s,uid_name,pid,ppid,c,opri,ni,addr,sz,wchan,stime,tname,time,cmd",
  jobs: "pid,pgid,sid,tname,time,ucmd",
  bsd: "pid,tname,stat,bsdtime,args",
  user: "user,pid,%cpu,%mem,vsz,rss,tname,stat,start_time,bsdtime,args",
  "bsd long": "f,uid,pid,ppid,pri,ni,vsz,rss,wchan,stat,tname,bsdtime,args",
  "bsd jobs": "ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args",
};

/** What to show; a text if a column is unknown, undefined after a message about one that is not simulated. */
function columnsOf(process: Process, options: PsOptions): Column[] | string | undefined {
  const pidWidth = String(Number((process.host.readText("/proc/sys/kernel/pid_max") ?? "4194304").trim())).length;
  const wanted: readonly Wanted[] =
    options.formats.length > 0
      ? options.formats
      : LAYOUTS[options.layout ?? (options.bsd ? "bsd" : "plain")]!.split(",").map((name) => ({ name }));
  const columns: Column[] = [];
  for (const { name, heading, width } of wanted) {
    const found = column(name, pidWidth);
    if (found === "absent") {
      void process.error(`drydock: ps: column '${name}' is not simulated\n`);
      return undefined;
    }
    if (!found) return `unknown user-defined format specifier "${name}"`;
    // BSD's long format has no column SZ but VSZ and a short ADDR.
    const ownHeading = heading ?? found.heading;
    columns.push({
      ...found,
      heading: ownHeading,
      width: width ?? (heading === undefined ? found.width : Math.max(found.width, heading.length)),
    });
  }
  return columns;
}

function arrange(process: Process, rows: ReturnType<typeof select>, options: PsOptions): View[] | string {
  if (typeof rows === "string") return rows;
  const { host, now } = process;
  const view = (row: View["row"], prefix = ""): View => ({ row, process, host, now, prefix });
  let sorted = rows;
  for (const key of options.sort.toReversed()) {
    const name = key.replace(/^[-+]/, "");
    const found = column(SORT_NAMES[name] ?? name, 7);
    if (!found || found === "absent") return `unknown sort specifier`;
    const sign = key.startsWith("-") ? -1 : 1;
    const keyOf = (row: View["row"]): number | string => (found.key ?? found.text)(view(row));
    sorted = [...sorted].sort((a, b) => {
      const [x, y] = [keyOf(a), keyOf(b)];
      return sign * (x < y ? -1 : x > y ? 1 : 0);
    });
  }
  if (options.forest || options.hierarchy)
    return forest(sorted, options.forest ? "lines" : "indent").map(({ row, prefix }) => view(row, prefix));
  return sorted.map((row) => view(row));
}

const SORT_NAMES: Readonly<Record<string, string>> = {
  cmd: "comm",
  rssize: "rss",
  resident: "rss",
  start_time: "start_time",
  vsize: "vsz",
};

/** Unlimited, if the output is no terminal or `w` was given twice. */
function screenWidth(process: Process, options: PsOptions): number {
  if (options.wide >= 2) return Infinity;
  const given =
    options.columns ?? (/^[1-9]\d*$/.test(process.env["COLUMNS"] ?? "") ? Number(process.env["COLUMNS"]) : undefined);
  const width = given ?? process.fds.find(1)?.tty?.cols ?? Infinity;
  return options.wide === 1 ? Math.max(132, width) : width;
}

/** One line: headings without a view. A column that is wider than it should be moves the next ones until there is room again. */
function line(columns: readonly Column[], view: View | undefined, width: number): string {
  let out = "";
  let debt = 0;
  for (const [at, each] of columns.entries()) {
    const last = at === columns.length - 1;
    let text = view ? each.text(view) : each.heading;
    if (view && each.cut && text.length > each.width)
      text = /^\d+$/.test(text) ? text : `${text.slice(0, each.width - 1)}+`;
    if (view && !last && each.open && text.length > each.width) text = text.slice(0, each.width);
    const room = Math.max(0, each.width - debt);
    const cell = each.align === "right" ? text.padStart(room) : last ? text : padColumns(text, room);
    debt = Math.max(0, debt + cell.length - each.width);
    out += (at === 0 ? "" : " ") + cell;
  }
  const shown = out;
  return width === Infinity ? shown : cutColumns(shown, width);
}
