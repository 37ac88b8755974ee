import { Errno, RAW, type OpenFile, type Process, type Tty } from "../../sim/host/index.ts";
import { decode, encode, incompleteTail, MILLISECOND, type Bytes, type Duration } from "../../sim/kernel/index.ts";
import { KeyReader } from "./keys.ts";

/** 'ttimeoutlen' of defaults.vim: how long an escape waits for the rest of a key. */
const ESCAPE_WAIT: Duration = 100 * MILLISECOND;

/** How an editor takes a terminal over and gives it back. */
export interface Modes {
  readonly enter: string;
  readonly leave: string;
}

/** A full-screen program's terminal: raw mode, keys one by one, signals, the alternate screen. */
export class Terminal {
  readonly process: Process;
  readonly #source: OpenFile;
  readonly #modes: Modes;
  readonly #reader = new KeyReader();
  #before: Tty["termios"] | undefined;
  #tail: Bytes = "";
  #ended = false;
  /** Set by SIGWINCH. */
  resized = false;
  /** The signal that ends the program. */
  deadly: "SIGTERM" | "SIGHUP" | undefined;

  constructor(process: Process, source: OpenFile, modes: Modes) {
    this.process = process;
    this.#source = source;
    this.#modes = modes;
  }

  get rows(): number {
    return this.#tty?.rows ?? 24;
  }

  get cols(): number {
    return this.#tty?.cols ?? 80;
  }

  get #tty(): Tty | undefined {
    return this.process.fds.find(1)?.tty ?? this.#source.tty;
  }

  async enter(): Promise<void> {
    this.takeOver();
    await this.process.print(this.#modes.enter);
  }

  /** Raw mode and the signals, without a screen of its own yet: a key is awaited below what a command has written. */
  takeOver(): void {
    const { process } = this;
    if (this.#source.tty) {
      this.#before ??= this.#source.tty.termios;
      this.#source.tty.termios = RAW;
    }
    process.on("SIGWINCH", () => {
      this.resized = true;
      process.interrupt();
    });
    process.on("SIGINT", "ignore");
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        this.deadly = signal;
        process.interrupt();
      });
    }
  }

  async leave(): Promise<void> {
    for (const signal of ["SIGWINCH", "SIGINT", "SIGTERM", "SIGHUP"] as const) this.process.on(signal, undefined);
    if (this.#source.tty && this.#before) this.#source.tty.termios = this.#before;
    if (!this.#source.tty?.isHungUp) await this.process.print(this.#modes.leave);
  }

  /** Ctrl-Z: the job stops, and comes back to its screen. */
  async suspend(): Promise<void> {
    const { process } = this;
    await this.leave();
    process.machine.signalGroup(process.row.pgid, "SIGTSTP");
    await process.whileStopped();
    await this.enter();
  }

  /**
   * The next key. `resize` when the window has another size, `end` when the input or the program is over; `more` when what
   * is there is no key yet. Before it waits it lets the screen be drawn.
   */
  async key(draw: () => Promise<void>): Promise<{ readonly key: string } | "resize" | "end"> {
    for (;;) {
      const key = this.#reader.next();
      if (key !== undefined) return { key };
      if (this.deadly) return "end";
      if (this.resized) {
        this.resized = false;
        return "resize";
      }
      if (this.#ended) {
        const last = this.#reader.next(true);
        return last === undefined ? "end" : { key: last };
      }
      try {
        if (!this.#source.readable) await draw();
        if (!this.#reader.empty && !(await this.#more())) {
          const alone = this.#reader.next(true);
          if (alone !== undefined) return { key: alone };
          continue;
        }
        const bytes = await this.#source.read(this.process, 4096);
        if (bytes === "") this.#ended = true;
        const all = this.#tail + bytes;
        const cut = incompleteTail(all);
        this.#tail = all.slice(all.length - cut);
        this.#reader.push(decode(all.slice(0, all.length - cut)));
      } catch (error) {
        if (!(error instanceof Errno) || (error.code !== "EINTR" && error.code !== "EIO")) throw error;
        if (error.code === "EIO") this.#ended = true;
      }
    }
  }

  /** Waits a moment for the rest of a key. False: nothing came. */
  async #more(): Promise<boolean> {
    if (this.#source.readable) return true;
    await this.process.block<void>((wake) => {
      const ends = [this.#source.onReadable(() => wake()), this.process.kernel.timer(ESCAPE_WAIT, () => wake())];
      return () => ends.forEach((end) => end());
    });
    return this.#source.readable;
  }

  async print(text: string): Promise<void> {
    await this.process.write(1, encode(text));
  }
}
