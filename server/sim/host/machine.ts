import type { Bytes, Duration, Kernel, Table, TableIndex } from "../kernel/index.ts";
import { Errno } from "./errno.ts";
import type { Host } from "./host.ts";
import type { Hosts } from "./hosts.ts";
import { DaemonProcess } from "./process/daemon-process.ts";
import type { FdTable } from "./process/fd-table.ts";
import type { Process } from "./process/process.ts";
import type { ExitStatus, ProcessRow } from "./process/process-row.ts";
import type { Daemon } from "./process/program.ts";
import { defaultAction, type Signal } from "./process/signal.ts";
import type { Tty } from "./tty/tty.ts";

/** A (virtual) computer: one kernel with its processes, on which a host and containers live. Plain data. */
export interface MachineRow {
  readonly name: string;
  /** The profile that it imitates (DESIGN.md 3.3). */
  readonly profile: string;
  readonly cpus: number;
  /** In KiB, as /proc/meminfo shows it. */
  readonly memory: number;
  readonly bootedAt: number;
  /** 32 hexadecimal digits each. */
  readonly bootId: string;
  readonly machineId: string;
  readonly nextPid: number;
  readonly nextInode: number;
}

/** A machine is crowded if this part of the processes that there may be are there. */
const CROWD = 8;

/** The process table of a machine, its terminals and signals. */
export class Machine {
  readonly hosts: Hosts;
  readonly name: string;
  readonly kernel: Kernel;
  readonly #rows: Table<string, MachineRow>;
  readonly #processes: Table<number, ProcessRow>;
  readonly #byNamespace: TableIndex<number, ProcessRow>;
  readonly #byHost: TableIndex<number, ProcessRow>;
  readonly #byParent: TableIndex<number, ProcessRow>;
  readonly #live = new Map<number, Process>();
  readonly #daemonFiles = new Map<number, FdTable>();
  readonly #ttys = new Map<string, Tty>();
  #owed: Duration = 0;

  constructor(hosts: Hosts, name: string) {
    this.hosts = hosts;
    this.name = name;
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table("machines");
    this.#processes = this.kernel.state.table(`processes/${name}`);
    this.#byNamespace = this.#processes.index(({ pidns, host }) => pidns ?? host);
    this.#byHost = this.#processes.index(({ host }) => host);
    this.#byParent = this.#processes.index(({ ppid }) => String(ppid));
  }

  get row(): MachineRow {
    return this.#rows.get(this.name)!;
  }

  /** The host that is the machine itself. */
  get host(): Host {
    return this.hosts.host(this.name)!;
  }

  nextInode(): number {
    const { row } = this;
    this.#rows.set(this.name, { ...row, nextInode: row.nextInode + 1 });
    return row.nextInode;
  }

  // Processes

  /** All processes, or those of one process namespace, by pid. */
  processes(namespace?: string): ProcessRow[] {
    return byPid(namespace === undefined ? this.#processes.values() : this.#byNamespace.rows(namespace));
  }

  /** The processes that run with the files of one host: those of a container's cgroup. */
  processesOf(host: string): ProcessRow[] {
    return byPid(this.#byHost.rows(host));
  }

  process(pid: number): ProcessRow | undefined {
    return this.#processes.get(pid);
  }

  isAlive(pid: number): boolean {
    const row = this.#processes.get(pid);
    return row !== undefined && row.state !== "zombie";
  }

  updateProcess(pid: number, change: Partial<ProcessRow>): void {
    const row = this.#processes.get(pid);
    if (row) this.#processes.set(pid, { ...row, ...change });
  }

  /** setsid(2): a session and a group of its own, without a terminal. */
  startSession(pid: number): void {
    const row = this.#processes.get(pid);
    if (!row) return;
    const { tty: _, ...rest } = row;
    this.#processes.set(pid, { ...rest, sid: pid, pgid: pid });
  }

  /** The process table has no room for another one. */
  get isFull(): boolean {
    return this.#processes.size >= this.kernel.limits.processes;
  }

  /** Enters a process into the table and numbers it. `pgid` and `sid` 0 stand for the new pid. */
  addProcess(host: Host, row: Omit<ProcessRow, "pid" | "nspid" | "startedAt" | "state">): number {
    if (this.isFull) throw new Errno("EAGAIN");
    const machine = this.row;
    const pid = machine.nextPid;
    this.#rows.set(this.name, { ...machine, nextPid: pid + 1 });
    const { pidns } = host.row;
    const { pgid, sid } = row;
    this.hosts.writesOf(row, () => {
      const nspid = host.seesMachine ? pid : pidns === undefined ? host.nextPid() : this.#numberIn(pidns);
      this.#processes.set(pid, {
        ...row,
        ...(pidns === undefined ? {} : { pidns }),
        pid,
        nspid,
        pgid: pgid || pid,
        sid: sid || pid,
        startedAt: this.kernel.now,
        state: "running",
      });
    });
    return pid;
  }

