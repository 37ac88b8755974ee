import type { OpenFile, Process } from "../../sim/host/index.ts";
import type { Output } from "../gnu/output.ts";
import { nextChunk } from "../gnu/input.ts";
import { patternOf } from "./record.ts";

/** What is there does not reach to the end of a record. */
const MORE = Symbol("more");

/** Reads records from a file as they come: to a newline, a character, an empty line (RS=""), or a pattern. */
export class RecordReader {
  readonly #process: Process;
  readonly file: OpenFile;
  readonly #out: Output;
  #buffer = "";
  #at = 0;
  #ended = false;

  constructor(process: Process, file: OpenFile, out: Output) {
    this.#process = process;
    this.file = file;
    this.#out = out;
  }

  /** The next record; undefined at the end. */
  next(separator: string): string | undefined | Promise<string | undefined> {
    const found = this.#find(separator);
    return found === MORE ? this.#fill(separator) : found;
  }

  async #fill(separator: string): Promise<string | undefined> {
    for (;;) {
      const chunk = await nextChunk(this.#process, this.file, this.#out);
      if (chunk === "") this.#ended = true;
      this.#buffer = this.#buffer.slice(this.#at) + chunk;
      this.#at = 0;
      const found = this.#find(separator);
      if (found !== MORE) return found;
    }
  }

  #find(separator: string): string | undefined | typeof MORE {
    if (separator === "") return this.#paragraph();
    if (separator.length === 1) {
      const end = this.#buffer.indexOf(separator, this.#at);
      if (end >= 0) return this.#take(end, end + 1);
      return this.#rest();
    }
    const match = patternOf(separator).exec(this.#buffer.slice(this.#at));
    // A match that touches the end may go on in what comes next.
    if (match && match.end > match.start && (this.#ended || this.#at + match.end < this.#buffer.length))
      return this.#take(this.#at + match.start, this.#at + match.end);
    return this.#rest();
  }

  #paragraph(): string | undefined | typeof MORE {
    let start = this.#at;
    while (this.#buffer[start] === "\n") start++;
    if (start === this.#buffer.length && !this.#ended) return MORE;
    this.#at = start;
    const end = this.#buffer.indexOf("\n\n", start);
    if (end >= 0) {
      let after = end;
      while (this.#buffer[after] === "\n") after++;
      return this.#take(end, after);
    }
    if (!this.#ended) return MORE;
    const rest = this.#rest();
    return rest === MORE ? rest : rest?.replace(/\n$/, "");
  }

  #take(end: number, next: number): string {
    const record = this.#buffer.slice(this.#at, end);
    this.#at = next;
    return record;
  }

  #rest(): string | undefined | typeof MORE {
    if (!this.#ended) return MORE;
    if (this.#at >= this.#buffer.length) return undefined;
    return this.#take(this.#buffer.length, this.#buffer.length);
  }
}
