import type { Bytes, Time } from "../../sim/kernel/index.ts";
import { exitCode, type Host, type Tty, type User } from "../../sim/host/index.ts";
import type { World } from "../../sim/world/index.ts";
import { Screen } from "../../recording/screen.ts";
import { Terminal } from "./terminal.ts";

/** What is typed takes effect in pieces of this size: between them others have their turn. */
const PIECE = 4_096;
/** A terminal whose queue is full is offered more when so much has been read. */
const ROOM = 65_536;
/** Keys that end or stop a program: what was typed before them and not read yet is forgotten. */
const SIGNAL_KEYS: ReadonlySet<Bytes> = new Set(["\x03", "\x1a", "\x1c"]);

/** A line of an exam's base, and what runs on it in the place of a login shell. */
export interface Remote {
  readonly line?: number;
  readonly command?: string;
}

/** A terminal of a session: what waits to be typed into it, what it prints, and what it shows. */
export class SessionTerminal {
  readonly screen: Screen;
  readonly #terminal: Terminal;
  readonly line: number | undefined;
  /** Bytes of output that were handed out by `takeOutput`. */
  printed = 0;
  #output: Bytes[] = [];
  #typed: Bytes[] = [];
  #typedBytes = 0;
  #typedAt: Time = 0;
  /** Its end has been told. */
  told = false;

  /** `remote`: what it is for, if a line of an exam's base is at its end. */
  constructor(world: World, host: Host, user: User, cols: number, rows: number, remote: Remote = {}) {
    this.screen = new Screen(cols, rows);
    const display = (bytes: Bytes): void => void this.#output.push(bytes);
    this.line = remote.line;
    this.#terminal = new Terminal(world, host, user, { cols, rows, display, ...remote });
  }

  get number(): number {
    return this.#terminal.number;
  }

  get ended(): Terminal["ended"] {
    return this.#terminal.ended;
  }

  get waitingFor(): Terminal["waitingFor"] {
    return this.#terminal.waitingFor;
  }

  /** Bytes that were typed and have not taken effect. */
  get backlog(): number {
    return this.#typedBytes;
  }

  /** What was typed waits until it can take effect. */
  type(bytes: Bytes, at: Time): void {
    if (this.ended || bytes === "") return;
    if (SIGNAL_KEYS.has(bytes)) {
      this.#typed = [];
      this.#typedBytes = 0;
    }
    if (this.#typedBytes === 0) this.#typedAt = at;
    this.#typed.push(bytes);
    this.#typedBytes += bytes.length;
  }

  /** Since when something has been waiting that the terminal would take; undefined if there is nothing. */
  get waitingSince(): Time | undefined {
    const first = this.#typed[0];
    if (first === undefined) return undefined;
    const { room } = this.#terminal.tty;
    return room >= Math.min(ROOM, this.#typedBytes) || SIGNAL_KEYS.has(first) ? this.#typedAt : undefined;
  }

  /** Types the next piece; the rest waits like something that was typed at `now`. */
  apply(now: Time): void {
    const first = this.#typed[0]!;
    this.#typedAt = now;
    const taken = this.ended ? first.length : this.#terminal.input(first.slice(0, PIECE));
    this.#typedBytes -= taken;
    if (taken < first.length) this.#typed[0] = first.slice(taken);
    else this.#typed.shift();
  }

  /** Types at once what was typed at this moment when the session was first played. */
  retype(bytes: Bytes): void {
    this.#terminal.input(bytes);
  }

  /** What runs in the place of a shell is a command of its own, for who writes them down. */
  tellCommand(host: Host, text: string): void {
    const ran = host.hosts.onCommand?.({ host: host.name, tty: this.#terminal.tty, text });
    if (ran) this.#terminal.whenEnded = (status) => ran(exitCode(status));
  }

  hasLine(tty: Tty): boolean {
    return this.#terminal.tty === tty;
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.screen.resize(cols, rows);
  }

  hangUp(): void {
    this.#terminal.hangUp();
    this.#typed = [];
    this.#typedBytes = 0;
  }

  /** What was printed since the last call. The screen shows it from now on. */
  takeOutput(): Bytes {
    if (this.#output.length === 0) return "";
    const bytes = this.#output.length === 1 ? this.#output[0]! : this.#output.join("");
    this.#output = [];
    this.printed += bytes.length;
    this.screen.write(bytes);
    return bytes;
  }
}
