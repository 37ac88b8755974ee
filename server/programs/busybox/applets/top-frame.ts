export type Sort = "cpu" | "memory" | "time" | "pid";

/** What top reads in one round. Memory in KiB, times in microseconds. */
export interface Sample {
  readonly at: number;
  readonly cpus: number;
  readonly memory: Readonly<Record<"total" | "free" | "shared" | "buffers" | "cached", number>>;
  readonly rows: readonly Row[];
}

interface Row {
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  readonly state: string;
  readonly virtual: number;
  readonly time: number;
  readonly command: string;
}

export interface Frame {
  readonly last: Sample;
  readonly now: Sample;
  readonly sort: Sort;
  readonly reversed: boolean;
  /** The text of /proc/loadavg. */
  readonly load: string;
  readonly columns: number;
  /** Lines of the screen. */
  readonly rows: number;
}

/** One screen of busybox's top: memory, processors, load, the heading, a line for each process (procps/top.c). */
export function topFrame({ last, now, sort, reversed, load, columns, rows }: Frame): string[] {
  const before = new Map(last.rows.map(({ pid, time }) => [pid, time]));
  const span = Math.max(1, (now.at - last.at) * now.cpus);
  const used = (row: Row): number => Math.max(0, row.time - (before.get(row.pid) ?? row.time));
  const percent = (row: Row): number => Math.round((used(row) * 100) / span);
  const order: Record<Sort, (a: Row, b: Row) => number> = {
    cpu: (a, b) => percent(b) - percent(a) || b.virtual - a.virtual || b.time - a.time,
    memory: (a, b) => b.virtual - a.virtual,
    time: (a, b) => b.time - a.time,
    pid: (a, b) => b.pid - a.pid,
  };
  const sorted = [...now.rows].sort(order[sort]);
  if (reversed) sorted.reverse();
  const busy = Math.min(
    span,
    now.rows.reduce((sum, row) => sum + used(row), 0),
  );
  const { total, free, shared, buffers, cached } = now.memory;
  const lines = [
    `Mem: ${total - free}K used, ${free}K free, ${shared}K shrd, ${buffers}K buff, ${cached}K cached`.slice(0, 79),
    processors((busy * 100) / span).slice(0, 79),
    `Load average: ${load}`.slice(0, 79),
    "  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND",
    ...sorted.map((row) =>
      [
        String(row.pid).padStart(5),
        String(row.ppid).padStart(5),
        row.user.slice(0, 8).padEnd(8),
        row.state.padEnd(4),
        size(row.virtual),
        `${Math.round((row.virtual * 100) / total)}%`.padStart(4),
        String(row.pid % now.cpus).padStart(3),
        `${percent(row)}%`.padStart(4),
        row.command,
      ].join(" "),
    ),
  ];
  return lines.slice(0, rows).map((line) => line.slice(0, columns));
}

/** What all processes together use, split as a machine at rest splits it. */
function processors(used: number): string {
  const [user, system] = [Math.floor(used * 0.68), Math.floor(used * 0.32)];
  const cell = (value: number, name: string): string => `${value}%`.padStart(5) + ` ${name}`;
  const others = ["io", "irq", "sirq"].map((name) => cell(0, name));
  return `CPU:${cell(user, "usr")}${cell(system, "sys")}${cell(0, "nic")}${cell(100 - user - system, "idle")}${others.join("")}`;
}

/** KiB in five columns: ` 1324`, ` 124m`, `10.3g` (libbb/human_readable.c smart_ulltoa5). */
function size(kib: number): string {
  if (kib < 100_000) return String(kib).padStart(5);
  let [value, unit] = [kib / 1024, 0];
  while (value >= 10_000 && unit < 3) [value, unit] = [value / 1024, unit + 1];
  return `${value < 100 ? value.toFixed(1) : Math.floor(value)}${"mgtp"[unit]!}`.padStart(5);
}
