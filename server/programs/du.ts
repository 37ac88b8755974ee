import { attempt, Errno, join, type Stat, WALK_QUANTUM } from "../sim/host/index.ts";
import { blocks512 } from "./gnu/disk.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { humanSize, parseSize } from "./gnu/size.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const du = tool({
  name: "du",
  package: "coreutils",
  summary: "estimate file space usage",
  usage: ["[OPTION]... [FILE]..."],
  about: "Summarize device usage of the set of FILEs, recursively for directories.",
  flags: {
    zero: { short: "0", long: "null", help: "end each output line with NUL, not newline" },
    all: { short: "a", long: "all", help: "write counts for all files, not just directories" },
    apparent: { long: "apparent-size", help: "print apparent sizes rather than device usage" },
    blockSize: { short: "B", long: "block-size", arg: "SIZE", help: "scale sizes by SIZE before printing them" },
    bytes: { short: "b", long: "bytes", help: "equivalent to '--apparent-size --block-size=1'" },
    total: { short: "c", long: "total", help: "produce a grand total" },
    dereferenceArgs: { short: "DH", long: "dereference-args", help: "dereference only symlinks that are listed on the command line" }, // prettier-ignore
    depth: { short: "d", long: "max-depth", arg: "N", help: "print the total for a directory only if it is N or fewer levels below the command line argument" }, // prettier-ignore
    exclude: { long: "exclude", arg: "PATTERN", simulated: false },
    human: { short: "h", long: "human-readable", help: "print sizes in human readable format (e.g., 1K 234M 2G)" },
    inodes: { long: "inodes", help: "list inode usage information instead of block usage" },
    kilo: { short: "k", help: "like --block-size=1K" },
    dereference: { short: "L", long: "dereference", simulated: false },
    countLinks: { short: "l", long: "count-links", help: "count sizes many times if hard linked" },
    mega: { short: "m", help: "like --block-size=1M" },
    noDereference: {
      short: "P",
      long: "no-dereference",
      help: "don't follow any symbolic links (this is the default)",
    },
    separate: { short: "S", long: "separate-dirs", help: "for directories do not include size of subdirectories" },
    si: { long: "si", help: "like -h, but use powers of 1000 not 1024" },
    summarize: { short: "s", long: "summarize", help: "display only a total for each argument" },
    threshold: { short: "t", long: "threshold", arg: "SIZE", simulated: false },
    time: { long: "time", arg: "WORD", optional: true, simulated: false },
    oneFileSystem: { short: "x", long: "one-file-system", help: "skip directories on different file systems" },
    excludeFrom: { short: "X", long: "exclude-from", arg: "FILE", simulated: false },
  },
  async run(call) {
    const depthText = call.value("depth");
    if (depthText !== undefined && !/^\+?\d+$/.test(depthText))
      return call.usage(`invalid maximum depth ${call.quote(depthText)}`);
    if (call.has("summarize") && call.has("all")) return call.usage("cannot both summarize and show all entries");
    const depth = depthText === undefined ? Infinity : Number(depthText);
    if (call.has("summarize") && depthText !== undefined && depth > 0)
      return call.usage(`warning: summarizing conflicts with --max-depth=${depth}`);
    const unit = sizeUnit(call);
    if (typeof unit === "string") return call.fail(unit);
    const usage = new Usage(call, call.has("summarize") ? 0 : depth, unit);
    let total = 0;
    for (const operand of call.operands.length > 0 ? call.operands : ["."]) total += await usage.of(operand);
    if (call.has("total")) await usage.print(total, "total");
    return call.status;
  },
});

type Show = (amount: number) => string;

function sizeUnit(call: Call<string>): Show | string {
  if (call.has("inodes")) return (count) => String(count);
  const last = call.options.lastOf("human", "si", "kilo", "mega", "bytes", "blockSize");
  if (last === "human") return (bytes) => humanSize(bytes);
  if (last === "si") return (bytes) => humanSize(bytes, 1000);
  if (last === "bytes") return String;
  if (last === "blockSize") {
    const text = call.value("blockSize")!;
    const unit = parseSize(/^\d/.test(text) ? text : `1${text}`);
    if (unit === undefined || unit === 0) return `invalid --block-size argument ${call.quote(text)}`;
    const suffix = /^\d/.test(text) ? "" : text;
    return (bytes) => `${Math.ceil(bytes / unit)}${suffix}`;
  }
  const unit = last === "mega" ? 1_048_576 : 1024;
  return (bytes) => String(Math.ceil(bytes / unit));
}

class Usage {
  readonly #call: Call<string>;
  readonly #depth: number;
  readonly #show: Show;
  readonly #seen = new Set<string>();

  constructor(call: Call<string>, depth: number, show: Show) {
    this.#call = call;
    this.#depth = depth;
    this.#show = show;
  }

  async of(path: string): Promise<number> {
    const { process } = this.#call;
    const { files } = process.host;
    const follow = this.#call.has("dereferenceArgs");
    const stat = attempt(() => (follow ? files.stat(path, process) : files.lstat(path, process)));
    if (stat instanceof Errno) {
      await this.#call.warn(`cannot access ${shellQuote(path)}: ${stat.message}`);
      return 0;
    }
    return (await this.#visit(path, stat, 0)).all;
  }

  async print(amount: number, name: string): Promise<void> {
    await this.#call.out.print(`${this.#show(amount)}\t${name}${this.#call.has("zero") ? "\0" : "\n"}`);
  }

  /** What a file takes, with all below it, and for -S what is directly in it. */
  async #visit(path: string, stat: Stat, level: number): Promise<{ all: number; shown: number }> {
    const { process } = this.#call;
    const { files } = process.host;
    if (process.spend(2, WALK_QUANTUM)) await process.pause();
    let own = this.#amount(stat);
    if (stat.links > 1 && stat.type !== "dir" && !this.#call.has("countLinks")) {
      const place = attempt(() => files.locate(path, process));
      const key = place instanceof Errno || !place ? path : `${place.id}/${place.ino}`;
      if (this.#seen.has(key)) return { all: 0, shown: 0 };
      this.#seen.add(key);
    }
    let below = 0;
    if (stat.type === "dir") {
      const names = attempt(() => files.list(path, process));
      if (names instanceof Errno) await this.#call.warn(`cannot read directory ${shellQuote(path)}: ${names.message}`);
      else {
        for (const name of names) {
          const child = join(path, name);
          const childStat = attempt(() => files.lstat(child, process));
          if (childStat instanceof Errno) continue;
          if (this.#call.has("oneFileSystem") && files.mountOf(child, process) !== files.mountOf(path, process))
            continue;
          const amount = await this.#visit(child, childStat, level + 1);
          if (childStat.type === "dir") below += amount.all;
          else own += amount.all;
        }
      }
    }
    const shown = this.#call.has("separate") ? own : own + below;
    if (level <= this.#depth && (stat.type === "dir" || level === 0 || this.#call.has("all")))
      await this.print(shown, path);
    return { all: own + below, shown };
  }

  #amount(stat: Stat): number {
    if (this.#call.has("inodes")) return 1;
    if (!this.#call.has("apparent") && !this.#call.has("bytes")) return blocks512(stat) * 512;
    return stat.type === "dir" || stat.type === "file" || stat.type === "link" ? stat.size : 0;
  }
}
