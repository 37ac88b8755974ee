import { compile, isRegexError, type Regex } from "../../shell/regex/index.ts";
import { Errno, READLINE, type OpenFile, type Process, type Tty } from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import { Keys } from "./keys.ts";
import { plain, wrap } from "./screen-lines.ts";

export interface PagerRules {
  /** Long lines are cut and can be moved sideways (-S), instead of wrapped. */
  readonly chop: boolean;
  /** Ends at once if everything fits on one screen (-F). */
  readonly quitIfOneScreen: boolean;
  /** Ends when the end is reached a second time (-e). */
  readonly quitAtEnd: boolean;
  /** Leaves the screen as it is, without the alternate one (-X). */
  readonly keepScreen: boolean;
  readonly numbers: boolean;
  readonly ignoreCase: "never" | "lower" | "always";
  /** Shows line numbers and a percentage at the prompt (-M). */
  readonly longPrompt: boolean;
  /** Ctrl-C ends it (-K). */
  readonly quitOnInterrupt: boolean;
  /** Starts at the end. */
  readonly atEnd?: boolean;
  /** Named at the first prompt. */
  readonly name?: string;
  /** more: ends at the end of the text, with its own prompt. */
  readonly more?: boolean;
}

/** systemd's way to call less: LESS=FRSXMK. */
export const SYSTEMD_PAGER: PagerRules = {
  chop: true,
  quitIfOneScreen: true,
  quitAtEnd: false,
  keepScreen: true,
  numbers: false,
  ignoreCase: "never",
  longPrompt: true,
  quitOnInterrupt: true,
};

/** Shows text page by page on a terminal; elsewhere writes it as it is. Returns the exit code. */
export async function page(process: Process, text: string, rules: PagerRules): Promise<number> {
  const tty = process.fds.find(1)?.tty;
  if (!tty) {
    await process.write(1, encode(text));
    return 0;
  }
  return new Pager(process, tty, text, rules).run();
}

/** The terminal that keys come from: standard error, or the terminal of the session. */
export function keyboard(process: Process): OpenFile | undefined {
  return [2, 0, 1].map((fd) => process.fds.find(fd)).find((file) => file?.tty !== undefined);
}

class Pager {
  readonly #process: Process;
  readonly #tty: Tty;
  readonly #rules: PagerRules;
  readonly #lines: readonly string[];
  #top = 0;
  #left = 0;
  #message: string | undefined;
  #search: { regex: Regex; backwards: boolean } | undefined;
  #seenEnd = false;
  #first = true;

  constructor(process: Process, tty: Tty, text: string, rules: PagerRules) {
    this.#process = process;
    this.#tty = tty;
    this.#rules = rules;
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    this.#lines = rules.numbers ? lines.map((line, at) => `${String(at + 1).padStart(7)} ${line}`) : lines;
  }

  get #height(): number {
    return Math.max(1, this.#tty.rows - 1);
  }

  /** What a line takes on the screen. */
  #rows(at: number): string[] {
    return wrap(this.#lines[at]!, this.#tty.cols, this.#rules.chop, this.#left);
  }

