import {
  encode,
  type Bytes,
  type Duration,
  type Kernel,
  MILLISECOND,
  type Time,
  type Wake,
} from "../../kernel/index.ts";
import { Errno } from "../errno.ts";
import type { Caller } from "../files/mount-namespace.ts";
import type { Host } from "../host.ts";
import type { Machine } from "../machine.ts";
import type { Tty } from "../tty/tty.ts";
import type { FdTable } from "./fd-table.ts";
import { makePipe, type WriteEnd } from "./pipe.ts";
import type { OpenFile } from "./open-file.ts";
import { exitCode, type ExitStatus, type ProcessRow } from "./process-row.ts";
import { defaultAction, type Signal } from "./signal.ts";

/** The process is over: unwinds the program. Programs must let it pass. */
export class Ended extends Error {
  readonly status: ExitStatus;

  constructor(status: ExitStatus) {
    super(`ended with ${exitCode(status)}`);
    this.status = status;
  }
}

/** The process goes on as a daemon: unwinds the task that ran it until now. */
class Detached extends Error {}

/** Always the same: nobody reads where it came from. */
export const DETACHED = new Detached();

/** A wait was broken off by `process.interrupt()`, from a signal handler. As EINTR. */
export class Interrupted extends Errno {
  constructor() {
    super("EINTR");
  }
}

type Disposition = "ignore" | (() => void);

/** What a child is told to its parent with. */
export interface ChildChange {
  readonly pid: number;
  readonly change: "exited" | "stopped" | "continued";
  readonly status?: ExitStatus;
  readonly signal?: Signal;
}

/** After so much work a program sleeps for the time that it took, so that the clock moves and others run. */
const QUANTUM: Duration = 2 * MILLISECOND;
/** The same for a walk through directories, whose files are often computed. */
export const WALK_QUANTUM: Duration = 0.2 * MILLISECOND;

/**
 * A running program's side of the kernel: its descriptors, signals, children and time. One JavaScript object per process
 * that runs as a task; daemons have none (`DaemonProcess`). Everything that other programs can see of it is in its row.
 */
export class Process implements Caller {
  readonly host: Host;
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly pid: number;
  readonly fds: FdTable;
  readonly #blocks = new Set<{ abort(reason: unknown): void }>();
  readonly #dispositions = new Map<Signal, Disposition>();
  readonly #changes: ChildChange[] = [];
  readonly #childWaiters = new Set<() => void>();
  #ended: ExitStatus | undefined;
  #stopped = false;
  /** Signals that came while it was stopped. */
  readonly #pending = new Set<Signal>();
  readonly #continueWaiters = new Set<() => void>();
  #debt: Duration = 0;
  /** Set by a shell while it waits for the next command at its prompt. */
  prompting = false;
  /** Where it carries what it reads: it waits for input only while somebody waits there. */
  carriesTo: { readonly awaited: boolean } | undefined;

  constructor(host: Host, pid: number, fds: FdTable, ignored: Iterable<Signal> = []) {
    this.host = host;
    this.machine = host.machine;
    this.kernel = host.kernel;
    this.pid = pid;
    this.fds = fds;
    for (const signal of ignored) this.#dispositions.set(signal, "ignore");
  }

  // Its row

  get row(): ProcessRow {
    return this.machine.process(this.pid)!;
  }

  update(change: Partial<ProcessRow>): void {
    this.machine.updateProcess(this.pid, change);
  }

  get uid(): number {
    return this.row.uid;
  }

  get gid(): number {
    return this.row.gid;
  }

  get groups(): readonly number[] {
    return this.row.groups;
  }

  get umask(): number {
    return this.row.umask;
  }

  get cwd(): string {
    return this.row.cwd;
  }

  get env(): Readonly<Record<string, string>> {
    return this.row.env;
  }

  get argv(): readonly string[] {
    return this.row.argv;
  }

  get tty(): Tty | undefined {
    const { tty } = this.row;
    return tty === undefined ? undefined : this.machine.tty(tty);
  }

  // Time

