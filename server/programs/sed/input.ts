import { attempt, Errno, type OpenFile, type Stat } from "../../sim/host/index.ts";
import { decode, type Bytes } from "../../sim/kernel/index.ts";
import { closeOperand, openOperand } from "../gnu/input.ts";
import { Lines } from "../gnu/lines.ts";
import type { Call } from "../gnu/tool.ts";
import { Quit } from "./quit.ts";

/** A line of input, and whether it ended with a newline. */
export interface InputLine {
  readonly text: string;
  readonly ended: boolean;
}

/** The input files as one stream of lines, or each for itself (-s, -i). It knows one line ahead, for `$`. */
export class Input {
  readonly #call: Call<string>;
  readonly #names: string[];
  readonly #separate: boolean;
  readonly #inPlace: boolean;
  readonly #delimiter: string;
  readonly #utf8: boolean;
  #lines: Lines | undefined;
  #file: OpenFile | undefined;
  #ahead: { line: Bytes; ended: boolean } | undefined;
  /** The file that the last line came from, and for -i its facts. */
  name = "-";
  stat: Stat | undefined;
  /** Called when a file begins or ends (-i writes then). */
  onOpen: (name: string) => void | Promise<void> = () => {};
  onClose: () => void | Promise<void> = () => {};

  constructor(
    call: Call<string>,
    names: readonly string[],
    rules: { separate: boolean; inPlace: boolean; delimiter: string; utf8: boolean },
  ) {
    this.#call = call;
    this.#names = [...names];
    this.#separate = rules.separate;
    this.#inPlace = rules.inPlace;
    this.#delimiter = rules.delimiter;
    this.#utf8 = rules.utf8;
  }

  /** The next line; undefined at the end of everything. */
  async next(): Promise<InputLine | undefined> {
    if (!(await this.#fill(true))) return undefined;
    const { line, ended } = this.#ahead!;
    this.#ahead = undefined;
    return { text: this.#utf8 ? decode(line) : line, ended };
  }

  /** Is the line that was read the last: of all, or of its file where files are separate? */
  async isLast(): Promise<boolean> {
    return !(await this.#fill(!this.#separate));
  }

  /** Looks one line ahead, into further files only if `across`. */
  async #fill(across: boolean): Promise<boolean> {
    for (;;) {
      if (this.#ahead) return true;
      if (this.#lines) {
        const line = await this.#read(this.#lines);
        if (line !== undefined) {
          this.#ahead = line;
          return true;
        }
        if (!across) return false;
        await this.#close();
      } else if (!across && this.name !== "-") return false;
      if (!(await this.#open())) return false;
    }
  }

  async #read(lines: Lines): Promise<{ line: Bytes; ended: boolean } | undefined> {
    try {
      const line = await lines.next();
      return line === undefined ? undefined : { line, ended: !lines.lastIsOpen };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.#call.say(`read error on ${this.name}: ${error.message}`);
      throw new Quit(4, false);
    }
  }

  async #open(): Promise<boolean> {
    const { process } = this.#call;
    for (;;) {
      const name = this.#names.shift();
      if (name === undefined) return false;
      const stat = name === "-" ? undefined : attempt(() => process.host.files.stat(name, process));
      const file = stat instanceof Errno ? stat : openOperand(process, name);
      if (file instanceof Errno) {
        await this.#call.warn(`can't read ${name}: ${file.message}`, 2);
        continue;
      }
      if (this.#inPlace && !(stat instanceof Errno) && stat && stat.type !== "file") {
        await this.#call.warn(`couldn't edit ${name}: not a regular file`, 4);
        closeOperand(process, file);
        continue;
      }
      this.name = name;
      this.stat = stat instanceof Errno ? undefined : stat;
      this.#file = file;
      this.#lines = new Lines(process, file, this.#call.out, this.#delimiter);
      await this.onOpen(name);
      return true;
    }
  }

  async #close(): Promise<void> {
    this.#lines = undefined;
    if (this.#file && this.name !== "-") closeOperand(this.#call.process, this.#file);
    await this.onClose();
  }

  /** Ends the input before its end; a file that is edited in place loses what was not read. */
  async finish(): Promise<void> {
    if (this.#lines) await this.#close();
  }
}