  /** The next number in the process namespace of another container, or of a sandbox, whose pause process has the first. */
  #numberIn(namespace: string): number {
    const owner = this.hosts.host(namespace);
    if (owner) return owner.nextPid();
    const numbers = this.kernel.state.table<string, number>("pid-namespaces");
    const next = numbers.get(namespace) ?? 2;
    numbers.set(namespace, next + 1);
    return next;
  }

  /** Makes a process the first one of a process namespace that containers are to share. */
  ownNamespace(pid: number, namespace: string): void {
    this.updateProcess(pid, { pidns: namespace, nspid: 1 });
  }

  /** Enters process 1, which the kernel starts itself. */
  addInit(row: Omit<ProcessRow, "pid" | "nspid" | "pgid" | "sid" | "state">): void {
    this.#processes.set(1, { ...row, pid: 1, nspid: 1, pgid: 1, sid: 1, state: "running" });
  }

  setLive(process: Process): void {
    this.#live.set(process.pid, process);
    // The processor was busy with those that left their work to nobody.
    process.spend(this.#owed);
    this.#owed = 0;
  }

  /**
   * A process has ended before its work has taken its time, and has no parent to wait for that. On a crowded machine the next
   * one that starts does: without it, processes that start each other and end would go on for ever at one moment.
   */
  owe(work: Duration): void {
    if (this.#processes.size > this.kernel.limits.processes / CROWD) this.#owed += work;
  }

  removeLive(pid: number): void {
    this.#live.delete(pid);
  }

  /** The process as a running program, if it is one. */
  liveProcess(pid: number): Process | undefined {
    return this.#live.get(pid);
  }

  daemon(pid: number): { daemon: Daemon; self: DaemonProcess } | undefined {
    const row = this.#processes.get(pid);
    if (row?.daemon === undefined) return undefined;
    const host = this.hosts.host(row.host);
    return host && { daemon: this.hosts.daemon(row.daemon), self: new DaemonProcess(host, pid) };
  }

  // Signals

  /** Sends a signal. False if there is no such process. */
  signal(pid: number, signal: Signal): boolean {
    if (!this.#processes.has(pid)) return false;
    const live = this.#live.get(pid);
    if (live) {
      live.signal(signal);
      return true;
    }
    if (!this.isAlive(pid)) return true;
    const row = this.process(pid)!;
    if (signal === "SIGCONT") this.#continueDaemon(row);
    else if (row.state === "stopped" && signal !== "SIGKILL" && defaultAction(signal) !== "stop") {
      const pending = row.pending ?? [];
      if (!pending.includes(signal)) this.updateProcess(pid, { pending: [...pending, signal] });
      return true;
    }
    const action = defaultAction(signal);
    const found = this.daemon(pid);
    if (signal !== "SIGKILL" && signal !== "SIGSTOP" && found?.daemon.signal?.(found.self, signal)) return true;
    if (action === "stop") this.stopped(pid);
    else if (action !== "ignore" && action !== "continue") this.endDaemon(pid, { signal });
    return true;
  }

  /** A process is stopped: it does nothing until it is continued. */
  stopped(pid: number): void {
    this.updateProcess(pid, { state: "stopped" });
    this.hosts.processPaused(this.process(pid)!);
  }

  /** A stopped process goes on: who keeps what came for it meanwhile is told. */
  continued(pid: number): void {
    this.updateProcess(pid, { state: "running" });
    const row = this.process(pid);
    if (row) this.hosts.processContinued(row);
  }

  /** Signals that came while it was stopped act before what else waits for it (get_signal in kernel/signal.c). */
  #continueDaemon({ pid, state, pending = [] }: ProcessRow): void {
    if (state !== "stopped") return;
    const { pending: _, ...rest } = this.process(pid)!;
    this.#processes.set(pid, { ...rest, state: "running" });
    for (const signal of pending) this.signal(pid, signal);
    if (this.isAlive(pid)) this.continued(pid);
  }

  /**
   * Whether nobody answers at the sockets of a process: it is stopped, or all those workers are that accept in its name.
   */
  isPaused(pid: number): boolean {
    const row = this.#processes.get(pid);
    if (row?.daemon === undefined) return row?.state === "stopped";
    let workers = 0;
    for (const child of this.#byParent.rows(String(pid))) {
      if (child.daemon !== row.daemon || child.state === "zombie") continue;
      if (child.state !== "stopped") return false;
      workers++;
    }
    return workers > 0 || row.state === "stopped";
  }

  /** Sends a signal to a process group. False if it has no members. */
  signalGroup(pgid: number, signal: Signal): boolean {
    const members = this.processes().filter((row) => row.pgid === pgid && row.state !== "zombie");
    for (const { pid } of members) this.signal(pid, signal);
    return members.length > 0;
  }

  // Ends

  /** A process without a running program ends: a daemon, or one that was left behind by a fork or restore. */
  endDaemon(pid: number, status: ExitStatus): void {
    if (!this.isAlive(pid)) return;
    const found = this.daemon(pid);
    this.ended(pid, status);
    found?.daemon.stopped?.(found.self);
  }

  /** Everything that follows when a process ends: its workers, its children, its row, and who is to be told. */
  ended(pid: number, status: ExitStatus): void {
    const row = this.#processes.get(pid);
    if (!row || row.state === "zombie") return;
    this.#live.delete(pid);
    this.#daemonFiles.get(pid)?.closeAll();
    this.#daemonFiles.delete(pid);
    this.hosts.writesOf(row, () => this.#processes.set(pid, { ...row, state: "zombie", exit: status }));
    if (row.onExit)
      this.kernel.after(0, row.onExit.kind, { ...(row.onExit.args as object), machine: this.name, pid, status });
    this.hosts.processEnded(row);
    if (row.sid === pid && row.tty !== undefined) this.#leaderEnded(row.tty, pid);
    if (row.nspid === 1) {
      // The kernel kills a pid namespace with its first process.
      const namespace = row.pidns ?? row.host;
      for (const other of this.processes(namespace))
        if (other.pid !== pid && other.state !== "zombie") this.signal(other.pid, "SIGKILL");
      if (row.pidns !== undefined) this.kernel.state.table<string, number>("pid-namespaces").delete(namespace);
    }
    for (const child of byPid(this.#byParent.rows(String(pid)))) {
      if (child.daemon !== undefined && child.daemon === row.daemon) this.endDaemon(child.pid, status);
      else if (child.state === "zombie") this.reap(child.pid);
      else this.updateProcess(child.pid, { ppid: 1 });
    }
    const parent = this.#live.get(row.ppid);
    if (parent) parent.childChanged({ pid, change: "exited", status });
    else this.reap(pid);
  }

  /** A session without its leader has no terminal any more; its foreground group is told (disassociate_ctty in tty_jobctrl.c). */
  #leaderEnded(tty: string, sid: number): void {
    this.tty(tty)?.leaderEnded();
    for (const row of this.processes()) {
      if (row.sid !== sid || row.tty === undefined) continue;
      const { tty: _terminal, ...rest } = row;
      this.#processes.set(row.pid, rest);
    }
  }

  /** Takes an ended process out of the table. */
  reap(pid: number): void {
    const row = this.#processes.get(pid);
    if (row?.state === "zombie") this.hosts.writesOf(row, () => this.#processes.delete(pid));
  }

  /** The descriptors of a daemon that was started from a terminal or pipeline. They are lost in a fork or restore. */
  setDaemonFiles(pid: number, fds: FdTable): void {
    this.#daemonFiles.set(pid, fds);
  }

  // Terminals

  /** A terminal of another machine (`kubectl exec`) gets a name of its own here. */
  addTty(tty: Tty, name = tty.name): void {
    this.#ttys.set(name, tty);
  }

  removeTty(name: string): void {
    this.#ttys.delete(name);
  }

  tty(name: string): Tty | undefined {
    return this.#ttys.get(name);
  }

  /** The lowest free `pts/N`. */
  freeTtyName(): string {
    let number = 0;
    while (this.#ttys.has(`pts/${number}`)) number++;
    return `pts/${number}`;
  }

  // Logs

  /** Writes output of a daemon to where it is kept, or to the terminal or pipe that it was started with. */
  writeLog(row: ProcessRow, fd: 1 | 2, data: Bytes): void {
    if (row.log) this.hosts.writeLog(this, row, row.log, fd, data);
    else this.#daemonFiles.get(row.pid)?.find(fd)?.writeNow(data);
  }
}

function byPid(rows: Iterable<ProcessRow>): ProcessRow[] {
  return [...rows].sort((a, b) => a.pid - b.pid);
}
