import type { Host, Process, ProcessRow } from "../../sim/host/index.ts";
import {
  calendar,
  DAY,
  HOUR,
  MINUTE,
  MONTHS,
  pad,
  SECOND,
  WEEKDAYS,
  type Duration,
  type Time,
} from "../../sim/kernel/index.ts";
import { commandLine, foregroundGroup, stateLetter, statLetters } from "../procps/state.ts";
import { cpuPercent, memoryPercent, usageOf } from "../../sim/host/index.ts";

/** A column of ps: its heading, width and content (procps src/ps/output.c). */
export interface Column {
  readonly name: string;
  readonly heading: string;
  readonly width: number;
  readonly align: "left" | "right";
  /** As wide as its content where it stands last. */
  readonly open?: true;
  /** Names that do not fit: cut, or replaced by the number. */
  readonly cut?: true;
  text(view: View): string;
  /** For --sort, if not its text. */
  key?(view: View): number | string;
}

/** A process as a row of ps. */
export interface View {
  readonly row: ProcessRow;
  readonly process: Process;
  readonly host: Host;
  readonly now: Time;
  /** What stands before the command in a forest. */
  readonly prefix: string;
}

type Spec = readonly [
  heading: string,
  width: number | "pid",
  align: "left" | "right",
  text: (view: View) => string,
  key?: (view: View) => number | string,
];

const user = (view: View): string => view.host.users.byUid(view.row.uid)?.name ?? String(view.row.uid);
const group = (view: View): string => view.host.users.groupByGid(view.row.gid)?.name ?? String(view.row.gid);
const usage = ({ row, now }: View): ReturnType<typeof usageOf> => usageOf(row, now);
const pidOf = ({ host, row }: View): number => host.pidOf(row);

function parentOf({ host, row }: View): number {
  const parent = host.machine.process(row.ppid);
  if (!parent) return 0;
  return !host.sees(parent) ? 0 : host.pidOf(parent);
}

/** A group or session by the number that its leader has here. */
function groupId({ host }: View, id: number): number {
  const leader = host.machine.process(id);
  return leader && host.sees(leader) ? host.pidOf(leader) : host.isContainer ? 0 : id;
}

const cpu: Spec = [
  "%CPU",
  4,
  "right",
  ({ row, now }) => percent(cpuPercent(row, now)),
  ({ row, now }) => cpuPercent(row, now),
];
const memory: Spec = ["%MEM", 4, "right", ({ row, now, process }) => percent(memoryPercent(row, now, process.machine)), (view) => usage(view).resident]; // prettier-ignore
const virtual: Spec = ["VSZ", 6, "right", (view) => String(usage(view).virtual), (view) => usage(view).virtual];
const resident: Spec = ["RSS", 5, "right", (view) => String(usage(view).resident), (view) => usage(view).resident];
const time: Spec = ["TIME", 8, "right", (view) => clock(usage(view).time), (view) => usage(view).time];
const started: Spec = ["STIME", 5, "left", ({ row, now }) => startTime(row.startedAt, now), ({ row }) => row.startedAt];
const terminal: Spec = ["TTY", 8, "left", ({ row }) => row.tty ?? "?"];
const command: Spec = ["COMMAND", 27, "left", (view) => view.prefix + commandLine(view.row)];
const name: Spec = [
  "COMMAND",
  15,
  "left",
  ({ row, prefix }) => prefix + row.comm + (row.state === "zombie" ? " <defunct>" : ""),
];
const owner: Spec = ["USER", 8, "left", user];
const groupName: Spec = ["GROUP", 8, "left", group];
const number = (heading: string, of: (view: View) => number): Spec => [
  heading,
  "pid",
  "right",
  (view) => String(of(view)),
  of,
];
const pid = number("PID", pidOf);
const parent = number("PPID", parentOf);
const uid: Spec = ["UID", 5, "right", ({ row }) => String(row.uid), ({ row }) => row.uid];
const gid: Spec = ["GID", 5, "right", ({ row }) => String(row.gid), ({ row }) => row.gid];
const nice: Spec = ["NI", 3, "right", () => "0", () => 0];
const threads: Spec = ["NLWP", 4, "right", (view) => String(usage(view).threads), (view) => usage(view).threads];
const wait: Spec = ["WCHAN", 6, "left", () => "-"];
const letter: Spec = ["S", 1, "left", ({ row, process }) => stateLetter(row, process.pid)];

