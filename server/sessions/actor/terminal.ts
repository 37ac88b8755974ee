import { encode, type Bytes } from "../../sim/kernel/index.ts";
import { Tty, type ExitStatus, type Host, type OpenFile, type User } from "../../sim/host/index.ts";
import type { World } from "../../sim/world/index.ts";
import { login as loginShell, loginCommand, shellOf, type LoginOptions } from "../../shell/index.ts";
import { TERMINAL_ENDED } from "../../../grader/index.ts";

export interface TerminalOptions {
  readonly cols: number;
  readonly rows: number;
  /** Takes what the terminal shows. */
  readonly display: (bytes: Bytes) => void | Promise<void>;
  /** Where the shell's output goes, if not to the terminal. */
  readonly stdout?: OpenFile;
  readonly stderr?: OpenFile;
  /** The line of an exam's base that it is for. */
  readonly line?: number;
  /** Runs in the place of a login shell. */
  readonly command?: string;
}

/** Who waits for what is typed next: a shell for a command or for the rest of one, or another program for input. */
export interface WaitingFor {
  readonly what: "command" | "rest" | "input";
  readonly program: string;
  /** `$?` of the shell that waits; null for other programs. */
  readonly status: number | null;
}

/** A terminal with a login shell, as a learner has it: what is typed, what is shown, who waits. */
export class Terminal {
  readonly tty: Tty;
  /** Terminals of a world are numbered from 1; a number is not used again. */
  readonly number: number;
  readonly #world: World;
  readonly #host: Host;
  #ended: ExitStatus | undefined;
  /** Hears how what runs on it in the place of a shell has ended. */
  whenEnded: ((status: ExitStatus) => void) | undefined;

  constructor(world: World, host: Host, user: User, options: TerminalOptions) {
    this.#world = world;
    this.#host = host;
    const { machine } = host;
    this.tty = new Tty(machine.freeTtyName(), {
      ...options,
      inputLimit: world.kernel.limits.ttyInput,
      outputApart: options.stdout !== undefined,
    });
    machine.addTty(this.tty);
    const terminals = terminalsOf(world);
    this.number = terminals.next++;
    terminals.open.set(this.number, this);
    const { cols, rows, line, command } = options;
    const remote = { ...(line === undefined ? {} : { line }), ...(command === undefined ? {} : { command }) };
    world.kernel.journal.add({ kind: "open", terminal: this.number, cols, rows, ...remote });
    const onExit = { kind: TERMINAL_ENDED, args: { terminal: this.number } };
    const login = command === undefined ? loginShell : runCommand(command);
    const pid = login(host, user, this.tty, { ...options, onExit });
    this.tty.leader = { machine, pgid: pid };
    this.tty.foreground ??= this.tty.leader;
  }

  /** Types text. Returns how many bytes were taken; the rest must be typed again later. */
  type(text: string): number {
    return this.input(encode(text));
  }

  /** Types bytes. Returns how many were taken. */
  input(bytes: Bytes): number {
    const { journal } = this.#world.kernel;
    const stamp = journal.stamp();
    const taken = this.tty.input(bytes);
    if (taken > 0) journal.add({ kind: "input", terminal: this.number, bytes: bytes.slice(0, taken) }, stamp);
    return taken;
  }

  resize(cols: number, rows: number): void {
    this.#world.kernel.journal.add({ kind: "resize", terminal: this.number, cols, rows });
    this.tty.resize(cols, rows);
  }

  /** Undefined while a program runs that does not read, or input is there that nobody has read. */
  get waitingFor(): WaitingFor | undefined {
    let { tty } = this;
    if (!tty.waiting || tty.readable) return undefined;
    while (tty.relay) tty = tty.relay;
    const process = tty.waiting;
    if (!process || tty.readable || process.carriesTo?.awaited === false) return undefined;
    const shell = shellOf(process);
    const program = process.row.comm;
    if (process.prompting) return { what: "command", program, status: shell?.lastStatus ?? 0 };
    return shell?.continuing ? { what: "rest", program, status: null } : { what: "input", program, status: null };
  }

  /** How the login shell ended, if it has. */
  get ended(): ExitStatus | undefined {
    return this.#ended;
  }

  /** The line is cut: everybody in the foreground gets SIGHUP. */
  hangUp(): void {
    this.#world.kernel.journal.add({ kind: "close", terminal: this.number });
    this.tty.hangUp();
    this.#forget();
  }

  shellEnded(status: ExitStatus): void {
    this.#ended = status;
    this.whenEnded?.(status);
    this.#forget();
  }

  #forget(): void {
    if (terminalsOf(this.#world).open.delete(this.number)) this.#host.machine.removeTty(this.tty.name);
  }
}

function runCommand(command: string) {
  return (host: Host, user: User, tty: Tty, options: LoginOptions): number =>
    loginCommand(host, user, tty, command, options);
}

interface Terminals {
  next: number;
  /** Those whose shell runs; commands without a terminal have negative numbers. */
  readonly open: Map<number, { shellEnded(status: ExitStatus): void }>;
}

/** What is told when a process without a terminal ends; `number` is negative. */
export function endOf(
  world: World,
  number: number,
  ended: (status: ExitStatus) => void,
): { readonly kind: string; readonly args: { readonly terminal: number } } {
  const { open } = terminalsOf(world);
  open.set(number, {
    shellEnded: (status) => {
      open.delete(number);
      ended(status);
    },
  });
  return { kind: TERMINAL_ENDED, args: { terminal: number } };
}

const TERMINALS = new WeakMap<World, Terminals>();

function terminalsOf(world: World): Terminals {
  let terminals = TERMINALS.get(world);
  if (!terminals) {
    const made: Terminals = { next: 1, open: new Map() };
    TERMINALS.set(world, (terminals = made));
    world.kernel.handle(TERMINAL_ENDED, (args: { terminal: number; status: ExitStatus }) =>
      made.open.get(args.terminal)?.shellEnded(args.status),
    );
  }
  return terminals;
}
