import { decode } from "../../sim/kernel/index.ts";
import { attempt, Errno, open, type OpenFile } from "../../sim/host/index.ts";
import type { AwkArray } from "./array.ts";
import { AwkFault } from "./fault.ts";
import { unescapeText } from "./lexer.ts";
import type { Machine, MainInput } from "./machine.ts";
import { RecordReader } from "./reader.ts";
import { toText } from "./values.ts";

/** The files of ARGV one after another, with the assignments between them; standard input if there is none. */
export class ArgumentInput implements MainInput {
  readonly #machine: Machine;
  readonly #argv: AwkArray;
  readonly #count: () => number;
  #next = 1;
  #reader: RecordReader | undefined;
  #fd = -1;
  #sawFile = false;

  constructor(machine: Machine, argv: AwkArray, count: () => number) {
    this.#machine = machine;
    this.#argv = argv;
    this.#count = count;
  }

  next(): string | undefined | Promise<string | undefined> {
    const found = this.#reader?.next(this.#machine.rs);
    if (found !== undefined && !(found instanceof Promise)) return found;
    return this.#follow(found);
  }

  skipFile(): void {
    this.#close();
  }

  async #follow(pending: Promise<string | undefined> | undefined): Promise<string | undefined> {
    let found = await this.#read(pending);
    while (found === undefined) {
      this.#close();
      if (!this.#open()) return undefined;
      found = await this.#read(this.#reader!.next(this.#machine.rs));
    }
    return found;
  }

  async #read(pending: string | undefined | Promise<string | undefined>): Promise<string | undefined> {
    try {
      return await pending;
    } catch (error) {
      if (error instanceof Errno && error.code === "EISDIR") throw this.#cannotOpen(error);
      throw error;
    }
  }

  #cannotOpen(error: Errno): AwkFault {
    return new AwkFault(`cannot open "${decode(toText(this.#machine.filename, "%g"))}" (${error.message})`);
  }

  #close(): void {
    if (this.#fd >= 0) this.#machine.process.fds.close(this.#fd);
    this.#fd = -1;
    this.#reader = undefined;
  }

  /** Opens the next file; false if there is none left. */
  #open(): boolean {
    const { process, streams } = this.#machine;
    for (; this.#next < this.#count(); this.#next++) {
      const key = String(this.#next);
      const word = this.#argv.has(key) ? toText(this.#argv.get(key), "%.6g") : "";
      if (word === "") continue;
      const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word);
      if (assignment) {
        this.#machine.assign(assignment[1]!, decode(unescapeText(assignment[2]!)));
        continue;
      }
      this.#next++;
      this.#begin(word);
      const file: OpenFile | undefined | Errno =
        word === "-" ? process.fds.find(0) : attempt(() => open(process.host, decode(word), { read: true }, process));
      if (!file) return false;
      if (file instanceof Errno) throw this.#cannotOpen(file);
      if (word !== "-") this.#fd = process.fds.add(file, 3);
      this.#reader = new RecordReader(process, file, streams.stdout);
      return true;
    }
    if (this.#sawFile) return false;
    const input = process.fds.find(0);
    if (!input) return false;
    this.#sawFile = true;
    this.#machine.fnr = 0;
    this.#reader = new RecordReader(process, input, streams.stdout);
    return true;
  }

  #begin(word: string): void {
    this.#sawFile = true;
    this.#machine.filename = word;
    this.#machine.fnr = 0;
  }
}
