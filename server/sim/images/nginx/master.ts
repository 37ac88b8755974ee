import { attempt, signalNumber, type DaemonProcess, type ExitStatus, type Signal } from "../../host/index.ts";
import { errorLog, errorLogs, openLog } from "./log.ts";
import { configOf, masterData, type MasterData, type WorkerNumber } from "./running.ts";
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

function startWorker(master: DaemonProcess): WorkerNumber {
  const { uid, gid } = masterData(master)!.user;
  const pid = master.fork(["nginx: worker process"], { uid, gid, groups: [gid] });
  const number = master.host.pidOf(master.host.machine.process(pid)!);
  masterLog(master, "notice", `start worker process ${number}`);
  return { pid, number };
}

/** Old workers after a reload: they finish and go. */
export function dismissWorkers(master: DaemonProcess, workers: readonly WorkerNumber[]): void {
  for (const { number } of workers) goodbye(master, number, true);
  for (const { pid, number } of workers) {
    master.host.machine.endDaemon(pid, { code: 0 });
    ended(master, number, { code: 0 });
  }
}

function goodbye(master: DaemonProcess, number: number, graceful: boolean): void {
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
  for (const [at, { number }] of data.workers.entries()) {
    goodbye(master, number, graceful);
    ended(master, number, { code: 0 });
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
  for (const { number } of data.workers) log(master, number, "notice", "reopening logs");
}

/** A worker gets a signal of its own: it goes, and the master starts another. */
export function workerSignal(worker: DaemonProcess, signal: Signal): boolean {
  const found = employment(worker);
  if (!found) return false;
  if (signal === "SIGQUIT" || signal === "SIGTERM" || signal === "SIGINT") {
    goodbye(found.master, found.number, signal === "SIGQUIT");
    replaceWorker(found, worker.pid, { code: 0 });
    worker.exit(0);
    return true;
  }
  return ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGPIPE"].includes(signal);
}

/** A worker is gone without a word: killed. */
export function workerEnded(worker: DaemonProcess): void {
  const found = employment(worker);
  if (found) replaceWorker(found, worker.pid, { signal: "SIGKILL" });
}

interface Employment {
  readonly master: DaemonProcess;
  readonly number: number;
}

function replaceWorker({ master, number }: Employment, pid: number, status: ExitStatus): void {
  ended(master, number, status);
  const data = masterData(master)!;
  const next = startWorker(master);
  const workers = data.workers.map((other) => (other.pid === pid ? next : other));
  master.data = { ...data, workers } satisfies MasterData;
  masterLog(master, "notice", "signal 29 (SIGIO) received");
}

/** The master that counts the process among its workers. */
function employment({ host, pid }: DaemonProcess): Employment | undefined {
  for (const row of host.processes()) {
    const master = row.daemon === "nginx" && row.state !== "zombie" ? host.machine.daemon(row.pid)?.self : undefined;
    const worker = master && masterData(master)?.workers.find((other) => other.pid === pid);
    if (master && worker) return { master, number: worker.number };
  }
  return undefined;
}
