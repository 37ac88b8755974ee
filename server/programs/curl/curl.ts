import { decode } from "../../sim/kernel/index.ts";
import { Errno, open, type Process, type Program } from "../../sim/host/index.ts";
import { readCommandLine } from "./command-line.ts";
import { CurlFailure } from "./failure.ts";
import { Operation } from "./operation.ts";
import type { CurlArguments } from "./options.ts";
import { Pool } from "./pool.ts";
import { UnreadableFile } from "./request.ts";
import { Stdout } from "./stdout.ts";
import { NotSimulated } from "./url.ts";
import { CurlVersion, helpText, versionText } from "./version.ts";
import { tellWarning } from "./warning.ts";

export const curl: Program = {
  name: "curl",
  summary: "transfer a URL",
  async run(process, args) {
    const version = new CurlVersion(process);
    const read = await readCommandLine(process, args);
    if ("operations" in read) return new Curl(process, read.operations, version).run(read.warnings);
    if ("notSimulated" in read) return notSimulated(process, `'${read.notSimulated}'`);
    for (const warning of read.warnings) await tellWarning(process, version, warning);
    await process.error(`${read.before ?? ""}curl: option ${read.word}: ${read.problem}\n${HINT}`);
    return read.code ?? 2;
  },
};

const HINT = "curl: try 'curl --help' or 'curl --manual' for more information\n";

async function notSimulated(process: Process, what: string): Promise<number> {
  await process.error(`drydock: curl: ${what} is not simulated\n`);
  return 64;
}

/** One call of the program: its operations in turn, with the connections and the standard output that they share. */
class Curl {
  readonly #process: Process;
  readonly #operations: readonly CurlArguments[];
  readonly #version: CurlVersion;
  readonly #stdout: Stdout;
  /** What stands for all operations: silence, where errors go. */
  readonly #global: CurlArguments;

  constructor(process: Process, operations: readonly CurlArguments[], version: CurlVersion) {
    this.#process = process;
    this.#operations = operations;
    this.#global = operations[0]!;
    this.#version = version;
    this.#stdout = new Stdout(process);
    this.#stdout.unbuffered = operations.some((args) => args.has("no-buffer"));
    process.on("SIGPIPE", "ignore");
  }

  async run(warnings: readonly string[]): Promise<number> {
    const process = this.#process;
    const stderr = this.#global.value("stderr");
    if (stderr !== undefined && stderr !== "-") this.#redirectErrors(stderr);
    for (const warning of warnings) await this.#warn(warning);
    if (this.#global.has("help")) return this.#help(this.#operations[0]?.value("url"));
    if (this.#global.has("version")) return this.#print(versionText(this.#version));
    const pool = new Pool();
    let code = 0;
    try {
      for (const args of this.#operations) {
        if (args.values("url").length === 0) return await this.#noUrl(args);
        code = await this.#operate(args, pool);
        if (code !== 0 && args.has("fail-early")) break;
      }
      return code;
    } finally {
      if (!process.ended) await this.#stdout.flush();
    }
  }

  async #help(category: string | undefined): Promise<number> {
    try {
      return await this.#print(helpText(category));
    } catch (error) {
      if (error instanceof NotSimulated) return notSimulated(this.#process, error.message);
      throw error;
    }
  }

  async #operate(args: CurlArguments, pool: Pool): Promise<number> {
    const operation = new Operation({
      process: this.#process,
      args,
      version: this.#version,
      stdout: this.#stdout,
      pool,
      warn: (text) => this.#warn(text),
    });
    try {
      return await operation.run();
    } catch (error) {
      if (error instanceof NotSimulated) return await notSimulated(this.#process, error.message);
      if (error instanceof UnreadableFile) return await this.#unreadable(args, error.file);
      if (!(error instanceof CurlFailure)) throw error;
      return await operation.report(error);
    }
  }

  /** `--stderr FILE` */
  #redirectErrors(name: string): void {
    const process = this.#process;
    try {
      process.fds.set(2, open(process.host, name, { write: true, truncate: true }, process));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }

  async #noUrl(args: CurlArguments): Promise<number> {
    const given = args.given.length > 0;
    const words = this.#version.isAtLeast("8.0") ? "(2) no URL specified" : "no URL specified!";
    await this.#process.error(`${given ? `curl: ${words}\n` : ""}${HINT}`);
    return 2;
  }

  async #print(text: string): Promise<number> {
    await this.#process.print(text);
    return 0;
  }

  async #unreadable(args: CurlArguments, file: string): Promise<number> {
    if (args.values("upload-file").some((given) => given.includes(file))) {
      const words = this.#version.isAtLeast("8.0") ? "cannot open" : "Can't open";
      const more = args.has("silent") && !args.has("show-error") ? "" : `curl: (26) ${new CurlFailure(26).message}\n`;
      await this.#process.error(`curl: ${words} '${file}'${this.#version.isAtLeast("8.0") ? "" : "!"}\n${HINT}${more}`);
      return 26;
    }
    await this.#process.error(
      `curl: Failed to open ${file}\ncurl: option -d: error encountered when reading a file\n${HINT}`,
    );
    return 26;
  }

  async #warn(text: string): Promise<void> {
    if (!this.#global.has("silent")) await tellWarning(this.#process, this.#version, decode(text));
  }
}
