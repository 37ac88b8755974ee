import { attempt, Errno, join, type Process, type Stat } from "../../../sim/host/index.ts";
import { SECOND, type Time } from "../../../sim/kernel/index.ts";
import { blocks512, DEVICE_NUMBERS } from "../../gnu/disk.ts";
import { modeLetters } from "../../gnu/mode.ts";
import { strftime, zoneOf } from "../../gnu/strftime.ts";
import { columnsOf } from "../../gnu/width.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { human } from "../human.ts";

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly stat: Stat;
  readonly target: string | undefined;
}

/** coreutils/ls.c */
export const ls: Applet = {
  options: "Cadi1lgnsxAkcutSXrvLHRFpTw:hG",
  longs: { "full-time": "full-time", "group-directories-first": "group", color: "color:" },
  usage: () => `[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...

List directory contents

	-1	One column output
	-a	Include names starting with .
	-A	Like -a, but exclude . and ..
	-x	List by lines
	-d	List directory names, not contents
	-L	Follow symlinks
	-H	Follow symlinks on command line
	-R	Recurse
	-p	Append / to directory names
	-F	Append indicator (one of */=@|) to names
	-l	Long format
	-i	List inode numbers
	-n	List numeric UIDs and GIDs instead of names
	-s	List allocated blocks
	-lc	List ctime
	-lu	List atime
	--full-time	List full date/time
	-h	Human readable sizes (1K 243M 2G)
	--group-directories-first
	-S	Sort by size
	-X	Sort by extension
	-v	Sort by version
	-t	Sort by mtime
	-tc	Sort by ctime
	-tu	Sort by atime
	-r	Reverse sort order
	-w N	Format N columns wide
	--color[={always,never,auto}]`,
  split: (args) => ({ options: args.map((word) => (word === "--color" ? "--color=always" : word)), rest: [] }),
  run: (call) => new Lister(call).list(call.operands.length > 0 ? call.operands : ["."]),
};

class Lister {
  readonly #call: AppletCall;
  readonly #process: Process;
  readonly #long: boolean;
  readonly #colored: boolean;
  readonly #width: number;
  #code = 0;
  #first = true;

  constructor(call: AppletCall) {
    this.#call = call;
    this.#process = call.process;
    const tty = call.process.fds.find(1)?.tty;
    this.#long = ["l", "g", "n", "full-time"].some((option) => call.has(option));
    const color = call.value("color") ?? "auto";
    this.#colored = color === "always" || (color === "auto" && tty !== undefined);
    const columns = call.has("C") || call.has("x") || (tty !== undefined && !call.has("1"));
    this.#width = this.#long || !columns ? 0 : Number(call.value("w") ?? tty?.cols ?? 80);
  }

  async list(operands: readonly string[]): Promise<number> {
    const entries: Entry[] = [];
    for (const operand of operands) {
      const entry = this.#entry(operand, operand, true);
      if (entry instanceof Errno) await this.#fail(operand, entry);
      else entries.push(entry);
    }
    const directories = this.#call.has("d") ? [] : entries.filter(({ stat }) => stat.type === "dir");
    const files = entries.filter((entry) => !directories.includes(entry));
    if (files.length > 0) {
      await this.#show(this.#sorted(files));
      this.#first = false;
    }
    await this.#directories(this.#sorted(directories), operands.length > 1 || this.#call.has("R"));
    return this.#code;
  }

