import { attempt, basename, Errno, join, type Stat, WALK_QUANTUM } from "../sim/host/index.ts";
import { matchesGlob } from "./gnu/glob.ts";
import { isUtf8 } from "./gnu/locale.ts";
import { modeLetters } from "./gnu/mode.ts";
import { humanSize } from "./gnu/size.ts";
import { strftime } from "./gnu/strftime.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { Colors } from "./ls/colors.ts";

export const tree = tool({
  name: "tree",
  package: "tree",
  title: "tree",
  summary: "list contents of directories in a tree-like format",
  usage: ["[-adfghilnpqrstuvxACDFJQNSUX] [-L level] [-I pattern] [-P pattern] [<directory> ...]"],
  flags: {
    all: { short: "a", help: "All files are listed." },
    directories: { short: "d", help: "List directories only." },
    full: { short: "f", help: "Print the full path prefix for each file." },
    level: { short: "L", arg: "level", help: "Descend only level directories deep." },
    pattern: { short: "P", arg: "pattern", help: "List only those files that match the pattern given." },
    ignore: { short: "I", arg: "pattern", help: "Do not list files that match the given pattern." },
    noReport: { long: "noreport", help: "Turn off file/directory count at end of tree listing." },
    permissions: { short: "p", help: "Print the protections for each file." },
    size: { short: "s", help: "Print the size in bytes of each file." },
    human: { short: "h", help: "Print the size in a more human readable way." },
    user: { short: "u", help: "Displays file owner." },
    group: { short: "g", help: "Displays file group owner." },
    date: { short: "D", help: "Print the date of last modification." },
    classify: { short: "F", help: "Appends '/', '=', '*', '@', '|' or '>' as per ls -F." },
    noIndent: { short: "i", help: "Don't print indentation lines." },
    color: { short: "C", help: "Turn colorization on always." },
    noColor: { short: "n", help: "Turn colorization off always." },
    byTime: { short: "t", help: "Sort files by last modification time." },
    reverse: { short: "r", help: "Reverse the order of the sort." },
    dirsFirst: { long: "dirsfirst", help: "List directories before files." },
    ascii: { long: "charset", arg: "X", help: "Use charset X for terminal/HTML and indentation line output." },
    others: { short: "lqvxAcJQNSUXHT", simulated: false },
  },
  async run(call) {
    const level = call.value("level");
    if (level !== undefined && (!/^\d+$/.test(level) || level === "0")) {
      await call.process.error("tree: Invalid level, must be greater than 0.\n");
      return 1;
    }
    const drawing = new Drawing(call, level === undefined ? Infinity : Number(level));
    for (const operand of call.operands.length > 0 ? call.operands : ["."]) await drawing.root(operand);
    if (!call.has("noReport")) await call.out.print(drawing.report());
    return call.status;
  },
});

class Drawing {
  readonly #call: Call<string>;
  readonly #deepest: number;
  readonly #lines: { middle: string; last: string; through: string };
  readonly #colors: Colors | undefined;
  #directories = 0;
  #files = 0;

  constructor(call: Call<string>, deepest: number) {
    this.#call = call;
    this.#deepest = deepest;
    const charset = call.value("ascii");
    const unicode = charset === undefined ? isUtf8(call.process.env) : /utf-?8/i.test(charset);
    this.#lines = unicode
      ? { middle: "├── ", last: "└── ", through: "│\u00a0\u00a0 " }
      : { middle: "|-- ", last: "`-- ", through: "|   " };
    const colored =
      call.has("color") ||
      (!call.has("noColor") && call.process.isTty(1) && call.process.env["LS_COLORS"] !== undefined);
    this.#colors = colored ? new Colors(call.process.env["LS_COLORS"]) : undefined;
  }

  async root(path: string): Promise<void> {
    const { process, out } = this.#call;
    const stat = attempt(() => process.host.files.stat(path, process));
    if (stat instanceof Errno) {
      await out.print(`${path}  [error opening dir]\n`);
      this.#call.status = 2;
      return;
    }
    if (stat.type !== "dir") {
      this.#files++;
      await out.print(`${path}  [error opening dir]\n`);
      return;
    }
    this.#directories++;
    await out.print(`${this.#facts(stat)}${this.#paint(path, path, stat)}\n`);
    await this.#below(path, "", 1);
  }

