import { dirname, Errno, open, type OpenFile, type Process } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import { errorWords } from "../netdb/libc.ts";
import type { Stdout } from "./stdout.ts";

/** Where a transfer's body goes: a file that is made with its first byte, or standard output. */
export class Destination {
  readonly #process: Process;
  readonly #stdout: Stdout;
  /** Undefined: standard output. */
  readonly name: string | undefined;
  readonly #makeDirectories: boolean;
  readonly #warn: (text: string) => Promise<void>;
  #file: OpenFile | undefined;
  #failed = false;
  /** Goes on behind what the file has. */
  append = false;
  /** Bytes that went to the file. */
  written = 0;

  constructor(
    process: Process,
    stdout: Stdout,
    name: string | undefined,
    makeDirectories: boolean,
    warn: (text: string) => Promise<void>,
  ) {
    // prettier-ignore
    this.#process = process;
    this.#stdout = stdout;
    this.name = name;
    this.#makeDirectories = makeDirectories;
    this.#warn = warn;
  }

  get isTty(): boolean {
    return this.name === undefined && this.#stdout.isTty;
  }

  /** False if the bytes could not be written. */
  async put(bytes: Bytes): Promise<boolean> {
    if (this.name === undefined) return this.#stdout.put(bytes);
    const file = await this.#open(this.name);
    if (!file) return false;
    await file.write(this.#process, bytes);
    this.written += bytes.length;
    return true;
  }

  /** Makes the file of an empty body, and closes it. */
  async finish(succeeded: boolean): Promise<void> {
    if (this.name !== undefined && succeeded) await this.#open(this.name);
    this.#file?.drop();
    this.#file = undefined;
  }

  async #open(name: string): Promise<OpenFile | undefined> {
    if (this.#file || this.#failed) return this.#file;
    const { host } = this.#process;
    try {
      if (this.#makeDirectories)
        host.files.mkdir(dirname(name.startsWith("/") ? name : `${this.#process.cwd}/${name}`), { parents: true });
      this.#file = open(
        host,
        name,
        this.append ? { write: true, append: true } : { write: true, truncate: true },
        this.#process,
      ).retain();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.#failed = true;
      await this.#warn(`Failed to open the file ${name}: ${errorWords(host, error.code)}`);
    }
    return this.#file;
  }
}