  async #fail(path: string, error: Errno): Promise<void> {
    this.#code = await this.#call.die(`${path}: ${this.#call.words(error.code)}`);
  }

  #entry(path: string, name: string, operand: boolean): Entry | Errno {
    const { files } = this.#process.host;
    const own = attempt(() => files.lstat(path, this.#process));
    if (own instanceof Errno || own.type !== "link") return own instanceof Errno ? own : { path, name, stat: own, target: undefined }; // prettier-ignore
    const follows = this.#call.has("L") || (operand && (this.#call.has("H") || !(this.#long || this.#call.has("F"))));
    const behind = follows ? attempt(() => files.stat(path, this.#process)) : undefined;
    if (behind && !(behind instanceof Errno)) return { path, name, stat: behind, target: undefined };
    if (behind && this.#call.has("L")) return behind;
    const target = attempt(() => files.readlink(path, this.#process));
    return { path, name, stat: own, target: target instanceof Errno ? undefined : target };
  }

  async #directories(all: readonly Entry[], headed: boolean): Promise<void> {
    for (const { path } of all) {
      if (headed) await this.#process.print(`${this.#first ? "" : "\n"}${path}:\n`);
      this.#first = false;
      const entries = await this.#read(path);
      if (!entries) continue;
      if (this.#long || this.#call.has("s")) {
        const blocks = entries.reduce((sum, { stat }) => sum + blocks512(stat) / 2, 0);
        await this.#process.print(
          this.#call.has("h") ? `total ${human(blocks * 1024).padEnd(6)}\n` : `total ${blocks}\n`,
        );
      }
      await this.#show(entries);
      if (!this.#call.has("R")) continue;
      await this.#directories(
        entries.filter(({ name, stat }) => stat.type === "dir" && name !== "." && name !== ".."),
        true,
      );
    }
  }

  async #read(path: string): Promise<Entry[] | undefined> {
    const names = attempt(() => this.#process.host.files.list(path, this.#process));
    if (names instanceof Errno) {
      await this.#fail(path, names);
      return undefined;
    }
    const [all, most] = [this.#call.has("a"), this.#call.has("A")];
    const shown = [...(all ? [".", ".."] : []), ...names.filter((name) => all || most || !name.startsWith("."))];
    if (this.#process.spend(5 + shown.length)) await this.#process.pause();
    const entries = shown.map((name) => this.#entry(join(path, name), name, false));
    return this.#sorted(entries.filter((entry): entry is Entry => !(entry instanceof Errno)));
  }

  #sorted(entries: readonly Entry[]): Entry[] {
    const call = this.#call;
    const extension = (name: string): string => (name.includes(".") ? name.slice(name.lastIndexOf(".")) : "");
    const byName = (a: Entry, b: Entry): number => compare(a.name, b.name);
    const order = (a: Entry, b: Entry): number => {
      if (call.has("S")) return b.stat.size - a.stat.size || byName(a, b);
      if (call.has("t")) return b.stat.mtime - a.stat.mtime || byName(a, b);
      if (call.has("X")) return compare(extension(a.name), extension(b.name)) || byName(a, b);
      return byName(a, b);
    };
    const sorted = entries.toSorted((a, b) => (call.has("r") ? -order(a, b) : order(a, b)));
    if (!call.has("group")) return sorted;
    return [...sorted.filter(({ stat }) => stat.type === "dir"), ...sorted.filter(({ stat }) => stat.type !== "dir")];
  }

  async #show(entries: readonly Entry[]): Promise<void> {
    const widest = Math.max(0, ...entries.map(({ name }) => columnsOf(name)));
    const wide = widest + 2 + (this.#call.has("i") ? 8 : 0) + (this.#call.has("s") ? 5 : 0);
    const count = Math.max(1, Math.floor(this.#width / wide));
    const rows = Math.ceil(entries.length / count);
    let out = "";
    for (let row = 0; row < rows; row++) {
      let [column, next] = [0, 0];
      for (let at = 0; at < count; at++) {
        const entry = entries[this.#call.has("x") ? row * count + at : at * rows + row];
        if (!entry) continue;
        if (column > 0) out += " ".repeat(Math.max(0, next - column));
        column = Math.max(column, next);
        next = column + wide;
        const { text, width } = this.#cell(entry);
        out += text;
        column += width;
      }
      out += "\n";
    }
    await this.#process.print(out);
  }

  #cell(entry: Entry): { text: string; width: number } {
    const { stat, name } = entry;
    const call = this.#call;
    const before =
      (call.has("i") ? `${String(stat.ino).padStart(7)} ` : "") +
      (call.has("s") ? `${String(blocks512(stat) / 2).padStart(6)} ` : "") +
      (this.#long ? this.#details(stat) : "");
    const sign = this.#sign(stat);
    const painted = this.#colored ? `\x1b[${colorOf(stat)}m${name}\x1b[m` : name;
    const arrow = this.#long && entry.target !== undefined ? ` -> ${this.#target(entry.path, entry.target)}` : "";
    return { text: before + painted + arrow + sign, width: before.length + columnsOf(name) + sign.length };
  }

  #target(path: string, target: string): string {
    if (!this.#colored) return target;
    const behind = attempt(() => this.#process.host.files.stat(path, this.#process));
    return `\x1b[${behind instanceof Errno ? "0;0" : colorOf(behind)}m${target}\x1b[m`;
  }

  #sign(stat: Stat): string {
    if (stat.type === "dir") return this.#call.has("F") || this.#call.has("p") ? "/" : "";
    if (!this.#call.has("F")) return "";
    if (stat.type === "file") return (stat.mode & 0o111) === 0 ? "" : "*";
    return SIGNS[stat.type] ?? "";
  }

  #details(stat: Stat): string {
    const call = this.#call;
    const { users } = this.#process.host;
    const numeric = call.has("n");
    const owner = (numeric ? undefined : users.byUid(stat.uid)?.name) ?? String(stat.uid);
    const group = (numeric ? undefined : users.groupByGid(stat.gid)?.name) ?? String(stat.gid);
    const names = `${call.has("g") ? "" : `${owner.slice(0, 8).padEnd(8)} `}${group.slice(0, 8).padEnd(8)} `;
    const [major, minor] = DEVICE_NUMBERS[stat.device ?? ""] ?? [0, 0];
    const size =
      stat.type === "char" || stat.type === "block"
        ? `${String(major).padStart(4)}, ${String(minor).padStart(3)}`
        : call.has("h")
          ? human(stat.size).padStart(6)
          : String(stat.size).padStart(9);
    return `${modeLetters(stat.type, stat.mode)} ${String(stat.links).padStart(4)} ${names}${size} ${this.#date(stat.mtime)} `;
  }

  #date(time: Time): string {
    const zone = zoneOf(this.#process.env["TZ"]);
    if (this.#call.has("full-time")) return strftime("%Y-%m-%d %H:%M:%S %z", time, zone);
    const age = this.#process.now - time;
    const recent = age < (365 / 2) * 86_400 * SECOND && age > -15 * 60 * SECOND;
    return strftime(recent ? "%b %e %H:%M" : "%b %e  %Y", time, zone);
  }
}

const SIGNS: Readonly<Record<string, string>> = { link: "@", fifo: "|", socket: "=" };
const COLORS: Readonly<Record<string, string>> = {
  dir: "1;34",
  link: "1;36",
  fifo: "0;35",
  char: "1;35",
  block: "1;35",
  socket: "1;35",
};

function colorOf({ type, mode }: Stat): string {
  return COLORS[type] ?? ((mode & 0o111) === 0 ? "0;0" : "1;32");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
