import { Errno, attempt, join, type Stat, WALK_QUANTUM } from "../../sim/host/index.ts";
import { shellQuote } from "../gnu/quoting.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { columns } from "./columns.ts";
import { Colors } from "./colors.ts";
import { type Entry, sortEntries } from "./entry.ts";
import { blocksOf, longLines } from "./long.ts";
import { namer, type Namer } from "./name.ts";
import { settingsOf, type Settings } from "./settings.ts";

export const ls = tool({
  name: "ls",
  package: "coreutils",
  summary: "list directory contents",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "List information about the FILEs (the current directory by default).\nSort entries alphabetically if none of -cftuvSUX nor --sort is specified.",
  trouble: 2,
  flags: {
    all: { short: "a", long: "all", help: "do not ignore entries starting with ." },
    escape: { short: "b", long: "escape", help: "print C-style escapes for nongraphic characters" },
    directory: { short: "d", long: "directory", help: "list directories themselves, not their contents" },
    dired: { short: "D", long: "dired", simulated: false },
    fullTime: { long: "full-time", help: "like -l --time-style=full-iso" },
    groupDirectories: { long: "group-directories-first", help: "group directories before files" },
    human: { short: "h", long: "human-readable", help: "with -l and -s, print sizes like 1K 234M 2G etc." },
    inode: { short: "i", long: "inode", help: "print the index number of each file" },
    kibibytes: { short: "k", long: "kibibytes", help: "(no effect: sizes of blocks are in kibibytes)" },
    numeric: { short: "n", long: "numeric-uid-gid", help: "like -l, but list numeric user and group IDs" },
    noGroup: { short: "G", long: "no-group", help: "in a long listing, don't print group names" },
    hideControl: { short: "q", long: "hide-control-chars", help: "print ? instead of nongraphic characters" },
    reverse: { short: "r", long: "reverse", help: "reverse order while sorting" },
    size: { short: "s", long: "size", help: "print the allocated size of each file, in blocks" },
    width: { short: "w", long: "width", arg: "COLS", help: "set output width to COLS. 0 means no limit" },
    almostAll: { short: "A", long: "almost-all", help: "do not list implied . and .." },
    noBackups: { short: "B", long: "ignore-backups", help: "do not list implied entries ending with ~" },
    classify: { short: "F", long: "classify", arg: "WHEN", optional: true, help: "append indicator (one of */=>@|) to entries" }, // prettier-ignore
    fileType: { long: "file-type", help: "likewise, except do not append '*'" },
    si: { long: "si", help: "likewise, but use powers of 1000 not 1024" },
    dereferenceCommandLine: { short: "H", long: "dereference-command-line", help: "follow symbolic links listed on the command line" }, // prettier-ignore
    ignore: { short: "I", long: "ignore", arg: "PATTERN", simulated: false },
    hide: { long: "hide", arg: "PATTERN", simulated: false },
    indicator: { long: "indicator-style", arg: "WORD", help: "append indicator with style WORD to entry names: none, slash (-p), file-type, classify (-F)" }, // prettier-ignore
    dereference: { short: "L", long: "dereference", help: "when showing file information for a symbolic link, show information for the file the link references" }, // prettier-ignore
    literal: { short: "N", long: "literal", help: "print entry names without quoting" },
    quoteName: { short: "Q", long: "quote-name", help: "enclose entry names in double quotes" },
    quotingStyle: { long: "quoting-style", arg: "WORD", help: "use quoting style WORD for entry names: literal, shell, shell-always, shell-escape, shell-escape-always, c, escape" }, // prettier-ignore
    recursive: { short: "R", long: "recursive", help: "list subdirectories recursively" },
    showControl: { long: "show-control-chars", help: "show nongraphic characters as-is" },
    format: { long: "format", arg: "WORD", help: "across -x, commas -m, horizontal -x, long -l, single-column -1, verbose -l, vertical -C" }, // prettier-ignore
    sort: { long: "sort", arg: "WORD", help: "sort by WORD instead of name: none (-U), size (-S), time (-t), version (-v), extension (-X)" }, // prettier-ignore
    tabSize: { short: "T", long: "tabsize", arg: "COLS", help: "assume tab stops at each COLS instead of 8" },
    time: {
      long: "time",
      arg: "WORD",
      help: "select which timestamp used to display or sort (all are the modification time)",
    },
    timeStyle: { long: "time-style", arg: "TIME_STYLE", help: "time/date format with -l: full-iso, long-iso, iso, locale, or +FORMAT" }, // prettier-ignore
    color: { long: "color", arg: "WHEN", optional: true, help: "color the output; WHEN can be 'always' (default if omitted), 'auto', or 'never'" }, // prettier-ignore
    hyperlink: { long: "hyperlink", arg: "WHEN", optional: true, simulated: false },
    blockSize: { long: "block-size", arg: "SIZE", simulated: false },
    context: { short: "Z", long: "context", simulated: false },
    zero: { long: "zero", help: "end each output line with NUL, not newline" },
    author: { long: "author", help: "with -l, print the author of each file" },
    changed: { short: "c", help: "with -lt: sort by, and show, ctime; with -l: show it (it is the modification time)" },
    columns: { short: "C", help: "list entries by columns" },
    asStored: { short: "f", help: "list all entries in directory order" },
    noOwner: { short: "g", help: "like -l, but do not list owner" },
    long: { short: "l", help: "use a long listing format" },
    commas: { short: "m", help: "fill width with a comma separated list of entries" },
    noGroups: { short: "o", help: "like -l, but do not list group information" },
    slash: { short: "p", help: "append / indicator to directories" },
    bySize: { short: "S", help: "sort by file size, largest first" },
    byTime: { short: "t", help: "sort by time, newest first" },
    accessed: { short: "u", help: "with -lt: sort by, and show, access time (it is the modification time)" },
    unsorted: { short: "U", help: "do not sort; list entries in directory order" },
    byVersion: { short: "v", help: "natural sort of (version) numbers within text" },
    across: { short: "x", help: "list entries by lines instead of by columns" },
    byExtension: { short: "X", help: "sort alphabetically by entry extension" },
    onePerLine: { short: "1", help: "list one file per line" },
  },
  async run(call) {
    const settings = await settingsOf(call);
    if (typeof settings === "number") return settings;
    const lister = new Lister(call, settings);
    await lister.list(call.operands.length > 0 ? call.operands : ["."]);
    return call.status;
  },
});

