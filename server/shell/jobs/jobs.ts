import {
  open,
  signalDescription,
  type ChildChange,
  type ExitStatus,
  type FdTable,
  type Signal,
} from "../../sim/host/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { Discard } from "../interpreter/unwinding.ts";
import { Job, type StartedProcess } from "./job.ts";
import { listFate, listJob, listJobLong, polite, type ListingContext } from "./listing.ts";
import { Ranking } from "./ranking.ts";

/** Signals of which a script does not tell that a job in the background died of them. */
const QUIET: ReadonlySet<Signal> = new Set(["SIGINT", "SIGTERM", "SIGPIPE"]);

/** How long it takes until a process that was killed has ended and its parent knows, in microseconds. */
const DEATH = 300;

/** How many ended children `wait PID` can still ask for. */
const MOST_STATUSES = 4096;

/** The jobs of a shell: pipelines in the background, stopped, or being waited for. */
export class Jobs {
  readonly #shell: Shell;
  readonly #ranking = new Ranking();
  #foreground: Job | undefined;
  /** How children ended, by pid; jobs also by the number that is shown. */
  readonly #statuses = new Map<number, ExitStatus>();
  readonly #shown = new Map<number, number>();
  #deaf = 0;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Does every job get a process group of its own, and the terminal while it is in the foreground? */
  get control(): boolean {
    return this.#shell.options.has("monitor") && !this.#shell.isSubshell;
  }

  get all(): readonly Job[] {
    return this.#ranking.jobs;
  }

  get current(): Job | undefined {
    return this.#ranking.current;
  }

  get previous(): Job | undefined {
    return this.#ranking.previous;
  }

  // Starting

