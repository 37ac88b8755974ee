import { Interrupted, signalNumber, type Signal } from "../../sim/host/index.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { Discard } from "./unwinding.ts";

/** What a trap can be set on besides signals. */
export type Event = "EXIT" | "ERR" | "DEBUG" | "RETURN";
export type TrapName = Signal | Event;

/** A deadly signal has reached the shell, which first runs its EXIT trap. */
export class Killed extends Error {
  readonly signal: Signal;

  constructor(signal: Signal) {
    super(`killed by ${signal}`);
    this.signal = signal;
  }
}

/** A wait was broken off, and the trap of the signal has run: `wait` returns. */
export class Trapped extends Error {
  readonly signal: Signal;

  constructor(signal: Signal) {
    super(`trapped ${signal}`);
    this.signal = signal;
  }

  get status(): number {
    return 128 + signalNumber(this.signal);
  }
}

/** Ctrl-C at a prompt or while commands of the shell itself run: the line is given up. */
export class Interrupt extends Discard {
  constructor() {
    super(130, true);
  }
}

/** Signals that end a shell, but not before its EXIT trap has run. */
const DEADLY: readonly Signal[] = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGTERM",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGPIPE",
];
/** What a shell with a prompt does not die of. */
const KEPT_OFF: readonly Signal[] = ["SIGTERM", "SIGQUIT", "SIGTSTP", "SIGTTIN", "SIGTTOU"];

/** How complaints name the text of a trap. */
const TEXT_NAMES: Record<Event, string> = {
  EXIT: "exit trap",
  ERR: "error trap",
  DEBUG: "debug trap",
  RETURN: "return trap",
};

/** The traps of a shell, and what signals do to it. */
export class Signals {
  readonly #shell: Shell;
  readonly #traps: Map<TrapName, string>;
  readonly #ignoredFromStart: ReadonlySet<Signal>;
  readonly #pending: Signal[] = [];
  readonly #running = new Set<TrapName>();
  /** In a subshell: the parent's traps, which it does not have but shows until it sets one of its own. */
  #shown: ReadonlyMap<TrapName, string> | undefined;
  #interrupted = false;
  #killed: Signal | undefined;
  #interruptible = 0;
  /** A Ctrl-C came while a script waited for a command: what becomes of the script depends on how that ends. */
  #interruptedCommand = false;
  /** Called when the terminal's size changes. */
  onResize: () => void = () => {};
  /** Called when there is news of a child. */
  onChild: () => void = () => {};

  constructor(shell: Shell, from?: Signals) {
    this.#shell = shell;
    this.#ignoredFromStart = new Set(shell.process.ignoredSignals);
    this.#shown = from && (from.#shown ?? new Map(from.#traps));
    this.#traps = new Map(from ? [...from.#traps].filter(([name, action]) => from.#isInherited(name, action)) : []);
  }