class Lister {
  readonly #call: Call<string>;
  readonly #settings: Settings;
  readonly #namer: Namer;
  readonly #colors: Colors | undefined;
  #printed = false;

  constructor(call: Call<string>, settings: Settings) {
    this.#call = call;
    this.#settings = settings;
    this.#namer = namer(settings.quoting, settings.hideControl);
    this.#colors = settings.color ? new Colors(call.process.env["LS_COLORS"]) : undefined;
  }

  async list(operands: readonly string[]): Promise<void> {
    const { directories, recursive } = this.#settings;
    const entries: Entry[] = [];
    for (const operand of operands) {
      const entry = this.#entry(operand, operand, true);
      if (!(entry instanceof Errno)) entries.push(entry);
      else await this.#call.warn(`cannot access ${shellQuote(operand)}: ${entry.message}`, 2);
    }
    const sorted = sortEntries(entries, this.#settings);
    const open = directories ? sorted.filter(({ stat }) => stat.type === "dir") : [];
    const files = sorted.filter((entry) => !open.includes(entry));
    if (files.length > 0) await this.#show(files);
    const headed = operands.length > 1 || recursive;
    for (const { path } of open) await this.#directory(path, path, headed, true);
  }

  #entry(path: string, name: string, operand = false): Entry | Errno {
    const { files } = this.#call.process.host;
    const as = this.#call.process;
    const { dereference, operandLinks } = this.#settings;
    const own = attempt(() => files.lstat(path, as));
    if (own instanceof Errno) return own;
    if (own.type !== "link") return { path, name, stat: own };
    const target = attempt(() => files.readlink(path, as));
    const behind = attempt(() => files.stat(path, as));
    const follows =
      dereference || (operand && (operandLinks === "all" || (operandLinks === "directories" && isDirectory(behind))));
    if (follows && behind instanceof Errno && dereference && this.#settings.needsStat) return behind;
    if (follows && !(behind instanceof Errno)) return { path, name, stat: behind };
    return {
      path,
      name,
      stat: own,
      target: target instanceof Errno ? "" : target,
      ...(behind instanceof Errno ? {} : { behind }),
    };
  }

  async #directory(path: string, shown: string, headed: boolean, operand: boolean): Promise<void> {
    const { process, out } = this.#call;
    const { files } = process.host;
    const names = attempt(() => files.list(path, process));
    if (names instanceof Errno) {
      await this.#call.warn(`cannot open directory ${shellQuote(shown)}: ${names.message}`, operand ? 2 : 1);
      return;
    }
    const { hidden, noBackups, recursive } = this.#settings;
    const kept = [...(hidden === "all" ? [".", ".."] : []), ...names].filter(
      (name) => (hidden !== "none" || !name.startsWith(".")) && !(noBackups && name.endsWith("~")),
    );
    const entries: Entry[] = [];
    for (const name of kept) {
      const entry = this.#entry(join(path, name), name);
      if (!(entry instanceof Errno)) entries.push(entry);
      else await this.#call.warn(`cannot access ${shellQuote(join(shown, name))}: ${entry.message}`, 1);
    }
    // One directory is nothing; what lies below may be all of /proc.
    if (process.spend(5 + entries.length, recursive ? WALK_QUANTUM : undefined)) await process.pause();
    if (headed) await out.print(`${this.#printed ? "\n" : ""}${this.#namer(shown, false)}:\n`);
    this.#printed = true;
    const sorted = sortEntries(entries, this.#settings);
    if (this.#settings.format === "long" || this.#settings.blocks) {
      const total = entries.reduce((sum, { stat }) => sum + blocksOf(stat), 0);
      await out.print(`total ${this.#settings.size(total * 1024, "blocks")}\n`);
    }
    await this.#show(sorted);
    if (!recursive) return;
    for (const { name, stat } of sorted)
      if (stat.type === "dir" && name !== "." && name !== "..")
        await this.#directory(join(path, name), join(shown, name), true, false);
  }

  async #show(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    this.#printed = true;
    const context = {
      settings: this.#settings,
      name: this.#namer,
      colors: this.#colors,
      // Names without quotes are moved by one where others have them (ls.c, align_variable_outer_quotes).
      aligned:
        this.#settings.aligned && this.#namer.aligns && entries.some(({ name }) => this.#namer(name, false) !== name),
      host: this.#call.process.host,
      now: this.#call.process.now,
    };
    const lines = this.#settings.format === "long" ? longLines(entries, context) : columns(entries, context);
    await this.#call.out.print(lines);
  }
}

function isDirectory(stat: Stat | Errno): boolean {
  return !(stat instanceof Errno) && stat.type === "dir";
}