const SPECS: Readonly<Record<string, Spec>> = {
  "%cpu": cpu,
  "%mem": memory,
  addr: ["ADDR", 1, "left", () => "-"],
  args: command,
  bsdstart: ["START", 6, "right", ({ row, now }) => startTime(row.startedAt, now), ({ row }) => row.startedAt],
  bsdtime: ["TIME", 6, "right", (view) => bsdClock(usage(view).time), (view) => usage(view).time],
  c: [
    "C",
    2,
    "right",
    ({ row, now }) => String(Math.floor(cpuPercent(row, now))),
    ({ row, now }) => cpuPercent(row, now),
  ],
  class: ["CLS", 3, "right", () => "TS"],
  cls: ["CLS", 3, "right", () => "TS"],
  cmd: ["CMD", 27, "left", command[3]],
  comm: name,
  command,
  cputime: time,
  cputimes: ["TIME", 8, "right", (view) => String(Math.floor(usage(view).time / SECOND)), (view) => usage(view).time],
  egid: ["EGID", 5, "right", gid[3]],
  egroup: ["EGROUP", 8, "left", group],
  etime: ["ELAPSED", 11, "right", ({ row, now }) => elapsed(now - row.startedAt), ({ row }) => -row.startedAt],
  etimes: [
    "ELAPSED",
    7,
    "right",
    ({ row, now }) => String(Math.floor((now - row.startedAt) / SECOND)),
    ({ row }) => -row.startedAt,
  ],
  euid: ["EUID", 5, "right", uid[3], uid[4]],
  euser: ["EUSER", 8, "left", user],
  f: ["F", 1, "right", ({ row }) => (row.uid === 0 ? "4" : "0")],
  fname: ["COMMAND", 8, "left", ({ row }) => row.comm.slice(0, 8)],
  gid,
  group: groupName,
  lstart: ["STARTED", 24, "right", ({ row }) => fullDate(row.startedAt), ({ row }) => row.startedAt],
  lwp: number("LWP", pidOf),
  ni: nice,
  nice,
  nlwp: threads,
  opri: ["PRI", 3, "right", () => "80"],
  pcpu: cpu,
  pgid: number("PGID", (view) => groupId(view, view.row.pgid)),
  pgrp: number("PGRP", (view) => groupId(view, view.row.pgid)),
  pid,
  pmem: memory,
  ppid: parent,
  pri: ["PRI", 3, "right", () => "19"],
  priority: ["PRI", 3, "right", () => "20"],
  psr: ["PSR", 3, "right", ({ row, process }) => String(row.pid % process.machine.row.cpus)],
  rgid: ["RGID", 5, "right", gid[3]],
  rgroup: ["RGROUP", 8, "left", group],
  rss: resident,
  rssize: resident,
  rsz: ["RSZ", 5, "right", resident[3], resident[4]],
  rtprio: ["RTPRIO", 6, "right", () => "-"],
  ruid: ["RUID", 5, "right", uid[3], uid[4]],
  ruser: ["RUSER", 8, "left", user],
  s: letter,
  sess: number("SESS", (view) => groupId(view, view.row.sid)),
  session: number("SESS", (view) => groupId(view, view.row.sid)),
  sid: number("SID", (view) => groupId(view, view.row.sid)),
  start: ["STARTED", 8, "right", ({ row, now }) => longStart(row.startedAt, now), ({ row }) => row.startedAt],
  start_time: ["START", 5, "left", started[3], started[4]],
  stat: ["STAT", 4, "left", ({ row, process, now }) => statLetters(row, process, usageOf(row, now).threads)],
  state: letter,
  stime: started,
  sz: ["SZ", 5, "right", (view) => String(Math.ceil(usage(view).virtual / 4)), (view) => usage(view).virtual],
  thcount: ["THCNT", 5, "right", threads[3], threads[4]],
  tid: number("TID", pidOf),
  time,
  times: ["TIME", 8, "right", (view) => String(Math.floor(usage(view).time / SECOND)), (view) => usage(view).time],
  tname: terminal,
  tpgid: number("TPGID", ({ row, process }) => foregroundGroup(row, process.machine)),
  tt: ["TT", 8, "left", terminal[3]],
  tty: ["TT", 8, "left", terminal[3]],
  ucmd: ["CMD", 15, "left", name[3]],
  ucomm: name,
  uid,
  uid_name: ["UID", 8, "left", user],
  uname: owner,
  user: owner,
  vsize: virtual,
  vsz: virtual,
  wchan: wait,
};