  #isInherited(name: TrapName, action: string): boolean {
    const { options } = this.#shell;
    if (name === "ERR") return options.has("errtrace");
    if (name === "DEBUG" || name === "RETURN") return options.has("functrace");
    return action === "" && name !== "EXIT";
  }

  /** Takes up what a shell does with signals from the start. */
  install(): void {
    const { process, interactive } = this.#shell;
    if (interactive) {
      for (const signal of KEPT_OFF) process.on(signal, () => {});
      process.on("SIGWINCH", () => this.onResize());
      process.on("SIGHUP", () => this.#kill("SIGHUP"));
      process.on("SIGCHLD", () => this.onChild());
    }
    if (interactive || !this.#ignoredFromStart.has("SIGINT")) process.on("SIGINT", () => this.#arrived("SIGINT"));
  }

  // Traps

  get(name: TrapName): string | undefined {
    return this.#traps.get(name);
  }

  /** What `trap` shows for a name. */
  shown(name: TrapName): string | undefined {
    return (this.#shown ?? this.#traps).get(name);
  }

  entries(): [TrapName, string][] {
    return [...this.#traps];
  }

  /** Sets a trap (an empty text ignores the signal) or, without an action, takes it away. False if that cannot be. */
  set(name: TrapName, action: string | undefined): void {
    this.#shown = undefined;
    if (action === undefined) this.#traps.delete(name);
    else this.#traps.set(name, action);
    if (name === "EXIT") return this.#watchDeadly();
    if (name === "ERR" || name === "DEBUG" || name === "RETURN") return;
    if (this.#ignoredFromStart.has(name) && !this.#shell.interactive) return;
    this.#dispose(name);
  }

  #dispose(signal: Signal): void {
    const { process, interactive, isSubshell } = this.#shell;
    const action = this.#traps.get(signal);
    if (action === "") process.on(signal, "ignore");
    else if (action !== undefined) process.on(signal, () => this.#arrived(signal));
    else if (signal === "SIGWINCH" && interactive) process.on(signal, () => this.onResize());
    else if (signal === "SIGCHLD" && interactive) process.on(signal, () => this.onChild());
    else if (interactive && !isSubshell && KEPT_OFF.includes(signal)) process.on(signal, () => {});
    else if (signal === "SIGINT" && !isSubshell) process.on(signal, () => this.#arrived(signal));
    else if (this.#traps.has("EXIT") && DEADLY.includes(signal)) process.on(signal, () => this.#kill(signal));
    else process.on(signal, undefined);
  }

  #watchDeadly(): void {
    for (const signal of DEADLY)
      if (!this.#traps.has(signal) && !this.#ignoredFromStart.has(signal)) this.#dispose(signal);
  }

  /** Before another program takes over the process: what was caught has its usual effect again. */
  release(): void {
    const { process } = this.#shell;
    const caught = [...this.#traps].flatMap(([name, action]) => (action === "" ? [] : [name]));
    for (const name of [...caught, ...KEPT_OFF, ...DEADLY, "SIGWINCH", "SIGCHLD"] as TrapName[])
      if (name.startsWith("SIG") && !process.ignoredSignals.includes(name as Signal))
        process.on(name as Signal, undefined);
  }

  // Arrival

  #arrived(signal: Signal): void {
    if (this.#traps.get(signal)) {
      this.#pending.push(signal);
      if (this.#interruptible > 0) this.#shell.process.interrupt();
    } else if (this.#shell.jobs.waitsForForeground) this.#interruptedCommand = true;
    else if (this.#shell.interactive) {
      this.#interrupted = true;
      if (this.#interruptible > 0) this.#shell.process.interrupt();
    } else this.#kill(signal);
  }

  #kill(signal: Signal): void {
    this.#killed = signal;
    this.#shell.process.interrupt();
  }

  /** A command that a script waited for has ended; if it died of the Ctrl-C, so does the script. */
  commandEnded(diedOfInterrupt: boolean): void {
    if (this.#interruptedCommand && diedOfInterrupt && !this.#shell.interactive) this.#killed = "SIGINT";
    this.#interruptedCommand = false;
  }

  /** Is a trap being run? Its commands are not those of `$BASH_COMMAND`. */
  get inTrap(): boolean {
    return this.#running.size > 0;
  }

  get pending(): boolean {
    return this.#pending.length > 0 || this.#interrupted || this.#killed !== undefined;
  }

  /** Has a Ctrl-C come that nothing was done about yet? */
  get interruptPending(): boolean {
    return this.#interrupted || this.#pending.includes("SIGINT");
  }

  /** Does what signals ask for: runs traps, gives up the command after a Ctrl-C, ends the shell. */
  *handle(): Steps<Signal | undefined> {
    let last: Signal | undefined;
    while (this.#pending.length > 0) {
      last = this.#pending.shift()!;
      yield* this.run(last);
    }
    const killed = this.#killed;
    this.#killed = undefined;
    if (killed) throw new Killed(killed);
    if (this.#interrupted) {
      this.#interrupted = false;
      throw new Interrupt();
    }
    return last;
  }

  /**
   * Waits. If `breakable`, a trap that had to run ends the wait (`Trapped`); else it runs when the wait is over. `first` is
   * done when a signal has come, before anything else.
   */
  *during<T>(wait: () => Promise<T>, breakable: boolean, first?: () => Steps<void>): Steps<T> {
    if (this.#pending.length > 0 && breakable) throw new Trapped((yield* this.handle())!);
    if (breakable) this.#interruptible++;
    try {
      for (;;) {
        try {
          return (yield wait()) as T;
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error;
        }
        if (first) yield* first();
        const trapped = yield* this.handle();
        if (trapped && breakable) throw new Trapped(trapped);
      }
    } finally {
      if (breakable) this.#interruptible--;
    }
  }

  // Running

  /** Runs the trap of a signal or event, if there is one that is not running already. `$?` is kept. */
  *run(name: TrapName): Steps<void> {
    const action = this.#traps.get(name);
    if (!action || this.#running.has(name)) return;
    const shell = this.#shell;
    const { lastStatus, line, jump } = shell;
    this.#running.add(name);
    shell.jump = undefined;
    shell.traceLevel++;
    try {
      yield* shell.interpreter.text(shell, action, { name: TEXT_NAMES[name as Event] ?? "trap", line });
      // `return` in a trap returns from the function that was interrupted.
      if (!shell.jump) shell.lastStatus = lastStatus;
    } finally {
      this.#running.delete(name);
      shell.traceLevel--;
      shell.line = line;
      shell.jump ??= jump;
    }
  }

  /** The shell ends with a status: runs the EXIT trap, which may change it. */
  *runExit(status: number): Steps<number> {
    const action = this.#traps.get("EXIT");
    if (!action) return status;
    this.#traps.delete("EXIT");
    this.#killed = undefined;
    const shell = this.#shell;
    shell.lastStatus = status;
    shell.jump = undefined;
    this.#running.add("EXIT");
    yield* shell.interpreter.text(shell, action, { name: TEXT_NAMES.EXIT, line: shell.line });
    return status;
  }

  /** A function starts: traps that functions do not inherit rest until it returns. Returns what puts them back. */
  shield(traced: boolean): (() => void) | undefined {
    const { options } = this.#shell;
    const resting: [TrapName, string][] = [];
    const rest = (name: Event): void => {
      const action = this.#traps.get(name);
      if (action === undefined) return;
      resting.push([name, action]);
      this.#traps.delete(name);
    };
    if (this.#traps.size === 0) return undefined;
    if (!options.has("errtrace")) rest("ERR");
    if (!options.has("functrace") && !traced) {
      rest("DEBUG");
      rest("RETURN");
    }
    if (resting.length === 0) return undefined;
    return () => {
      for (const [name, action] of resting) this.#traps.set(name, action);
    };
  }
}