  /** The lines from `top` that fit, and where the next ones begin. */
  #screen(top: number): { rows: string[]; next: number } {
    const rows: string[] = [];
    let next = top;
    while (next < this.#lines.length) {
      const more = this.#rows(next);
      if (rows.length > 0 && rows.length + more.length > this.#height) break;
      rows.push(...more.slice(0, this.#height - rows.length));
      next++;
      if (rows.length >= this.#height) break;
    }
    return { rows, next };
  }

  /** The first line of the last screen. */
  get #lastTop(): number {
    let used = 0;
    for (let at = this.#lines.length - 1; at >= 0; at--) {
      used += this.#rows(at).length;
      if (used > this.#height) return at + 1;
    }
    return 0;
  }

  async run(): Promise<number> {
    const { quitIfOneScreen, keepScreen, atEnd, quitOnInterrupt } = this.#rules;
    const all = this.#screen(0);
    if ((quitIfOneScreen || this.#rules.more) && all.next >= this.#lines.length && this.#lastTop === 0) {
      await this.#process.print(all.rows.map((row) => `${row}\n`).join(""));
      return 0;
    }
    const source = keyboard(this.#process);
    if (!source?.tty) throw new Errno("ENOTTY");
    const before = source.tty.termios;
    source.tty.termios = { ...READLINE, isig: true };
    if (quitOnInterrupt) this.#process.on("SIGINT", () => this.#process.interrupt());
    else this.#process.on("SIGINT", () => {});
    this.#process.on("SIGWINCH", () => void this.#draw());
    if (atEnd) this.#top = this.#lastTop;
    try {
      if (!keepScreen) await this.#process.print("\x1b[?1049h\x1b[22;0;0t");
      await this.#draw();
      await this.#loop(new Keys(this.#process, source));
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "EINTR") throw error;
      await this.#leave();
      return 2;
    } finally {
      source.tty.termios = before;
      this.#process.on("SIGWINCH", undefined);
      this.#process.on("SIGINT", undefined);
    }
    await this.#leave();
    return 0;
  }

  async #leave(): Promise<void> {
    await this.#process.print(this.#rules.keepScreen ? "\r\x1b[K" : "\r\x1b[K\x1b[?1049l\x1b[23;0;0t");
  }

  async #draw(): Promise<void> {
    const { rows } = this.#screen(this.#top);
    const filled = [...rows];
    // Behind the end of a text that is shorter than the screen stand tildes.
    while (filled.length < this.#height && this.#top === 0) filled.push("~");
    const body = filled.map((row) => `${row}\x1b[K\n`).join("");
    await this.#process.print(`\x1b[H${body}\r${this.#prompt()}\x1b[K`);
  }

  #prompt(): string {
    const message = this.#message;
    this.#message = undefined;
    if (message !== undefined) return `\x1b[7m${message}\x1b[27m`;
    const { next } = this.#screen(this.#top);
    const atEnd = next >= this.#lines.length;
    const name = this.#first ? (this.#rules.name ?? "") : "";
    this.#first = false;
    if (this.#rules.more) return `\x1b[7m--More--(${Math.floor((next * 100) / this.#lines.length)}%)\x1b[27m`;
    if (this.#rules.longPrompt) {
      const place = `lines ${this.#top + 1}-${next}/${this.#lines.length}`;
      return `\x1b[7m${name === "" ? "" : `${name} `}${place} ${atEnd ? "(END)" : `${Math.floor((next * 100) / this.#lines.length)}%`}\x1b[27m`;
    }
    if (atEnd) return `\x1b[7m${name === "" ? "" : `${name} `}(END)\x1b[27m`;
    return name === "" ? ":" : `\x1b[7m${name}\x1b[27m`;
  }

  #go(top: number): void {
    this.#top = Math.max(0, Math.min(top, Math.max(this.#lastTop, 0)));
  }

  async #loop(keys: Keys): Promise<void> {
    let count = "";
    for (;;) {
      const key = await keys.next();
      if (key === undefined) return;
      if (/^\d$/.test(key)) {
        count += key;
        continue;
      }
      const number = count === "" ? undefined : Number(count);
      count = "";
      if (key === "q" || key === "Q" || key === "Z") return;
      if (!(await this.#command(key, number, keys))) return;
      await this.#draw();
    }
  }

  /** Does what a key asks for; false ends the pager. */
  async #command(key: string, number: number | undefined, keys: Keys): Promise<boolean> {
    const end = this.#screen(this.#top).next >= this.#lines.length;
    const half = Math.max(1, Math.floor(this.#height / 2));
    switch (key) {
      case " ":
      case "f":
      case "\x06":
      case "\x16":
      case "pageDown":
      case "z":
        if (end) {
          if (this.#rules.more || (this.#rules.quitAtEnd && this.#seenEnd)) return false;
          this.#seenEnd = true;
          return true;
        }
        this.#go(number === undefined ? this.#screen(this.#top).next : this.#top + number);
        return true;
      case "\n":
      case "\r":
      case "e":
      case "j":
      case "\x0e":
      case "\x05":
      case "down":
        if (end && this.#rules.more) return false;
        this.#go(this.#top + (number ?? 1));
        return true;
      case "y":
      case "k":
      case "\x10":
      case "\x19":
      case "up":
        this.#go(this.#top - (number ?? 1));
        return true;
      case "d":
      case "\x04":
        this.#go(this.#top + (number ?? half));
        return true;
      case "u":
      case "\x15":
        this.#go(this.#top - (number ?? half));
        return true;
      case "b":
      case "\x02":
      case "pageUp":
      case "w":
        this.#go(this.#top - (number ?? this.#height));
        return true;
      case "g":
      case "<":
      case "home":
        this.#go((number ?? 1) - 1);
        return true;
      case "G":
      case ">":
      case "end":
        this.#go(number === undefined ? this.#lastTop : number - 1);
        return true;
      case "p":
      case "%":
        this.#go(Math.floor((this.#lines.length * (number ?? 0)) / 100));
        return true;
      case "right":
        if (this.#rules.chop) this.#left += number ?? Math.floor(this.#tty.cols / 2);
        return true;
      case "left":
        this.#left = Math.max(0, this.#left - (number ?? Math.floor(this.#tty.cols / 2)));
        return true;
      case "/":
      case "?":
        await this.#ask(key, keys);
        return true;
      case "n":
      case "N":
        this.#find(key === "N");
        return true;
      case "=":
      case "\x07":
        this.#message = `${this.#rules.name ?? "(standard input)"} lines ${this.#top + 1}-${this.#screen(this.#top).next}/${this.#lines.length}`;
        return true;
      case "h":
      case "H":
      case "F":
      case "v":
      case "&":
      case "m":
      case "'":
      case "-":
      case ":":
      case "!":
      case "|":
        this.#message = `drydock: less: '${key}' is not simulated`;
        return true;
      default:
        return true;
    }
  }

  async #ask(key: "/" | "?", keys: Keys): Promise<void> {
    await this.#process.print(`\r\x1b[K${key}`);
    const typed = await keys.line(key);
    if (typed === undefined) return;
    if (typed !== "") {
      const fold =
        this.#rules.ignoreCase === "always" || (this.#rules.ignoreCase === "lower" && typed === typed.toLowerCase());
      const regex = compile(typed, { syntax: "extended", ignoreCase: fold });
      if (isRegexError(regex)) {
        this.#message = "Invalid pattern";
        return;
      }
      this.#search = { regex, backwards: key === "?" };
    }
    this.#find(false);
  }

  #find(reverse: boolean): void {
    const search = this.#search;
    if (!search) {
      this.#message = "No previous regular expression";
      return;
    }
    const step = search.backwards === reverse ? 1 : -1;
    for (let at = this.#top + step; at >= 0 && at < this.#lines.length; at += step) {
      if (!search.regex.test(plain(this.#lines[at]!))) continue;
      this.#go(at);
      return;
    }
    this.#message = "Pattern not found  (press RETURN)";
  }
}

/** Bytes as a pager shows them. */
export function pagerText(bytes: string): string {
  return decode(bytes).replace(/[\0-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/g, (char) =>
    char === "\x07" ? "^G" : `^${String.fromCharCode(char.charCodeAt(0) ^ 64)}`,
  );
}
