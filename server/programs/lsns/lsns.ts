import { attempt, Errno, type Process, type Program } from "../../sim/host/index.ts";
import { namespaceOf, networkOfHosts } from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { parseOptions, type Flags } from "../options.ts";

const FLAGS = {
  json: { short: "J", long: "json", simulated: false },
  list: { short: "l", long: "list" },
  noHeadings: { short: "n", long: "noheadings" },
  output: { short: "o", long: "output", arg: "list" },
  outputAll: { long: "output-all", simulated: false },
  persistent: { short: "P", long: "persistent", simulated: false },
  task: { short: "p", long: "task", arg: "pid" },
  raw: { short: "r", long: "raw" },
  noTruncate: { short: "u", long: "notruncate" },
  wrap: { short: "W", long: "nowrap" },
  type: { short: "t", long: "type", arg: "name" },
  tree: { short: "T", long: "tree", arg: "rel", optional: true, simulated: false },
  help: { short: "h", long: "help" },
  version: { short: "V", long: "version" },
} as const satisfies Flags;

const TYPES = ["mnt", "net", "ipc", "user", "pid", "uts", "cgroup", "time"] as const;

type Type = (typeof TYPES)[number];

interface Row {
  readonly ns: number;
  readonly type: Type;
  readonly pids: readonly number[];
}

interface Column {
  readonly right: boolean;
  cell(row: Row, process: Process): string;
}

const COLUMNS: Readonly<Record<string, Column>> = {
  NS: { right: true, cell: ({ ns }) => String(ns) },
  TYPE: { right: false, cell: ({ type }) => type },
  PATH: { right: false, cell: ({ pids, type }) => `/proc/${pids[0]}/ns/${type}` },
  NPROCS: { right: true, cell: ({ pids }) => String(pids.length) },
  PID: { right: true, cell: ({ pids }) => String(pids[0]) },
  PPID: { right: true, cell: ({ pids }, process) => String(process.host.processByPid(pids[0]!)?.ppid ?? 0) },
  COMMAND: { right: false, cell: command },
  UID: { right: true, cell: ({ pids }, process) => String(process.host.processByPid(pids[0]!)?.uid ?? 0) },
  USER: { right: false, cell: user },
  NETNSID: { right: true, cell: netnsId },
  NSFS: { right: false, cell: nsfs },
};