const OPEN = new Set(["args", "cmd", "command", "comm", "ucmd", "ucomm"]);
const NAMES = new Set(["user", "euser", "ruser", "uname", "uid_name", "group", "egroup", "rgroup"]);

/** Columns that the real ps has and ours does not. */
const ABSENT = new Set([
  "blocked", "bnd", "caught", "cgroup", "cgroupns", "cgname", "context", "cp", "dsiz", "eip", "esp", "exe", "fgid", "fgroup",
  "flag", "flags", "fuid", "fuser", "ignored", "ipcns", "label", "lsession", "luid", "lxc", "machine", "maj_flt", "majflt",
  "min_flt", "minflt", "mntns", "netns", "numa", "ouid", "pending", "pidns", "policy", "pss", "sched", "seat", "sgid",
  "sgroup", "sig", "size", "slice", "spid", "stackp", "suid", "supgid", "supgrp", "suser", "svgid", "svuid", "timens",
  "trs", "uss", "unit", "userns", "utsns", "uunit", "wcpu", "wname",
]); // prettier-ignore

/** The column of that name; `absent` if ours lacks it, undefined if no ps has it. */
export function column(name: string, pidWidth: number): Column | "absent" | undefined {
  const spec = Object.hasOwn(SPECS, name) ? SPECS[name] : undefined;
  if (!spec) return ABSENT.has(name) ? "absent" : undefined;
  const [heading, width, align, text, key] = spec;
  return {
    name,
    heading,
    width: width === "pid" ? pidWidth : width,
    align,
    ...(OPEN.has(name) ? { open: true as const } : {}),
    ...(NAMES.has(name) ? { cut: true as const } : {}),
    text,
    ...(key ? { key } : {}),
  };
}

function percent(value: number): string {
  return value >= 99.95 ? String(Math.round(value)) : (Math.floor(value * 10) / 10).toFixed(1);
}

/** `[DD-]HH:MM:SS` */
function clock(span: Duration): string {
  const days = Math.floor(span / DAY);
  const rest = [
    Math.floor((span % DAY) / HOUR),
    Math.floor((span % HOUR) / MINUTE),
    Math.floor((span % MINUTE) / SECOND),
  ];
  return `${days > 0 ? `${days}-` : ""}${rest.map((part) => pad(part, 2)).join(":")}`;
}

/** `MMM:SS` */
function bsdClock(span: Duration): string {
  return `${Math.floor(span / MINUTE)}:${pad(Math.floor((span % MINUTE) / SECOND), 2)}`;
}

/** `[[DD-]HH:]MM:SS` */
function elapsed(span: Duration): string {
  const text = clock(span);
  return span < HOUR ? text.slice(3) : text;
}

/** `14:05` today, `Nov16` this year, else the year. */
function startTime(start: Time, now: Time): string {
  const [then, today] = [calendar(start), calendar(now)];
  if (then.year !== today.year) return ` ${then.year}`;
  if (then.yearday !== today.yearday) return `${MONTHS[then.month - 1]!.slice(0, 3)}${pad(then.day, 2)}`;
  return `${pad(then.hour, 2)}:${pad(then.minute, 2)}`;
}

function longStart(start: Time, now: Time): string {
  const then = calendar(start);
  if (now - start > DAY) return `  ${MONTHS[then.month - 1]!.slice(0, 3)} ${pad(then.day, 2)}`;
  return `${pad(then.hour, 2)}:${pad(then.minute, 2)}:${pad(then.second, 2)}`;
}

function fullDate(time: Time): string {
  const at = calendar(time);
  return `${WEEKDAYS[at.weekday]!.slice(0, 3)} ${MONTHS[at.month - 1]!.slice(0, 3)} ${String(at.day).padStart(2)} ${pad(at.hour, 2)}:${pad(at.minute, 2)}:${pad(at.second, 2)} ${at.year}`;
}