  addBackground(members: readonly StartedProcess[], pgid: number, text: string): Job {
    const job = new Job(members, { pgid, text, directory: this.#directory, background: true });
    for (const { pid, shown } of members) this.#shown.set(shown, pid);
    if (this.#shown.size > MOST_STATUSES) this.#shown.delete(this.#shown.keys().next().value!);
    this.#ranking.add(job, this.#shell.interactive);
    this.#ranking.update();
    this.#shell.lastBackground = members.at(-1)!.shown;
    return job;
  }

  /** Makes a job of what runs in the foreground; it gets a number when it stops. */
  makeForeground(members: readonly StartedProcess[], pgid: number, text: string): Job {
    return new Job(members, { pgid, text, directory: this.#directory, background: false });
  }

  /** Lists a job of the parent's. */
  show(job: Job): void {
    this.#ranking.add(job, true);
    this.#ranking.update();
  }

  // Waiting

  /** Waits until a foreground job has ended or stopped, gives it the terminal meanwhile. Returns `$?`. */
  *foreground(job: Job): Steps<number> {
    const outer = this.#foreground;
    this.#foreground = job;
    const { tty } = this.#shell.process;
    const modes = tty?.termios;
    if (this.control) this.#giveTerminal(job.pgid);
    try {
      while (job.state === "running" || (job.state === "stopped" && !this.control)) yield* this.#news();
    } finally {
      this.#foreground = outer;
      if (this.control) this.#takeTerminal();
    }
    // Who was killed or stopped may have left its own modes; what a program sets that ends by itself stays (`stty`).
    if (tty && modes && this.control && (job.state === "stopped" || isKilled(job))) tty.termios = modes;
    if (job.state === "stopped") {
      this.#stopped(job);
      this.#leaveLoops();
    } else this.#ended(job);
    this.#afterForeground(job);
    this.notify();
    return job.status;
  }

  /** Ctrl-Z in a loop ends the loops around the command at a prompt; a list or a function goes on behind it. */
  #leaveLoops(): void {
    const shell = this.#shell;
    if (shell.interactive && shell.loops > 0) shell.jump = { type: "break", levels: shell.loops };
  }

  /** A command that died of Ctrl-C takes the rest of the line with it, in scripts the script. */
  #afterForeground({ last }: Job): void {
    const interrupted = last.status !== undefined && "signal" in last.status && last.status.signal === "SIGINT";
    this.#shell.signals.commandEnded(interrupted);
    if (interrupted && this.#shell.interactive) throw new Discard(130, true);
  }

  get waitsForForeground(): boolean {
    return this.#foreground !== undefined;
  }

  /** Waits for news of any child. Signals whose traps must run break it off (`Interrupted`). */
  *#news(): Steps<void> {
    const change = yield* this.#shell.signals.during(() => this.#shell.process.wait(), this.#foreground === undefined);
    this.#note(change);
  }

  /** Waits for a child that is no job: of a substitution. */
  *child(pid: number): Steps<ExitStatus> {
    while (!this.#statuses.has(pid)) {
      const change = yield* this.#shell.signals.during(() => this.#shell.process.wait(), false);
      this.#note(change);
    }
    return this.#statuses.get(pid)!;
  }

  /** A command in the background does not read the terminal, unless job control would stop it. */
  detachInput(fds: FdTable): void {
    fds.set(0, open(this.#shell.host, "/dev/null", { read: true }, this.#shell.process));
  }

  /** Waits until `done` holds; news are looked at before. For `wait`. */
  *until(done: () => boolean): Steps<void> {
    this.poll();
    while (!done()) yield* this.#news();
  }

  /** Takes what is known of children, without waiting. */
  poll(): void {
    if (this.#shell.process.now < this.#deaf) return;
    for (;;) {
      const change = this.#shell.process.poll();
      if (!change) return;
      this.#note(change);
    }
  }

  /** A child was sent a signal: that it has died of it is only seen a little later. */
  signalled(): void {
    this.#deaf = this.#shell.process.now + DEATH;
  }

  #note(change: ChildChange): void {
    const { pid } = change;
    const job = [...this.all, ...(this.#foreground ? [this.#foreground] : [])].find(({ pids }) => pids.includes(pid));
    const before = job?.state;
    job?.note(change);
    if (change.status) {
      this.#statuses.set(pid, change.status);
      if (this.#statuses.size > MOST_STATUSES) this.#statuses.delete(this.#statuses.keys().next().value!);
    }
    if (job && job !== this.#foreground && job.state === "stopped" && before !== "stopped") this.#ranking.raise(job);
  }

  /** How a background process ended that no job holds any more, by the number that was shown. */
  endedShown(shown: number): ExitStatus | undefined {
    return this.#statuses.get(this.#shown.get(shown) ?? -1);
  }

  #stopped(job: Job): void {
    job.background = true;
    job.notified = true;
    this.#ranking.add(job, true);
    this.#ranking.raise(job);
    if (this.#shell.interactive) this.#shell.writeError(`\n${this.list(job)}`);
  }

  #ended(job: Job): void {
    this.#ranking.remove(job);
    const { status } = job.last;
    if (!status || !("signal" in status) || status.signal === "SIGPIPE") return;
    if (status.signal === "SIGINT") {
      if (this.#shell.interactive && !this.#shell.isSubshell) this.#shell.writeError("\n");
      return;
    }
    const { interactive, dialect } = this.#shell;
    if (interactive || dialect.strict || (status.signal === "SIGTERM" && job.members.length === 1))
      this.#shell.writeError(`${signalDescription(status.signal)}\n`);
    else this.#shell.complain(listFate(job));
  }

  // The terminal

  #giveTerminal(pgid: number): void {
    const { tty, machine } = this.#shell.process;
    if (tty) tty.foreground = { machine, pgid };
  }

  #takeTerminal(): void {
    const { tty, machine, row } = this.#shell.process;
    if (tty && !tty.isHungUp) tty.foreground = { machine, pgid: row.pgid };
  }

  /** `fg`: goes on with a job in the foreground. */
  *resume(job: Job): Steps<number> {
    this.#continue(job);
    job.background = false;
    return yield* this.foreground(job);
  }

  /** `bg` */
  resumeInBackground(job: Job): void {
    this.#continue(job);
    job.background = true;
    this.#ranking.update();
    this.#shell.lastBackground = job.last.shown;
  }

  #continue(job: Job): void {
    for (const member of job.members) member.stopped = undefined;
    job.notified = true;
    if (this.control) this.#shell.process.machine.signalGroup(job.pgid, "SIGCONT");
    else for (const pid of job.pids) this.#shell.process.machine.signal(pid, "SIGCONT");
  }

  // Telling

  /** Tells of jobs that have ended or stopped, and forgets those that have ended. */
  notify(): void {
    if (this.all.length === 0) return;
    this.poll();
    for (const job of this.all) {
      if (job.state === "running" || job === this.#foreground || job.notified) continue;
      if (this.#shell.interactive) {
        if (this.#shell.options.has("monitor")) this.#tell(job);
      } else if (!this.#tellInScript(job)) continue;
      job.notified = true;
    }
    this.forgetEnded();
  }

  /** A script tells only of jobs that died of a signal. False if the job is kept for `wait` and `jobs`. */
  #tellInScript(job: Job): boolean {
    if (job.state === "stopped") return true;
    const { status } = job.last;
    if (!status || !("signal" in status)) return this.#shell.start.letters.includes("c");
    if (this.#shell.dialect.strict) this.#shell.writeError(`${signalDescription(status.signal)}\n`);
    else if (!QUIET.has(status.signal)) this.#shell.complain(listFate(job));
    return true;
  }

  #tell(job: Job): void {
    const { status } = job.last;
    if (job.state === "stopped") return this.#shell.writeError(`\n${this.list(job)}`);
    if (status && "signal" in status && (status.signal === "SIGINT" || status.signal === "SIGPIPE") && !job.background) return; // prettier-ignore
    this.#shell.writeError(this.list(job));
    if (job.directory !== this.#directory)
      this.#shell.writeError(`(wd now: ${polite(this.#directory, this.#shell.variables.get("HOME"))})\n`);
  }

  /** `wait` for all has ended; a script keeps the job that was started last, if `wait` met it dead. */
  waitedForAll(waited: ReadonlySet<Job>): void {
    if (this.#shell.interactive) return this.notify();
    for (const job of this.all) {
      if (job.state !== "done") continue;
      if ("signal" in job.last.status! && this.#tellInScript(job)) this.#ranking.remove(job);
      else if (waited.has(job) || job.last.shown !== this.#shell.lastBackground) this.#ranking.remove(job);
    }
  }

  /** Forgets jobs that have ended and were told of. */
  forgetEnded(): void {
    for (const job of this.all) if (job.state === "done" && job.notified) this.#ranking.remove(job);
  }

  /** Does the shell stay, because there are stopped jobs (with `checkjobs` also running ones)? Told once. */
  holdsExit(): boolean {
    this.poll();
    const { lastBuiltin, options } = this.#shell;
    if (lastBuiltin === "exit" || lastBuiltin === "logout" || lastBuiltin === "jobs") return false;
    const stopped = this.all.some((job) => job.state === "stopped");
    const running = options.shopt("checkjobs") && this.all.some((job) => job.state === "running");
    if (!stopped && !running) return false;
    this.#shell.writeError(stopped ? "There are stopped jobs.\n" : "There are running jobs.\n");
    if (options.shopt("checkjobs")) for (const job of this.all) this.#shell.writeError(this.list(job));
    return true;
  }

  /** The shell ends: stopped jobs get SIGHUP and SIGCONT, running ones as well if the terminal has gone. */
  hangUp(all: boolean): void {
    for (const job of this.all) {
      if (job.state === "done" || job.keepsRunning || (!all && job.state !== "stopped")) continue;
      const { machine } = this.#shell.process;
      machine.signalGroup(job.pgid, "SIGHUP");
      if (job.state === "stopped") machine.signalGroup(job.pgid, "SIGCONT");
    }
  }

  remove(job: Job): void {
    this.#ranking.remove(job);
    this.#ranking.update();
  }

  clear(): void {
    this.#ranking.clear();
  }

  list(job: Job, long = false): string {
    return (long ? listJobLong : listJob)(job, this.#context(job));
  }

  #context(job: Job): ListingContext {
    const mark = job === this.#ranking.current ? "+" : job === this.#ranking.previous ? "-" : " ";
    return { mark, directory: this.#directory, home: this.#shell.variables.get("HOME") };
  }

  get #directory(): string {
    return this.#shell.variables.get("PWD") ?? this.#shell.process.cwd;
  }

  // Finding

  /** The job that `%1`, `%%`, `%-`, `%str`, `%?str` names, or why there is none. */
  find(spec: string): Job | "no such job" | "ambiguous job spec" {
    const text = spec.startsWith("%") ? spec.slice(1) : spec;
    if (text === "" || text === "%" || text === "+") return this.#ranking.current ?? "no such job";
    if (text === "-") return this.#ranking.previous ?? "no such job";
    if (/^\d+$/.test(text)) return this.all.find((job) => job.number === Number(text)) ?? "no such job";
    const matches = this.all.filter((job) =>
      text.startsWith("?") ? job.text.includes(text.slice(1)) : job.text.startsWith(text),
    );
    return matches.length > 1 ? "ambiguous job spec" : (matches[0] ?? "no such job");
  }
}

function isKilled({ last }: Job): boolean {
  return last.status !== undefined && "signal" in last.status;
}
