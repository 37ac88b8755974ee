import { capable, type Signal } from "../../sim/host/index.ts";
import type { Job } from "../jobs/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { readSignal, signalTable, translateSignal } from "./signal-names.ts";
import { help, usage } from "./usage.ts";

export const kill: PlainBuiltin = {
  name: "kill",
  synopsis: "[-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]",
  summary: "Sends signals to processes and jobs.",
  run(shell, args) {
    const [first, ...others] = args;
    if (first === undefined) return usage(shell, kill);
    if (first === "--help") {
      help(shell, kill);
      return 2;
    }
    if (first === "-l" || first === "-L") return listSignals(shell, others);
    const request = readRequest(shell, args);
    if (typeof request === "number") return request;
    if (request.targets.length === 0) return usage(shell, kill);
    let sent = 0;
    for (const target of request.targets) if (send(shell, target, request.signal)) sent++;
    if (request.signal !== 0) shell.jobs.signalled();
    return sent > 0 ? 0 : 1;
  },
};

function listSignals(shell: Shell, names: readonly string[]): number {
  if (names.length === 0) shell.print(signalTable());
  let status = 0;
  for (const name of names) {
    const text = translateSignal(name);
    if (text !== undefined) shell.print(`${text}\n`);
    else {
      shell.complainInBuiltin(`${name}: invalid signal specification`);
      status = 1;
    }
  }
  return status;
}

interface Request {
  /** 0 only asks whether there is such a process. */
  readonly signal: Signal | 0;
  readonly targets: readonly string[];
}

function readRequest(shell: Shell, args: readonly string[]): Request | number {
  const [first, second] = args as [string, string | undefined];
  let spec = "TERM";
  let rest = args;
  if (first === "-s" || first === "-n") {
    if (second === undefined) {
      shell.complainInBuiltin(`${first}: option requires an argument`);
      return 1;
    }
    spec = second;
    rest = args.slice(2);
  } else if (first.startsWith("-") && first !== "--") {
    spec = first.slice(1).replace(/^[sn](?=.)/, (letter) => (readSignal(first.slice(1)) ? letter : ""));
    rest = args.slice(1);
  }
  if (rest[0] === "--") rest = rest.slice(1);
  const signal = spec === "0" ? 0 : readSignal(spec);
  if (signal === undefined) {
    shell.complainInBuiltin(`${spec}: invalid signal specification`);
    return 1;
  }
  return { signal, targets: rest };
}

function send(shell: Shell, target: string, signal: Signal | 0): boolean {
  if (target.startsWith("%")) {
    const job = shell.jobs.find(target);
    if (typeof job === "object") return sendToJob(shell, job, signal);
    shell.complainInBuiltin(`${target}: ${job}`);
    return false;
  }
  if (!/^-?\d+$/.test(target)) {
    shell.complainInBuiltin(`${target}: arguments must be process or job IDs`);
    return false;
  }
  const number = Number(target);
  const failure = sendToNumber(shell, number, signal);
  if (failure) shell.complainInBuiltin(`(${target}) - ${failure}`);
  return !failure;
}

function sendToJob(shell: Shell, job: Job, signal: Signal | 0): boolean {
  if (signal === 0) return true;
  const { machine } = shell.process;
  const stopped = job.state === "stopped";
  if (stopped) job.notified = false;
  const group = shell.jobs.control && job.pgid !== shell.process.row.pgid;
  const sent = group
    ? machine.signalGroup(job.pgid, signal)
    : job.pids.map((pid) => machine.signal(pid, signal)).some((done) => done);
  if (!stopped) return sent;
  // A stopped job is woken, so that it can die. As kill_pid of jobs.c.
  if (signal === "SIGTERM" || signal === "SIGHUP") {
    if (group) machine.signalGroup(job.pgid, "SIGCONT");
    else for (const pid of job.pids) machine.signal(pid, "SIGCONT");
  } else if (signal === "SIGCONT") job.goOn();
  return sent;
}

/** A process; 0 is the shell's group, a negative number the group of that number, -1 everybody. Returns an error's words. */
function sendToNumber(shell: Shell, number: number, signal: Signal | 0): string | undefined {
  const { host, process } = shell;
  const processes = host.processes().filter((row) => row.state !== "zombie");
  const inGroup = (pgid: number): typeof processes => processes.filter((row) => row.pgid === pgid);
  const leader = host.processByPid(Math.abs(number));
  const targets =
    number > 0
      ? processes.filter((row) => row.pid === leader?.pid)
      : number === 0
        ? inGroup(process.row.pgid)
        : number === -1
          ? processes.filter((row) => host.pidOf(row) > 1 && row.pid !== process.pid)
          : inGroup(leader?.pid ?? -number);
  // A child that has ended but was not waited for is still there.
  if (targets.length === 0) return leader?.state === "zombie" ? undefined : "No such process";
  const allowed = targets.filter((row) => capable(process, "KILL") || row.uid === process.uid);
  if (allowed.length === 0) return "Operation not permitted";
  if (signal !== 0) for (const row of allowed) process.machine.signal(row.pid, signal);
  return undefined;
}