  report(): string {
    const directories = `${this.#directories} ${this.#directories === 1 ? "directory" : "directories"}`;
    const files = `${this.#files} ${this.#files === 1 ? "file" : "files"}`;
    return this.#call.has("directories") ? `\n${directories}\n` : `\n${directories}, ${files}\n`;
  }

  async #below(path: string, lead: string, depth: number): Promise<void> {
    if (depth > this.#deepest) return;
    const { process, out } = this.#call;
    const { files } = process.host;
    const names = attempt(() => files.list(path, process));
    if (names instanceof Errno) return;
    const entries: { name: string; path: string; stat: Stat }[] = [];
    for (const name of names) {
      const child = join(path, name);
      const stat = attempt(() => files.lstat(child, process));
      if (!(stat instanceof Errno) && this.#wants(name, stat)) entries.push({ name, path: child, stat });
    }
    const sign = this.#call.has("reverse") ? -1 : 1;
    entries.sort((a, b) => {
      const kind = this.#call.has("dirsFirst") ? Number(b.stat.type === "dir") - Number(a.stat.type === "dir") : 0;
      const time = this.#call.has("byTime") ? a.stat.mtime - b.stat.mtime : 0;
      return kind || sign * (time || (a.name < b.name ? -1 : 1));
    });
    for (const [at, { name, path: child, stat }] of entries.entries()) {
      const last = at === entries.length - 1;
      if (process.spend(3, WALK_QUANTUM)) await process.pause();
      if (stat.type === "dir") this.#directories++;
      else this.#files++;
      const shown = this.#call.has("full") ? child : name;
      const target = stat.type === "link" ? ` -> ${files.readlink(child, process)}` : "";
      const indent = this.#call.has("noIndent") ? "" : lead + (last ? this.#lines.last : this.#lines.middle);
      await out.print(`${indent}${this.#facts(stat)}${this.#paint(shown, child, stat)}${target}\n`);
      if (stat.type === "dir") await this.#below(child, lead + (last ? "    " : this.#lines.through), depth + 1);
    }
  }

  #wants(name: string, { type }: Stat): boolean {
    if (!this.#call.has("all") && name.startsWith(".")) return false;
    if (this.#call.has("directories") && type !== "dir") return false;
    const [ignore, only] = [this.#call.options.values("ignore"), this.#call.options.values("pattern")];
    const matches = (patterns: readonly string[]): boolean =>
      patterns.some((pattern) => pattern.split("|").some((part) => matchesGlob(part, name)));
    if (ignore.length > 0 && matches(ignore)) return false;
    return only.length === 0 || type === "dir" || matches(only);
  }

  #facts({ type, mode, uid, gid, size, mtime }: Stat): string {
    const { users } = this.#call.process.host;
    const parts: string[] = [];
    if (this.#call.has("permissions")) parts.push(modeLetters(type, mode));
    if (this.#call.has("user")) parts.push((users.byUid(uid)?.name ?? String(uid)).padEnd(8));
    if (this.#call.has("group")) parts.push((users.groupByGid(gid)?.name ?? String(gid)).padEnd(8));
    if (this.#call.has("human")) parts.push(humanSize(size).padStart(4));
    else if (this.#call.has("size")) parts.push(String(size).padStart(11));
    if (this.#call.has("date")) parts.push(strftime("%b %e %H:%M", mtime));
    return parts.length > 0 ? `[${parts.join(" ")}]  ` : "";
  }

  #paint(shown: string, path: string, stat: Stat): string {
    const marks: Record<string, string> = { dir: "/", link: "", fifo: "|", socket: "=" };
    const mark = this.#call.has("classify")
      ? (marks[stat.type] ?? ((stat.mode & 0o111) !== 0 && stat.type === "file" ? "*" : ""))
      : "";
    return (this.#colors ? this.#colors.paint({ path, name: basename(path), stat }, shown) : shown) + mark;
  }
}
