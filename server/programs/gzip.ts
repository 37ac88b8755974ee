import { crc32, deflateRawSync, gunzipSync } from "node:zlib";
import { attempt, Errno, type Process } from "../sim/host/index.ts";
import { SECOND, type Bytes, type Time } from "../sim/kernel/index.ts";
import { closeOperand, openOperand, readWhole } from "./gnu/input.ts";
import { tool, type Call } from "./gnu/tool.ts";

/** GNU gzip. Its deflate is zlib's: the bytes may differ from gzip's own, what they hold does not. */
const program = (name: "gzip" | "gunzip" | "zcat") =>
  tool({
    name,
    package: "gzip",
    title: "gzip",
    summary: name === "gzip" ? "compress or expand files" : "expand compressed files",
    usage: ["[OPTION]... [FILE]..."],
    about: "Compress or uncompress FILEs (by default, compress FILES in-place).",
    flags: {
      stdout: { short: "c", long: "stdout", help: "write on standard output, keep original files unchanged" },
      toStdout: { long: "to-stdout" },
      decompress: { short: "d", long: "decompress", help: "decompress" },
      uncompress: { long: "uncompress" },
      force: { short: "f", long: "force", help: "force overwrite of output file and compress links" },
      keep: { short: "k", long: "keep", help: "keep (don't delete) input files" },
      list: { short: "l", long: "list", simulated: false },
      noName: { short: "n", long: "no-name", help: "do not save or restore the original name and timestamp" },
      name: { short: "N", long: "name", simulated: false },
      quiet: { short: "q", long: "quiet", help: "suppress all warnings" },
      recursive: { short: "r", long: "recursive", simulated: false },
      suffix: { short: "S", long: "suffix", arg: "SUF", simulated: false },
      test: { short: "t", long: "test", help: "test compressed file integrity" },
      verbose: { short: "v", long: "verbose", simulated: false },
      one: { short: "1", long: "fast", help: "compress faster" },
      level: { short: "2345678" },
      nine: { short: "9", long: "best", help: "compress better" },
    },
    async run(call) {
      const expands = name !== "gzip" || call.has("decompress") || call.has("uncompress") || call.has("test");
      const prints = name === "zcat" || call.has("stdout") || call.has("toStdout");
      const job = new Gzip(call, expands, prints);
      for (const file of call.operands.length > 0 ? call.operands : ["-"]) await job.take(file);
      return job.code;
    },
  });

export const gzip = program("gzip");
// Both are scripts that call gzip, so their messages begin with its name.
export const gunzip = program("gunzip");
export const zcat = program("zcat");

/** What a gzip member's head says. */
interface Member {
  readonly name: string;
  readonly mtime: Time;
  readonly level: number;
}

class Gzip {
  readonly #call: Call<string>;
  readonly #process: Process;
  readonly #expands: boolean;
  readonly #prints: boolean;
  /** 0; 1 after an error; 2 after a warning. */
  code = 0;

  constructor(call: Call<string>, expands: boolean, prints: boolean) {
    this.#call = call;
    this.#process = call.process;
    this.#expands = expands;
    this.#prints = prints;
  }

