import type { Bytes } from "../../sim/kernel/index.ts";
import { encode } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";

/** What `-v` tells on standard error (src/tool_cb_dbg.c). */
export class Verbose {
  readonly #process: Process;
  readonly #on: boolean;
  /** The body goes to a terminal, where it is seen anyhow. */
  readonly #bodyIsSeen: boolean;
  #toldOfData = false;

  constructor(process: Process, on: boolean, bodyIsSeen: boolean) {
    this.#process = process;
    this.#on = on;
    this.#bodyIsSeen = bodyIsSeen;
  }

  info(text: string): Promise<void> {
    return this.#line(`* ${text}\n`);
  }

  sent(line: Bytes): Promise<void> {
    return this.#line(`> ${line}\n`);
  }

  received(line: Bytes): Promise<void> {
    return this.#line(`< ${line}\n`);
  }

  /** Body bytes that came or went: told of once in a row, without showing them. */
  async data(direction: "{" | "}", bytes: number): Promise<void> {
    if (!this.#on || this.#bodyIsSeen || this.#toldOfData) return;
    this.#toldOfData = true;
    await this.#process.write(2, `${direction} [${bytes} bytes data]\n`);
  }

  async #line(text: string): Promise<void> {
    if (!this.#on) return;
    this.#toldOfData = false;
    await this.#process.write(2, /[^\0-\xff]/.test(text) ? encode(text) : text);
  }
}
