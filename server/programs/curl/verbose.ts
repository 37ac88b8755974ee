import { encode, type Bytes } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";
import type { CurlArguments } from "./options.ts";
import { timeOfDay, type Trace } from "./trace.ts";

/** What `-v` tells on standard error, or `--trace` in its file (src/tool_cb_dbg.c). */
export class Verbose {
  readonly #process: Process;
  readonly #on: boolean;
  readonly #timed: boolean;
  /** The body goes to a terminal, where it is seen anyhow. */
  readonly #bodyIsSeen: boolean;
  readonly #trace: Trace | undefined;
  #toldOfData = false;

  constructor(process: Process, args: CurlArguments, bodyIsSeen: boolean, trace: Trace | undefined) {
    this.#process = process;
    this.#trace = trace;
    this.#on = args.has("verbose") && !trace;
    this.#timed = args.has("trace-time");
    this.#bodyIsSeen = bodyIsSeen;
  }

  async info(text: string): Promise<void> {
    await this.#trace?.info(encoded(text));
    await this.#line(`* ${text}\n`);
  }

  /** A request's head in full; `shown` is what HTTP/2 has instead of its first line. */
  async sent(head: Bytes, shown: Bytes = head): Promise<void> {
    await this.#trace?.dump("=> Send header", head);
    for (const line of shown.split("\r\n").slice(0, -1)) await this.#line(`> ${line}\n`);
  }

  async received(line: Bytes): Promise<void> {
    await this.#trace?.dump("<= Recv header", `${line}\r\n`);
    await this.#line(`< ${line}\n`);
  }

  /** Body bytes that came or went: told of once in a row, without showing them. */
  async data(direction: "{" | "}", bytes: Bytes): Promise<void> {
    await this.#trace?.dump(direction === "{" ? "<= Recv data" : "=> Send data", bytes);
    if (!this.#on || this.#bodyIsSeen || this.#toldOfData) return;
    this.#toldOfData = true;
    await this.#write(`${direction} [${bytes.length} bytes data]\n`);
  }

  async #line(text: string): Promise<void> {
    if (!this.#on) return;
    this.#toldOfData = false;
    await this.#write(encoded(text));
  }

  async #write(text: Bytes): Promise<void> {
    await this.#process.write(2, this.#timed ? timeOfDay(this.#process) + text : text);
  }
}

function encoded(text: string): Bytes {
  return /[^\0-\xff]/.test(text) ? encode(text) : text;
}