  async take(file: string): Promise<void> {
    if (file === "-") return this.#stream();
    const process = this.#process;
    const { files } = process.host;
    const path = this.#expands && !files.exists(file, process) && !file.endsWith(".gz") ? `${file}.gz` : file;
    const stat = attempt(() => files.stat(path, process));
    if (stat instanceof Errno) return this.#fail(`${path}: ${stat.message}`);
    if (stat.type === "dir") return this.#warn(`${path} is a directory -- ignored`);
    const named = /\.(?:gz|tgz)$/.test(path);
    const stays = this.#prints || this.#call.has("test");
    if (this.#expands && !named && !stays) return this.#warn(`${path}: unknown suffix -- ignored`);
    if (!this.#expands && named && !stays && !this.#call.has("force"))
      return this.#quietly(`${path} already has ${path.slice(path.lastIndexOf("."))} suffix -- unchanged`);
    const input = openOperand(process, path);
    if (input instanceof Errno) return this.#fail(`${path}: ${input.message}`);
    const bytes = await readWhole(process, input, this.#call.out);
    closeOperand(process, input);
    const made = await this.#convert(path, bytes, { name: path.replace(/.*\//s, ""), mtime: stat.mtime });
    if (made === undefined || this.#call.has("test")) return;
    if (this.#prints) return this.#call.out.put(made);
    const to = this.#expands ? path.replace(/\.tgz$/, ".tar").replace(/\.gz$/, "") : `${path}.gz`;
    if (files.exists(to, process) && !this.#call.has("force")) {
      if (process.isTty(0)) return this.#notSimulated("asking whether to overwrite");
      return this.#warn(`${to} already exists;\tnot overwritten`);
    }
    const written = attempt(() => {
      files.write(to, made, { mode: 0o600 }, process);
      files.chmod(to, stat.mode & 0o777, process);
      files.utimes(to, stat.mtime, process);
      if (!this.#call.has("keep")) files.unlink(path, process);
    });
    if (written instanceof Errno) await this.#fail(`${to}: ${written.message}`);
  }

  async #stream(): Promise<void> {
    const process = this.#process;
    if (process.isTty(this.#expands ? 0 : 1) && !this.#call.has("force")) {
      const what = this.#expands ? "read from" : "written to";
      const force = this.#expands ? "decompression" : "compression";
      await process.error(
        `gzip: compressed data not ${what} a terminal. Use -f to force ${force}.\nFor help, type: gzip -h\n`,
      );
      this.code = 1;
      return;
    }
    const input = openOperand(process, "-");
    if (input instanceof Errno) return this.#fail(`stdin: ${input.message}`);
    const made = await this.#convert("stdin", await readWhole(process, input, this.#call.out), { name: "", mtime: 0 });
    if (made !== undefined && !this.#call.has("test")) await this.#call.out.put(made);
  }

  async #convert(file: string, bytes: Bytes, { name, mtime }: Omit<Member, "level">): Promise<Bytes | undefined> {
    if (!this.#expands) {
      const bare = this.#call.has("noName");
      return compress(bytes, { name: bare ? "" : name, mtime: bare ? 0 : mtime, level: this.#level() });
    }
    if (bytes !== "" && !bytes.startsWith("\x1f\x8b")) {
      // `zcat -f` and `gzip -cdf` pass on what is not compressed.
      if (this.#prints && this.#call.has("force")) return bytes;
      await this.#fail(`${file}: not in gzip format`, true);
      return undefined;
    }
    try {
      if (bytes === "") throw new Error("unexpected end of file");
      const most = this.#process.kernel.limits.memory;
      return gunzipSync(Buffer.from(bytes, "latin1"), { maxOutputLength: most }).toString("latin1");
    } catch (error) {
      const { message } = error as Error;
      const words = /unexpected end/.test(message)
        ? "unexpected end of file"
        : /data check/.test(message)
          ? "invalid compressed data--crc error"
          : /length/.test(message)
            ? "invalid compressed data--length error"
            : "invalid compressed data--format violated";
      await this.#fail(`${file}: ${words}`, true);
      return undefined;
    }
  }

  #level(): number {
    const last = this.#call.options.given.findLast(({ flag }) => flag === "one" || flag === "level" || flag === "nine");
    if (last === undefined) return 6;
    return last.flag === "one" ? 1 : last.flag === "nine" ? 9 : Number(last.as.slice(1));
  }

  /** Errors of the data come on a line of their own. */
  async #fail(text: string, apart = false): Promise<void> {
    this.code = 1;
    await this.#process.error(`${apart ? "\n" : ""}gzip: ${text}\n`);
  }

  async #warn(text: string): Promise<void> {
    if (this.code === 0) this.code = 2;
    await this.#quietly(text);
  }

  async #quietly(text: string): Promise<void> {
    if (!this.#call.has("quiet")) await this.#process.error(`gzip: ${text}\n`);
  }

  async #notSimulated(what: string): Promise<void> {
    this.code = 64;
    await this.#process.error(`drydock: gzip: ${what} is not simulated\n`);
  }
}

/** One member, RFC 1952. */
function compress(bytes: Bytes, { name, mtime, level }: Member): Bytes {
  const data = Buffer.from(bytes, "latin1");
  const head = Buffer.alloc(10);
  head.set([0x1f, 0x8b, 8, name === "" ? 0 : 8]);
  head.writeUInt32LE(Math.max(0, Math.floor(mtime / SECOND)) >>> 0, 4);
  head.set([level === 9 ? 2 : level === 1 ? 4 : 0, 3], 8);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(data), 0);
  tail.writeUInt32LE(data.length >>> 0, 4);
  const field = name === "" ? "" : `${name}\0`;
  return Buffer.concat([head, Buffer.from(field, "utf8"), deflateRawSync(data, { level }), tail]).toString("latin1");
}
