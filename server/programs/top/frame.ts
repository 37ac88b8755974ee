import type { Process, ProcessRow } from "../../sim/host/index.ts";
import { commandLine, stateLetter } from "../procps/state.ts";
import { memoryOf } from "../procps/memory.ts";
import { uptimeLine } from "../procps/uptime.ts";
import { cpuPercent, memoryPercent, usageOf } from "../../sim/host/index.ts";

export interface TopRules {
  readonly sort: "cpu" | "memory" | "time" | "pid";
  readonly commandLines: boolean;
  readonly pids: readonly number[];
  readonly uid: number | undefined;
  /** Shows tasks that used no processor as well. */
  readonly idle: boolean;
}

/** One screen of top: the summary, an empty line, the table (procps src/top/top.c). */
export function frame(process: Process, rules: TopRules, rows: number): string[] {
  const { host, machine, now } = process;
  const all = host.processes();
  const letters = all.map((row) => stateLetter(row, process.pid));
  const count = (letter: string): number => letters.filter((each) => each === letter).length;
  const summary = [
    `top -${uptimeLine(host, now)}`,
    `Tasks: ${pad(all.length, 3)} total, ${pad(Math.max(1, count("R")), 3)} running, ${pad(count("S"), 3)} sleeping, ${pad(count("T"), 3)} stopped, ${pad(count("Z"), 3)} zombie`,
    cpuLine(all, now, machine.row.cpus),
    ...memoryLines(process),
  ];
  const chosen = all.filter(
    (row) =>
      (rules.pids.length === 0 || rules.pids.includes(host.pidOf(row))) &&
      (rules.uid === undefined || row.uid === rules.uid) &&
      (rules.idle || cpuPercent(row, now) >= 0.05),
  );
  const key = (row: ProcessRow): number =>
    rules.sort === "cpu" ? Math.round(cpuPercent(row, now) * 10) : rules.sort === "memory" ? usageOf(row, now).resident : rules.sort === "time" ? usageOf(row, now).time : row.pid; // prettier-ignore
  const sorted = [...chosen].sort((a, b) => key(b) - key(a) || a.pid - b.pid);
  const head = "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND";
  return [
    ...summary,
    "",
    head,
    ...sorted
      .slice(0, rows === Infinity ? undefined : Math.max(0, rows - summary.length - 2))
      .map((row) => line(process, row, rules)),
  ];
}

function pad(value: number | string, width: number): string {
  return String(value).padStart(width);
}

/** What all processes together use, split as a machine at rest splits it. */
function cpuLine(rows: readonly ProcessRow[], now: number, cpus: number): string {
  const used = Math.min(100, rows.reduce((sum, row) => sum + cpuPercent(row, now), 0) / cpus);
  const [user, system] = [used * 0.68, used * 0.32];
  const idle = 100 - user - system;
  return `%Cpu(s): ${pad(user.toFixed(1), 4)} us, ${pad(system.toFixed(1), 4)} sy,  0.0 ni, ${pad(idle.toFixed(1), 4)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st `;
}

function memoryLines({ host }: Process): string[] {
  const { total, free, available, buffers, cached, swapTotal, swapFree } = memoryOf(host);
  const mib = (kib: number): string => pad((kib / 1024).toFixed(1), 8);
  return [
    `MiB Mem : ${mib(total)} total, ${mib(free)} free, ${mib(total - available)} used, ${mib(buffers + cached)} buff/cache     `,
    `MiB Swap: ${mib(swapTotal)} total, ${mib(swapFree)} free, ${mib(swapTotal - swapFree)} used. ${mib(available)} avail Mem `,
  ];
}

function line(process: Process, row: ProcessRow, { commandLines }: TopRules): string {
  const { host, machine, now, pid } = process;
  const usage = usageOf(row, now);
  const name = host.users.byUid(row.uid)?.name ?? String(row.uid);
  const minutes = Math.floor(usage.time / 60_000_000);
  const seconds = ((usage.time % 60_000_000) / 1_000_000).toFixed(2).padStart(5, "0");
  const fields = [
    pad(host.pidOf(row), 7),
    (name.length > 8 ? `${name.slice(0, 7)}+` : name).padEnd(8),
    pad(20, 3),
    pad(0, 3),
    pad(size(usage.virtual, 7), 7),
    pad(size(usage.resident, 6), 6),
    pad(size(usage.shared, 6), 6),
    stateLetter(row, pid),
    pad(cpuPercent(row, now).toFixed(1), 5),
    pad(memoryPercent(row, now, machine).toFixed(1), 5),
    pad(`${minutes}:${seconds}`, 9),
    commandLines ? commandLine(row) : row.comm,
  ];
  return fields.join(" ");
}

/** KiB, in a larger unit where that does not fit. */
function size(kib: number, width: number): string {
  if (String(kib).length <= width) return String(kib);
  return kib < 1_048_576 * 10 ? `${(kib / 1024).toFixed(1)}m` : `${(kib / 1_048_576).toFixed(1)}g`;
}