/** util-linux' lsns: the namespaces of the processes that are to be seen under /proc. */
export const lsns: Program = {
  name: "lsns",
  summary: "list system namespaces",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    const fail = async (words: string): Promise<number> => {
      await process.error(`lsns: ${words}\n`);
      return 1;
    };
    if ("notSimulated" in given) {
      await process.error(`drydock: lsns: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) return fail(`${given.problem}\nTry 'lsns --help' for more information.`);
    if (given.has("version")) {
      await process.print(`lsns from util-linux ${versionOf(process, "util-linux")}\n`);
      return 0;
    }
    if (given.has("help")) {
      await process.print(HELP);
      return 0;
    }
    const types = given.values("type");
    const unknown = types.find((type) => !(TYPES as readonly string[]).includes(type));
    if (unknown !== undefined) return fail(`unknown namespace type: ${unknown}`);
    const byDefault = types.length === 1 && types[0] === "net" ? "NS,TYPE,NPROCS,PID,USER,NETNSID,NSFS,COMMAND" : "NS,TYPE,NPROCS,PID,USER,COMMAND"; // prettier-ignore
    const names = (given.value("output") ?? byDefault).toUpperCase().split(",");
    const strange = names.find((name) => !Object.hasOwn(COLUMNS, name));
    if (strange !== undefined) return fail(`unknown column: ${strange}`);
    const task = given.value("task");
    if (task !== undefined && !/^\d+$/.test(task)) return fail(`invalid PID argument: '${task}'`);
    const number = given.operands[0];
    if (number !== undefined && !/^\d+$/.test(number)) return fail(`invalid namespace argument: '${number}'`);
    const all = namespaces(process);
    const rows = all.filter(
      ({ type, pids, ns }) =>
        (types.length === 0 || types.includes(type)) &&
        (task === undefined || pids.includes(Number(task))) &&
        (number === undefined || ns === Number(number)),
    );
    if (number !== undefined && rows.length === 0) return fail(`not found namespace: ${number}`);
    if (rows.length > 0 || task === undefined)
      await process.print(draw(process, rows, names, { heading: !given.has("noHeadings"), raw: given.has("raw") }));
    return 0;
  },
};

function namespaces(process: Process): Row[] {
  const { host } = process;
  const found = new Map<string, { ns: number; type: Type; pids: number[] }>();
  const listed = attempt(() => host.files.list("/proc", process));
  const pids = listed instanceof Errno ? [] : listed.filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.sort((a, b) => a - b)) {
    for (const type of TYPES) {
      const link = attempt(() => host.files.readlink(`/proc/${pid}/ns/${type}`, process));
      const ns = link instanceof Errno ? undefined : /\[(\d+)\]/.exec(link)?.[1];
      if (ns === undefined) continue;
      const key = `${type} ${ns}`;
      const row = found.get(key);
      if (row) row.pids.push(pid);
      else found.set(key, { ns: Number(ns), type, pids: [pid] });
    }
  }
  return [...found.values()].sort((a, b) => a.ns - b.ns);
}

function draw(
  process: Process,
  rows: readonly Row[],
  names: readonly string[],
  { heading, raw }: { heading: boolean; raw: boolean },
): string {
  const lines = rows.map((row) => names.map((name) => COLUMNS[name]!.cell(row, process)));
  const all = heading ? [[...names], ...lines] : lines;
  if (raw) return all.map((cells) => `${cells.join(" ")}\n`).join("");
  const widths = names.map((_, at) => Math.max(0, ...all.map((cells) => cells[at]!.length)));
  const screen = process.isTty(1) ? (process.tty?.cols ?? 80) : Infinity;
  return all
    .map((cells) => {
      const line = cells
        .map((cell, at) =>
          COLUMNS[names[at]!]!.right
            ? cell.padStart(widths[at]!)
            : at === cells.length - 1
              ? cell
              : cell.padEnd(widths[at]!),
        )
        .join(" ");
      return `${line.slice(0, screen)}\n`;
    })
    .join("");
}

function command({ pids }: Row, process: Process): string {
  const row = process.host.processByPid(pids[0]!);
  return row ? row.argv.join(" ") : "";
}

function user({ pids }: Row, process: Process): string {
  const uid = process.host.processByPid(pids[0]!)?.uid ?? 0;
  return process.host.users.byUid(uid)?.name ?? String(uid);
}

/** The number under which the reader's network namespace knows another. */
function netnsId({ ns, type }: Row, process: Process): string {
  if (type !== "net") return "";
  const id = [...networkOfHosts(process.machine.hosts).namespaces.values()].find(
    (row) => row.inode === ns && row.machine === process.machine.name,
  )?.id;
  const number = id === undefined ? undefined : namespaceOf(process).row.peerIds[id];
  return number === undefined ? "unassigned" : String(number);
}

function nsfs({ ns, type }: Row, process: Process): string {
  if (type !== "net") return "";
  const row = [...networkOfHosts(process.machine.hosts).namespaces.values()].find(
    (one) => one.inode === ns && one.machine === process.machine.name,
  );
  return row?.name === undefined ? "" : `/run/netns/${row.name}`;
}

const HELP = `
Usage:
 lsns [options] [<namespace>]

Show the namespaces of the system.

Options:
 -J, --json             output as JSON
 -l, --list             output as a list
 -n, --noheadings       without headings
 -o, --output <list>    columns to show
     --output-all       show all columns
 -P, --persistent       only namespaces without processes
 -p, --task <pid>       only namespaces of this process
 -r, --raw              output without alignment
 -u, --notruncate       don't cut columns
 -W, --nowrap           don't fold lines
 -t, --type <name>      kind (mnt, net, ipc, user, pid, uts, cgroup, time)
 -T, --tree[=<rel>]     output as a tree (parent, owner, or process)

 -h, --help             show this help
 -V, --version          show the version

Columns:
${Object.keys(COLUMNS)
  .map((name) => `  ${name}\n`)
  .join("")}
For more details see lsns(8).
`;
