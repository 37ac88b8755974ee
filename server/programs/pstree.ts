import type { ProcessRow } from "../sim/host/index.ts";
import { isUtf8 } from "./gnu/locale.ts";
import { tool } from "./gnu/tool.ts";
import { usageOf } from "../sim/host/index.ts";

interface Branch {
  readonly label: string;
  readonly children: readonly Branch[];
}

export const pstree = tool({
  name: "pstree",
  package: "psmisc",
  title: "pstree (PSmisc)",
  summary: "display a tree of processes",
  usage: ["[ -acglpsStTuZ ] [ -h | -H PID ] [ -n | -N type ] [ -A | -G | -U ] [ PID | USER ]"],
  flags: {
    arguments: { short: "a", long: "arguments", help: "show command line arguments" },
    ascii: { short: "A", long: "ascii", help: "use ASCII line drawing characters" },
    compact: { short: "c", long: "compact-not", help: "don't compact identical subtrees" },
    long: { short: "l", long: "long", help: "don't truncate long lines" },
    numeric: { short: "n", long: "numeric-sort", help: "sort output by PID" },
    pids: { short: "p", long: "show-pids", help: "show PIDs; implies -c" },
    parents: { short: "s", long: "show-parents", simulated: false },
    threads: { short: "T", long: "hide-threads", help: "hide threads, show only processes" },
    unicode: { short: "U", long: "unicode", help: "use UTF-8 (Unicode) line drawing characters" },
    others: { short: "ChHgGNStuZ", simulated: false },
  },
  async run(call) {
    const { process, operands } = call;
    const { host, now } = process;
    const rows = host.processes().filter(({ state }) => state !== "zombie");
    const showPids = call.has("pids");
    const byParent = new Map<number, ProcessRow[]>();
    for (const row of rows) {
      const parent = rows.some(({ pid }) => pid === row.ppid) ? row.ppid : 0;
      byParent.set(parent, [...(byParent.get(parent) ?? []), row]);
    }
    const branch = (row: ProcessRow): Branch => {
      const below = [...(byParent.get(row.pid) ?? [])];
      below.sort((a, b) =>
        call.has("numeric") ? a.pid - b.pid : a.comm < b.comm ? -1 : a.comm > b.comm ? 1 : a.pid - b.pid,
      );
      const children = below.map(branch);
      const threads = usageOf(row, now).threads - 1;
      if (threads > 0 && !call.has("threads") && !showPids)
        children.push({ label: threads === 1 ? `{${row.comm}}` : `${threads}*[{${row.comm}}]`, children: [] });
      const args = call.has("arguments") && row.argv.length > 1 ? ` ${row.argv.slice(1).join(" ")}` : "";
      return { label: `${row.comm}${showPids ? `(${host.pidOf(row)})` : ""}${args}`, children };
    };
    const wanted = operands[0];
    let roots = byParent.get(0) ?? [];
    if (wanted !== undefined) {
      const uid = host.users.byName(wanted)?.uid;
      roots = /^\d+$/.test(wanted)
        ? rows.filter((row) => host.pidOf(row) === Number(wanted))
        : rows.filter((row) => row.uid === uid && rows.find(({ pid }) => pid === row.ppid)?.uid !== uid);
      if (roots.length === 0) {
        await process.error(
          uid === undefined && !/^\d+$/.test(wanted) ? `No such user name: ${wanted}\n` : "No processes found.\n",
        );
        return 1;
      }
    }
    const compact = !call.has("compact") && !showPids;
    const unicode = !call.has("ascii") && (call.has("unicode") || (isUtf8(process.env) && process.isTty(1)));
    const lines = roots
      .map(branch)
      .flatMap((root) => draw(compact ? compacted(root) : root, unicode, call.has("arguments")));
    const width = process.fds.find(1)?.tty?.cols;
    for (const line of lines)
      await call.out.print(
        `${width !== undefined && !call.has("long") && line.length > width ? `${line.slice(0, width - 1)}+` : line}\n`,
      );
    return 0;
  },
});

/** Equal branches become `3*[name]`. */
function compacted({ label, children }: Branch): Branch {
  const merged: { branch: Branch; count: number }[] = [];
  for (const child of children.map(compacted)) {
    const same = merged.find(({ branch }) => JSON.stringify(branch) === JSON.stringify(child));
    if (same) same.count++;
    else merged.push({ branch: child, count: 1 });
  }
  return { label, children: merged.map(({ branch, count }) => (count === 1 ? branch : multiplied(branch, count))) };
}

function multiplied({ label, children }: Branch, count: number): Branch {
  if (children.length === 0) return { label: `${count}*[${label}]`, children };
  const inner = draw({ label, children }, false, false);
  return inner.length === 1
    ? { label: `${count}*[${inner[0]!}]`, children: [] }
    : { label: `${count}*[${label}`, children };
}

function draw({ label, children }: Branch, unicode: boolean, vertical: boolean): string[] {
  const [only, first, middle, last, through] = unicode
    ? ["───", "─┬─", " ├─", " └─", " │ "]
    : ["---", "-+-", " |-", " `-", " | "];
  if (children.length === 0) return [label];
  const blocks = children.map((child) => draw(child, unicode, vertical));
  if (vertical) {
    const [tee, corner] = unicode ? ["├─", "└─"] : ["|-", "`-"];
    return [label, ...blocks.flatMap((block, at) => block.map((line, row) => `  ${row === 0 ? (at === blocks.length - 1 ? corner : tee) : at === blocks.length - 1 ? "  " : unicode ? "│ " : "| "}${line}`))]; // prettier-ignore
  }
  const indent = " ".repeat(label.length);
  return blocks.flatMap((block, at) => {
    const isLast = at === blocks.length - 1;
    return block.map((line, row) => {
      if (at === 0 && row === 0) return `${label}${blocks.length === 1 ? only : first}${line}`;
      if (row === 0) return `${indent}${isLast ? last : middle}${line}`;
      return `${indent}${isLast ? "   " : through}${line}`;
    });
  });
}
