import { decode, encode, type Bytes } from "../../kernel/index.ts";
import type { Machine } from "../machine.ts";
import { Errno } from "../errno.ts";
import type { Process } from "../process/process.ts";
import type { Signal } from "../process/signal.ts";
import { COOKED, type Termios } from "./termios.ts";

/** A process group, on whichever machine: `ssh` and `kubectl exec` bring other machines' programs to a terminal. */
export interface ForegroundGroup {
  readonly machine: Machine;
  readonly pgid: number;
}

export interface TtyOptions {
  readonly cols: number;
  readonly rows: number;
  /** Takes what is shown: what programs print, or the echo of what is typed and edited. May make the writer wait. */
  readonly display: (bytes: Bytes, what: Shown) => void | Promise<void>;
  /** How many bytes of typed input it holds. */
  readonly inputLimit: number;
  /** Programs print elsewhere, not to the terminal: what they print is captured by itself. */
  readonly outputApart?: boolean;
}

export type Shown = "output" | "echo";

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";
const CTRL_V = "\x16";
const CTRL_W = "\x17";
const CTRL_Z = "\x1a";
const CTRL_BACKSLASH = "\x1c";
/** The longest line in canonical mode, its newline included (N_TTY_BUF_SIZE): what is typed beyond is lost. */
const LONGEST_LINE = 4096;
/** Output of so many bytes may come again and is kept as it was shown. */
const [REPEATED_FROM, REPEATED_TO] = [1024, 16_384];
const SIGNAL_KEYS: Record<string, Signal> = { [CTRL_C]: "SIGINT", [CTRL_Z]: "SIGTSTP", [CTRL_BACKSLASH]: "SIGQUIT" };

/** A pseudo-terminal with its line discipline, as drivers/tty/n_tty.c: canonical and raw mode, echo, signals, window size. */
export class Tty {
  readonly name: string;
  readonly #display: (bytes: Bytes, what: Shown) => void | Promise<void>;
  readonly #inputLimit: number;
  readonly outputApart: boolean;
  readonly #readers = new Set<() => void>();
  #termios = COOKED;
  #cols: number;
  #rows: number;
  /** Input that can be read. In canonical mode whole lines only; an end of file is an empty entry. */
  #ready: Bytes[] = [];
  /** The first of them that has not been read, and how many bytes they are together. */
  #first = 0;
  #held = 0;
  /** The line that is being typed, in canonical mode. */
  #line = "";
  /** Ctrl-V was typed: the next byte is part of the line, whatever it is. */
  #literal = false;
  #hungUp = false;
  #long: { readonly bytes: Bytes; readonly shown: Bytes } | undefined;
  /** Who gets signals from the keyboard, and may read. */
  foreground: ForegroundGroup | undefined;
  /** The leader of the session whose terminal it is: it hears of the hang-up whoever is in the foreground. */
  leader: ForegroundGroup | undefined;
  /** The process that waits for input, if one does. */
  waiting: Process | undefined;
  /** The terminal to which everything typed here goes on: that of a container, while somebody is attached to it. */
  relay: Tty | undefined;

  constructor(name: string, options: TtyOptions) {
    this.name = name;
    this.#display = options.display;
    this.#inputLimit = options.inputLimit;
    this.outputApart = options.outputApart ?? false;
    this.#cols = options.cols;
    this.#rows = options.rows;
  }

  get cols(): number {
    return this.#cols;
  }

  get rows(): number {
    return this.#rows;
  }

  get termios(): Termios {
    return this.#termios;
  }

  /** Changes modes. What was typed and not yet read stays. */
  set termios(next: Termios) {
    if (this.#termios.icanon && !next.icanon && this.#line !== "") {
      this.#hold(this.#line);
      this.#line = "";
    }
    this.#termios = next;
    this.#wakeReaders();
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#cols && rows === this.#rows) return;
    this.#cols = cols;
    this.#rows = rows;
    this.#signal("SIGWINCH");
  }

  // The keyboard's side

  /** How many bytes it takes now. */
  get room(): number {
    return this.#hungUp ? this.#inputLimit : Math.max(0, this.#inputLimit - this.#line.length - this.#held);
  }