  /** The simulated time, this program's own work included. */
  get now(): Time {
    return this.kernel.now + Math.round(this.#debt);
  }

  /** Counts work that takes so long. True if it is time to `pause`: earlier for work that is slower here than in life. */
  spend(time: Duration, quantum = QUANTUM): boolean {
    this.#debt += time;
    return this.#debt >= quantum;
  }

  /** Lets the time pass that the program has spent. */
  async pause(): Promise<void> {
    this.check();
    const debt = this.#debt;
    this.#debt = 0;
    await this.block<void>((wake) => this.kernel.timer(debt, wake));
  }

  async sleep(span: Duration): Promise<void> {
    await this.block<void>((wake) => this.kernel.timer(span, wake));
  }

  /** The program holds so many bytes in memory, in place of what it held before. False if the session has no room for them. */
  hold(bytes: number): boolean {
    return this.kernel.memory.hold(this, bytes);
  }

  // Waiting

  /** Waits until `register`'s argument is called. Ends early when the process is killed (`Ended`) or interrupted. */
  async block<T>(register: (wake: Wake<T>) => (() => void) | void): Promise<T> {
    this.check();
    const blocked = this.kernel.block(register);
    this.#blocks.add(blocked);
    let value: T;
    try {
      value = await blocked.promise;
    } finally {
      this.#blocks.delete(blocked);
    }
    await this.whileStopped();
    return value;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Waits while the process is stopped. */
  async whileStopped(): Promise<void> {
    while (this.#stopped && !this.#ended) await this.#untilContinued();
    this.check();
  }

  /** Throws if the process has ended. Programs that compute for long call `spend` and `pause`, which do. */
  check(): void {
    if (this.#ended) throw new Ended(this.#ended);
  }

  /** Breaks off what the process waits for. For signal handlers. */
  interrupt(): void {
    for (const blocked of this.#blocks) blocked.abort(new Interrupted());
  }

  async #untilContinued(): Promise<void> {
    const blocked = this.kernel.block<void>((wake) => {
      const resume = (): void => wake();
      this.#continueWaiters.add(resume);
      return () => this.#continueWaiters.delete(resume);
    });
    this.#blocks.add(blocked);
    try {
      await blocked.promise;
    } finally {
      this.#blocks.delete(blocked);
    }
  }

  // Input and output

  /** At most `max` bytes from a descriptor; `""` at the end. */
  async read(fd: number, max = 65_536): Promise<Bytes> {
    this.check();
    return this.fds.get(fd).read(this, max);
  }

  /** Writes bytes to a descriptor. EPIPE raises SIGPIPE first, which ends the program unless it ignores it. */
  write(fd: number, data: Bytes): void | Promise<void> {
    this.check();
    if (data !== "") return this.fds.get(fd).write(this, data);
  }

  /** Writes text to standard output. */
  async print(text: string): Promise<void> {
    await this.write(1, encode(text));
  }

  /** Writes text to standard error. Where that is closed (`2>&-`), nobody hears it; programs go on, as those of libc and Go do. */
  async error(text: string): Promise<void> {
    if (this.fds.find(2) === undefined) return;
    await this.write(2, encode(text));
  }

  isTty(fd: number): boolean {
    return this.fds.find(fd)?.tty !== undefined;
  }

  pipe(): { reader: OpenFile; writer: WriteEnd } {
    return makePipe(this.machine.nextInode(), this.kernel.limits.pipeBuffer);
  }

  /** Called by a write that nobody can read any more. */
  brokenPipe(): never {
    this.signal("SIGPIPE");
    this.check();
    throw new Errno("EPIPE");
  }

  // Signals

  /** Handles, ignores, or (undefined) resets a signal. SIGKILL and SIGSTOP cannot be changed. */
  on(signal: Signal, disposition: Disposition | undefined): void {
    if (disposition === undefined) this.#dispositions.delete(signal);
    else this.#dispositions.set(signal, disposition);
  }

  get ignoredSignals(): Signal[] {
    return [...this.#dispositions].filter(([, disposition]) => disposition === "ignore").map(([signal]) => signal);
  }

  /** A signal arrives. */
  signal(signal: Signal): void {
    if (this.#ended) return;
    if (signal === "SIGCONT") this.#resume();
    else if (signal === "SIGKILL") this.#stopped = false;
    else if (this.#stopped && defaultAction(signal) !== "stop") {
      this.#pending.add(signal);
      return;
    }
    const disposition = signal === "SIGKILL" || signal === "SIGSTOP" ? undefined : this.#dispositions.get(signal);
    if (disposition === "ignore") return;
    if (disposition) return disposition();
    // The first process of a container gets no signal that it does not handle (pid_namespaces(7)).
    if (signal !== "SIGKILL" && signal !== "SIGSTOP" && this.host.isContainer && this.row.nspid === 1) return;
    const action = defaultAction(signal);
    if (action === "stop") this.#stop(signal);
    else if (action === "terminate" || action === "core") this.end({ signal });
  }

  #stop(signal: Signal): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.machine.stopped(this.pid);
    this.#tellParent({ pid: this.pid, change: "stopped", signal });
  }

  #resume(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    const pending = [...this.#pending];
    this.#pending.clear();
    this.#tellParent({ pid: this.pid, change: "continued" });
    for (const signal of pending) this.signal(signal);
    if (this.#ended) return;
    this.machine.continued(this.pid);
    for (const resume of this.#continueWaiters) resume();
  }

  // Ending

  /** The process is over; whatever its program still awaits rejects with `Ended`. */
  end(status: ExitStatus): void {
    if (this.#ended) return;
    this.#ended = status;
    this.kernel.memory.release(this);
    for (const blocked of this.#blocks) blocked.abort(new Ended(status));
    this.fds.closeAll();
    const parent = this.machine.liveProcess(this.row.ppid);
    if (parent) parent.spend(this.#debt);
    else this.machine.owe(this.#debt);
    this.machine.ended(this.pid, status);
  }

  /** The process stops being a running program, without ending. Returns its descriptors. */
  detach(): FdTable {
    const fds = this.fds.copy();
    this.fds.closeAll();
    this.machine.removeLive(this.pid);
    return fds;
  }

  get ended(): ExitStatus | undefined {
    return this.#ended;
  }

  #tellParent(change: ChildChange): void {
    this.machine.liveProcess(this.row.ppid)?.childChanged(change);
  }

  // Children

  childChanged(change: ChildChange): void {
    this.#changes.push(change);
    for (const wake of this.#childWaiters) wake();
    this.signal("SIGCHLD");
  }

  /** The next news of the children among `pids` (all, if absent), if there is any. An exited child is gone after that. */
  poll(pids?: readonly number[]): ChildChange | undefined {
    const at = this.#changes.findIndex((change) => !pids || pids.includes(change.pid));
    if (at < 0) return undefined;
    const [change] = this.#changes.splice(at, 1);
    if (change!.change === "exited") this.machine.reap(change!.pid);
    return change;
  }

  /** Waits for news of the children among `pids`. */
  async wait(pids?: readonly number[]): Promise<ChildChange> {
    for (;;) {
      const change = this.poll(pids);
      if (change) return change;
      await this.block<void>((wake) => {
        const tell = (): void => wake();
        this.#childWaiters.add(tell);
        return () => this.#childWaiters.delete(tell);
      });
    }
  }
}
