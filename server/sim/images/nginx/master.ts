import { attempt, signalNumber, type DaemonProcess, type ExitStatus, type Signal } from "../../host/index.ts";
import { errorLog, errorLogs, openLog } from "./log.ts";
import { configOf, masterData, type MasterData } from "./running.ts";
import { pidPath } from "./pid-file.ts";

/** The master process and its workers (src/os/unix/ngx_process_cycle.c). */

export function masterLog(master: DaemonProcess, level: string, message: string): void {
  log(master, master.host.pidOf(master.row), level, message);
}

function log(master: DaemonProcess, pid: number, level: string, message: string): void {
  const data = masterData(master);
  errorLog(master, data && configOf(data.source).main, level, pid, message);
}

export function startWorkers(master: DaemonProcess): void {
  const word = configOf(masterData(master)!.source).main.word("worker_processes") ?? "1";
  const wanted = word === "auto" ? master.host.machine.row.cpus : Number(word);
  masterLog(master, "notice", "start worker processes");
  const workers = Array.from({ length: wanted }, () => startWorker(master));
  master.data = { ...masterData(master)!, workers } satisfies MasterData;
}

function startWorker(master: DaemonProcess): number {
  const { uid, gid } = masterData(master)!.user;
  const pid = master.fork(["nginx: worker process"], { uid, gid, groups: [gid] });
  masterLog(master, "notice", `start worker process ${nspid(master, pid)}`);
  return pid;
}

function nspid(master: DaemonProcess, pid: number): number {
  const row = master.host.machine.process(pid);
  return row ? master.host.pidOf(row) : pid;
}

/** Old workers after a reload: they finish and go. */
export function dismissWorkers(master: DaemonProcess, pids: readonly number[]): void {
  for (const pid of pids) goodbye(master, pid, true);
  for (const pid of pids) {
    const number = nspid(master, pid);
    master.host.machine.endDaemon(pid, { code: 0 });
    ended(master, number, { code: 0 });
  }
}

function goodbye(master: DaemonProcess, pid: number, graceful: boolean): void {
  const number = nspid(master, pid);
  if (graceful) log(master, number, "notice", "gracefully shutting down");
  log(master, number, "notice", "exiting");
  log(master, number, "notice", "exit");
}

function ended(master: DaemonProcess, number: number, status: ExitStatus): void {
  masterLog(master, "notice", `signal 17 (SIGCHLD) received from ${number}`);
  if ("code" in status) masterLog(master, "notice", `worker process ${number} exited with code ${status.code}`);
  else masterLog(master, "alert", `worker process ${number} exited on signal ${signalNumber(status.signal)}`);
}

/** True if the master took care of the signal. */
export function masterSignal(master: DaemonProcess, signal: Signal, reload: () => void): boolean {
  const received = (what: string): void =>
    masterLog(master, "notice", `signal ${signalNumber(signal)} (${signal}) received, ${what}`);
  switch (signal) {
    case "SIGQUIT":
      received("shutting down");
      shutDown(master, true);
      return true;
    case "SIGTERM":
    case "SIGINT":
      received("exiting");
      shutDown(master, false);
      return true;
    case "SIGHUP":
      received("reconfiguring");
      masterLog(master, "notice", "reconfiguring");
      reload();
      return true;
    case "SIGUSR1":
      received("reopening logs");
      reopen(master);
      return true;
    case "SIGWINCH":
    case "SIGUSR2":
      master.log(`drydock: nginx: '${signal}' is not simulated`);
      return true;
    default:
      return false;
  }
}

function shutDown(master: DaemonProcess, graceful: boolean): void {
  const data = masterData(master)!;
  for (const [at, pid] of data.workers.entries()) {
    goodbye(master, pid, graceful);
    ended(master, nspid(master, pid), { code: 0 });
    if (at === 0) masterLog(master, "notice", "signal 29 (SIGIO) received");
  }
  masterLog(master, "notice", "exit");
  attempt(() => master.host.files.unlink(pidPath(configOf(data.source)), master));
  master.exit(0);
}

function reopen(master: DaemonProcess): void {
  masterLog(master, "notice", "reopening logs");
  const data = masterData(master)!;
  for (const { path } of errorLogs(configOf(data.source).main)) openLog(master, path);
  for (const pid of data.workers) log(master, nspid(master, pid), "notice", "reopening logs");
}

/** A worker that gets a signal of its own: it goes, and the master starts another. */
export function workerSignal(worker: DaemonProcess, signal: Signal): boolean {
  const master = masterOf(worker);
  if (!master) return false;
  if (signal === "SIGQUIT" || signal === "SIGTERM" || signal === "SIGINT") {
    goodbye(master, worker.pid, signal === "SIGQUIT");
    replaceWorker(master, worker.pid, worker.host.pidOf(worker.row), { code: 0 });
    worker.exit(0);
    return true;
  }
  return signal === "SIGHUP" || signal === "SIGUSR1" || signal === "SIGUSR2" || signal === "SIGWINCH" || signal === "SIGPIPE";
}

/** A worker is gone without a word: killed. */
export function workerEnded(worker: DaemonProcess): void {
  const master = masterOf(worker);
  if (master) replaceWorker(master, worker.pid, worker.pid, { signal: "SIGKILL" });
}

function replaceWorker(master: DaemonProcess, pid: number, number: number, status: ExitStatus): void {
  ended(master, number, status);
  const data = masterData(master)!;
  const next = startWorker(master);
  master.data = { ...data, workers: data.workers.map((other) => (other === pid ? next : other)) } satisfies MasterData;
  masterLog(master, "notice", "signal 29 (SIGIO) received");
}

/** The master that counts the process among its workers. */
function masterOf({ host, pid }: DaemonProcess): DaemonProcess | undefined {
  for (const row of host.processes()) {
    const self = row.daemon === "nginx" && row.state !== "zombie" ? host.machine.daemon(row.pid)?.self : undefined;
    if (self && masterData(self)?.workers.includes(pid)) return self;
  }
  return undefined;
}