  /**
   * Bytes are typed. Returns how many were taken; the rest must be offered again when somebody has read. A key that raises
   * a signal is taken even when there is no room: it empties the queue.
   */
  input(bytes: Bytes): number {
    if (this.#hungUp) return bytes.length;
    const signal = this.#termios.isig && SIGNAL_KEYS[bytes[0] ?? ""] !== undefined ? 1 : 0;
    const taken = Math.min(Math.max(this.room, signal), bytes.length);
    for (let at = 0; at < taken;) {
      const plain = this.#termios.icanon ? 0 : this.#plainRun(bytes, at, taken);
      if (plain > 0) {
        const text = bytes.slice(at, at + plain);
        this.#hold(text);
        if (this.#termios.echo) this.#echo(text);
        at += plain;
      } else this.#type(bytes[at++]!);
    }
    this.#wakeReaders();
    return taken;
  }

  #hold(bytes: Bytes): void {
    this.#ready.push(bytes);
    this.#held += bytes.length;
  }

  #drop(): void {
    this.#ready = [];
    this.#first = 0;
    this.#held = 0;
    this.#line = "";
    this.#literal = false;
  }

  /** How many bytes from `at` on are only handed on in raw mode: neither a signal's key nor a return. */
  #plainRun(bytes: Bytes, at: number, end: number): number {
    let to = at;
    while (to < end && bytes[to] !== "\r" && SIGNAL_KEYS[bytes[to]!] === undefined) to++;
    return to - at;
  }

  #type(typed: string): void {
    const { icanon, isig, icrnl, echo } = this.#termios;
    if (this.#literal && icanon) {
      this.#literal = false;
      return this.#add(typed, echo);
    }
    const byte = icrnl && typed === "\r" ? "\n" : typed;
    const signal = isig ? SIGNAL_KEYS[byte] : undefined;
    if (signal) {
      this.#drop();
      if (echo) this.#echo(echoed(byte));
      this.#signal(signal);
    } else if (!icanon) {
      this.#hold(byte);
      if (echo) this.#echo(byte);
    } else this.#edit(byte, echo);
  }

  /** Line editing of the kernel: erase, word erase, kill, end of file. */
  #edit(byte: string, echo: boolean): void {
    if (byte === "\n") {
      this.#hold(`${this.#line.slice(0, LONGEST_LINE - 1)}\n`);
      this.#line = "";
      if (echo) this.#echo("\n");
    } else if (byte === this.#termios.eol) {
      this.#hold(this.#line + byte);
      this.#line = "";
      if (echo) this.#echo(echoed(byte));
    } else if (byte === CTRL_D) {
      this.#hold(this.#line);
      this.#line = "";
    } else if (byte === "\x7f" || byte === "\b") this.#erase(1, echo);
    else if (byte === CTRL_U) this.#erase(this.#line.length, echo);
    else if (byte === CTRL_W) this.#erase(/[^ \t]*[ \t]*$/.exec(this.#line)![0].length, echo);
    else if (byte === CTRL_V) {
      this.#literal = true;
      if (echo) this.#echo("^\b");
    } else this.#add(byte, echo);
  }

  /** As n_tty.c: in a full buffer each byte takes the place of the last one. */
  #add(byte: string, echo: boolean): void {
    this.#line = (this.#line.length < LONGEST_LINE ? this.#line : this.#line.slice(0, LONGEST_LINE - 1)) + byte;
    if (echo) this.#echo(echoed(byte));
  }

  #erase(count: number, echo: boolean): void {
    const kept = decode(this.#line);
    const next =
      count >= this.#line.length ? "" : count === 1 ? encode(kept.slice(0, -1)) : this.#line.slice(0, -count);
    if (echo) this.#echo("\b \b".repeat(width(kept) - width(decode(next))));
    this.#line = next;
  }

  #echo(text: string): void {
    void this.#display(this.#termios.onlcr ? text.replaceAll("\n", "\r\n") : text, "echo");
  }

  #signal(signal: Signal): void {
    this.foreground?.machine.signalGroup(this.foreground.pgid, signal);
  }

  /** The leader of the session ended: the foreground group gets SIGHUP. The line itself stays. */
  leaderEnded(): void {
    this.#signal("SIGHUP");
  }

  /** The line is gone (the browser closed, ssh lost): readers get the end of file, the foreground group and the leader SIGHUP. */
  hangUp(): void {
    if (this.#hungUp) return;
    this.#hungUp = true;
    const { leader } = this;
    if (leader?.pgid !== this.foreground?.pgid || leader?.machine !== this.foreground?.machine)
      leader?.machine.signalGroup(leader.pgid, "SIGHUP");
    this.#signal("SIGHUP");
    this.#signal("SIGCONT");
    this.#wakeReaders();
  }

  // The programs' side

  get readable(): boolean {
    return this.#first < this.#ready.length || this.#hungUp;
  }

  /** Registers to be woken when there is something to read. */
  onReadable(wake: () => void): () => void {
    const tell = (): void => {
      if (this.readable) wake();
    };
    this.#readers.add(tell);
    return () => this.#readers.delete(tell);
  }

  /** At most `max` bytes; with a delimiter nothing that was typed behind the first one. */
  async read(process: Process, max: number, delimiter?: string): Promise<Bytes> {
    await this.#untilForeground(process);
    while (!this.readable) {
      this.waiting = process;
      try {
        await process.block<void>((wake) => this.onReadable(() => wake()));
      } finally {
        if (this.waiting === process) this.waiting = undefined;
      }
      await this.#untilForeground(process);
    }
    return this.#take(max, delimiter);
  }

  #take(most: number, delimiter: string | undefined): Bytes {
    if (!this.#termios.icanon && this.#ready.length - this.#first > 1) {
      this.#ready = [this.#ready.slice(this.#first).join("")];
      this.#first = 0;
    }
    const chunk = this.#ready[this.#first] ?? "";
    const end = delimiter === undefined ? -1 : chunk.indexOf(delimiter);
    const max = end < 0 ? most : Math.min(most, end + 1);
    const taken = chunk.slice(0, max);
    this.#held -= taken.length;
    if (chunk.length > max) this.#ready[this.#first] = chunk.slice(max);
    else if (this.#first + 1 < this.#ready.length) this.#ready[this.#first++] = "";
    else {
      this.#ready = [];
      this.#first = 0;
    }
    return taken;
  }

  /**
   * A background process that reads is stopped, until somebody brings it to the foreground; one that keeps the signal off
   * cannot read. Everybody may read that the line is gone.
   */
  async #untilForeground(process: Process): Promise<void> {
    while (
      !this.#hungUp &&
      process.row.tty === this.name &&
      this.foreground?.machine === process.machine &&
      this.foreground.pgid !== process.row.pgid
    ) {
      if (process.ignoredSignals.includes("SIGTTIN")) throw new Errno("EIO");
      process.machine.signalGroup(process.row.pgid, "SIGTTIN");
      if (!process.stopped) throw new Errno("EIO");
      await process.whileStopped();
    }
  }

  /** Shows what a program writes. */
  write(bytes: Bytes): void | Promise<void> {
    if (this.#hungUp) throw new Errno("EIO");
    return this.#display(this.#termios.onlcr ? this.#withReturns(bytes) : bytes, "output");
  }

  /** Who floods a terminal writes the very same text again and again. */
  #withReturns(bytes: Bytes): Bytes {
    if (bytes.length < REPEATED_FROM || bytes.length > REPEATED_TO) return bytes.replaceAll("\n", "\r\n");
    if (this.#long?.bytes !== bytes) this.#long = { bytes, shown: bytes.replaceAll("\n", "\r\n") };
    return this.#long.shown;
  }

  /** Shows a prompt and the line that is edited behind it. */
  show(bytes: Bytes): void | Promise<void> {
    if (this.#hungUp) throw new Errno("EIO");
    return this.#display(this.#termios.onlcr ? bytes.replaceAll("\n", "\r\n") : bytes, "echo");
  }

  get isHungUp(): boolean {
    return this.#hungUp;
  }

  #wakeReaders(): void {
    for (const wake of this.#readers) wake();
  }
}

/** How a typed byte is shown (ECHOCTL): control characters as `^X`, a tab and what ends a line as themselves. */
function echoed(byte: string): string {
  if (byte === "\x7f") return "^?";
  return byte < " " && byte !== "\t" ? `^${String.fromCharCode(byte.charCodeAt(0) + 64)}` : byte;
}

/** How many columns a line takes as it is echoed. */
function width(text: string): number {
  return [...text].reduce((sum, char) => sum + echoed(char).length, 0);
}
