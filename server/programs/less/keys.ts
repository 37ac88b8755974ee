import type { OpenFile, Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";

const SEQUENCES: Readonly<Record<string, string>> = {
  "\x1b[A": "up", "\x1bOA": "up", "\x1b[B": "down", "\x1bOB": "down", "\x1b[C": "right", "\x1bOC": "right",
  "\x1b[D": "left", "\x1bOD": "left", "\x1b[5~": "pageUp", "\x1b[6~": "pageDown", "\x1b[H": "home", "\x1bOH": "home",
  "\x1b[1~": "home", "\x1b[F": "end", "\x1bOF": "end", "\x1b[4~": "end",
}; // prettier-ignore

/** Keys of a terminal, one at a time; arrows and the like by name. */
export class Keys {
  readonly #process: Process;
  readonly #file: OpenFile;
  #typed = "";

  constructor(process: Process, file: OpenFile) {
    this.#process = process;
    this.#file = file;
  }

  /** Undefined when the terminal is gone. */
  async next(): Promise<string | undefined> {
    if (this.#typed === "") {
      const bytes = await this.#file.read(this.#process, 1024);
      if (bytes === "") return undefined;
      this.#typed = decode(bytes);
    }
    for (const [sequence, name] of Object.entries(SEQUENCES)) {
      if (!this.#typed.startsWith(sequence)) continue;
      this.#typed = this.#typed.slice(sequence.length);
      return name;
    }
    const key = String.fromCodePoint(this.#typed.codePointAt(0)!);
    this.#typed = this.#typed.slice(key.length);
    return key;
  }

  /** A line typed at a prompt; undefined if it was left. */
  async line(prompt: string): Promise<string | undefined> {
    let text = "";
    for (;;) {
      const key = await this.next();
      if (key === undefined || key === "\x1b" || key === "\x03") return undefined;
      if (key === "\n" || key === "\r") return text;
      if (key === "\x7f" || key === "\b") {
        if (text === "") return undefined;
        text = text.slice(0, -1);
      } else if (key === "\x15") text = "";
      else if (key >= " " && key.length <= 2) text += key;
      await this.#process.print(`\r\x1b[K${prompt}${text}`);
    }
  }
}
