import {
  attempt,
  basename,
  dirname,
  Errno,
  exitCode,
  isWithin,
  join,
  spawnChild,
  type Process,
  type Stat,
  WALK_QUANTUM,
} from "../../sim/host/index.ts";
import { DAY, encode, MINUTE } from "../../sim/kernel/index.ts";
import { blocks512 } from "../gnu/disk.ts";
import { findCommand } from "../gnu/execute.ts";
import { matchesGlob } from "../gnu/glob.ts";
import { modeLetters } from "../gnu/mode.ts";
import { Prompt } from "../gnu/prompt.ts";
import { strftime } from "../gnu/strftime.ts";
import { tool, type Call } from "../gnu/tool.ts";
import type { Count, Expression, FindOptions, Found, Test } from "./expression.ts";
import { parseFind } from "./parse.ts";
import { formatFound } from "./printf.ts";

export const find = tool({
  name: "find",
  package: "findutils",
  title: "find (GNU findutils)",
  summary: "search for files in a directory hierarchy",
  usage: ["[-H] [-L] [-P] [-Olevel] [path...] [expression]"],
  about:
    "Default path is the current directory; default expression is -print.\nTests: -name -iname -path -regex -type -size -empty -perm -user -group -mtime -mmin -newer -newermt -links -inum -samefile\nActions: -print -print0 -printf -ls -delete -prune -quit -exec -execdir -ok\nOptions: -maxdepth -mindepth -depth -mount; operators: ( ) ! -a -o ,",
  flags: {},
  // Everything is the expression's; only these two are options.
  rewrite: (args) =>
    args.length === 1 && /^-?-(?:help|version)$/.test(args[0]!)
      ? [`--${args[0]!.replace(/^-+/, "")}`]
      : ["--", ...args],
  async run(call) {
    const options = parseFind(call.process, call.operands, (text) => call.quote(text));
    if ("notSimulated" in options) return call.notSimulated(`'${options.notSimulated}'`);
    if ("problem" in options) return call.fail(options.problem);
    const search = new Search(call, options);
    await search.run();
    return call.status;
  },
});

/** Ends the search: -quit. */
class Quit extends Error {}

const BATCH = 100_000;

class Search {
  readonly #call: Call<string>;
  readonly #process: Process;
  readonly #options: FindOptions;
  readonly #prompt: Prompt;
  /** Files that `-exec … +` has collected, by command. */
  readonly #collected = new Map<Test, { directory: string | undefined; paths: string[]; size: number }>();
  #pruned = false;

  constructor(call: Call<string>, options: FindOptions) {
    this.#call = call;
    this.#process = call.process;
    this.#options = options;
    this.#prompt = new Prompt(call.process);
  }

  async run(): Promise<void> {
    try {
      for (const start of this.#options.starts) await this.#start(start);
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
    }
    for (const [test, batch] of this.#collected) await this.#runBatch(test, batch);
  }

  async #start(start: string): Promise<void> {
    const { files } = this.#process.host;
    const follow = this.#options.follow !== "never";
    const own = attempt(() => files.lstat(start, this.#process));
    const behind = follow ? attempt(() => files.stat(start, this.#process)) : own;
    const stat = behind instanceof Errno ? own : behind;
    if (stat instanceof Errno) return this.#call.warn(`${this.#call.quote(start)}: ${stat.message}`);
    await this.#visit({ path: start, start, depth: 0, stat });
  }

  async #visit(found: Found): Promise<void> {
    const { depthFirst, maxDepth, minDepth, oneFileSystem, follow } = this.#options;
    const { files } = this.#process.host;
    if (this.#process.spend(3, WALK_QUANTUM)) {
      await this.#call.out.flush();
      await this.#process.pause();
    }
    this.#pruned = false;
    if (!depthFirst && found.depth >= minDepth) await this.#evaluate(this.#options.expression, found);
    const pruned = this.#pruned;
    if (found.stat.type === "dir" && found.depth < maxDepth && !pruned) {
      const names = attempt(() => files.list(found.path, this.#process));
      if (names instanceof Errno) await this.#call.warn(`${this.#call.quote(found.path)}: ${names.message}`);
      else {
        for (const name of names) {
          const path = join(found.path, name);
          const own = attempt(() => files.lstat(path, this.#process));
          if (own instanceof Errno) continue;
          const behind =
            follow === "always" && own.type === "link" ? attempt(() => files.stat(path, this.#process)) : own;
          const stat: Stat = behind instanceof Errno ? own : behind;
          if (
            oneFileSystem &&
            attempt(() => files.mountOf(path, this.#process)) !==
              attempt(() => files.mountOf(found.start, this.#process))
          )
            continue;
          if (own.type === "link" && stat.type === "dir" && this.#isLoop(path, found.path)) {
            await this.#call.warn(
              `File system loop detected; ${this.#call.quote(path)} is part of the same file system loop as ${this.#call.quote(found.path)}.`,
            );
            continue;
          }
          await this.#visit({ path, start: found.start, depth: found.depth + 1, stat });
        }
      }
    }
    if (depthFirst && found.depth >= minDepth) await this.#evaluate(this.#options.expression, found);
  }

  #isLoop(path: string, parent: string): boolean {
    const { files } = this.#process.host;
    const [real, above] = [
      attempt(() => files.realpath(path, this.#process)),
      attempt(() => files.realpath(parent, this.#process)),
    ];
    return !(real instanceof Errno) && !(above instanceof Errno) && isWithin(above, real);
  }

  async #evaluate(expression: Expression, found: Found): Promise<boolean> {
    switch (expression.op) {
      case "not":
        return !(await this.#evaluate(expression.of, found));
      case "and":
        return (await this.#evaluate(expression.left, found)) && this.#evaluate(expression.right, found);
      case "or":
        return (await this.#evaluate(expression.left, found)) || this.#evaluate(expression.right, found);
      case "list":
        await this.#evaluate(expression.left, found);
        return this.#evaluate(expression.right, found);
      case "test":
        return this.#test(expression.test, found);
    }
  }

  async #test(test: Test, found: Found): Promise<boolean> {
    const { host, now } = this.#process;
    const { path, stat } = found;
    switch (test.kind) {
      case "name":
        return matchesGlob(test.glob, basename(path), { ignoreCase: test.ignoreCase });
      case "path":
        return matchesGlob(test.glob, path, { ignoreCase: test.ignoreCase });
      case "lname": {
        const target = stat.type === "link" ? attempt(() => host.files.readlink(path, this.#process)) : undefined;
        return typeof target === "string" && matchesGlob(test.glob, target);
      }
      case "regex":
        return test.regex.test(path);
      case "type":
        return test.types.has(stat.type);
      case "xtype": {
        const other = attempt(() =>
          this.#options.follow === "always"
            ? host.files.lstat(path, this.#process)
            : host.files.stat(path, this.#process),
        );
        return test.types.has(other instanceof Errno ? "link" : other.type);
      }
      case "size":
        return compare(test.count, Math.ceil(stat.size / test.unit));
      case "mtime":
        return compare(test.count, Math.floor((now - stat.mtime) / DAY));
      case "mmin":
        return compareAge(test.count, (now - stat.mtime) / MINUTE);
      case "newer":
        return stat.mtime > test.time;
      case "links":
        return compare(test.count, stat.links);
      case "inum":
        return compare(test.count, stat.ino);
      case "uid":
        return compare(test.count, stat.uid);
      case "gid":
        return compare(test.count, stat.gid);
      case "perm": {
        const mode = stat.mode & 0o7777;
        if (test.how === "exact") return mode === test.mode;
        return test.how === "all" ? (mode & test.mode) === test.mode : test.mode === 0 || (mode & test.mode) !== 0;
      }
      case "samefile": {
        const place = attempt(() => host.files.locate(path, this.#process));
        return (
          !(place instanceof Errno) &&
          place !== undefined &&
          `${place.id}/${place.ino}` === test.place &&
          stat.type !== "link"
        );
      }
      case "access":
        return host.files.access(path, test.mask, this.#process);
      case "empty":
        if (stat.type === "dir") return attempt(() => host.files.list(path, this.#process).length === 0) === true;
        return stat.type === "file" && stat.size === 0;
      case "nouser":
        return host.users.byUid(stat.uid) === undefined;
      case "nogroup":
        return host.users.groupByGid(stat.gid) === undefined;
      case "true":
        return true;
      case "false":
        return false;
      case "prune":
        this.#pruned = true;
        return true;
      case "quit":
        throw new Quit();
      case "print":
        await this.#call.out.print(path + test.end);
        return true;
      case "printf":
        await this.#call.out.print(formatFound(this.#process, found, test.format));
        return true;
      case "ls":
        await this.#call.out.print(listing(this.#process, found));
        return true;
      case "delete":
        return this.#delete(found);
      case "exec":
        return this.#exec(test, found);
    }
  }

  async #delete({ path, stat }: Found): Promise<boolean> {
    const { files } = this.#process.host;
    if (path === "." || path === "/") return true;
    const removed = attempt(() =>
      stat.type === "dir" ? files.rmdir(path, this.#process) : files.unlink(path, this.#process),
    );
    if (!(removed instanceof Errno)) return true;
    await this.#call.warn(`cannot delete ${this.#call.quote(path)}: ${removed.message}`);
    return false;
  }

  async #exec(test: Test & { kind: "exec" }, { path }: Found): Promise<boolean> {
    const directory = test.inDirectory ? dirname(path) : undefined;
    const name = test.inDirectory ? `./${basename(path)}` : path;
    if (test.many) {
      const batch = this.#collected.get(test);
      if (batch && batch.directory === directory && batch.size < BATCH) {
        batch.paths.push(name);
        batch.size += encode(name).length + 1;
      } else {
        if (batch) await this.#runBatch(test, batch);
        this.#collected.set(test, { directory, paths: [name], size: encode(name).length + 1 });
      }
      return true;
    }
    const words = test.words.map((word) => word.replaceAll("{}", name));
    if (test.ask && !(await this.#prompt.ask(`< ${words[0]!} ... ${path} > ? `))) return false;
    return (await this.#launch(words, directory)) === 0;
  }

  async #runBatch(
    test: Test,
    { directory, paths }: { directory: string | undefined; paths: readonly string[] },
  ): Promise<void> {
    if (test.kind !== "exec") return;
    if ((await this.#launch([...test.words, ...paths], directory)) !== 0) this.#call.status = 1;
  }

  async #launch(words: readonly string[], directory: string | undefined): Promise<number> {
    const process = this.#process;
    await this.#call.out.flush();
    const found = findCommand(process, words);
    if (found instanceof Errno) {
      await this.#call.say(`${this.#call.quote(words[0]!)}: ${found.message}`);
      return 127;
    }
    const cwd = directory === undefined ? undefined : process.host.files.realpath(directory, process);
    const pid = spawnChild(process, { ...found, ...(cwd === undefined ? {} : { cwd }) });
    for (;;) {
      const { change, status } = await process.wait([pid]);
      if (change === "exited") return exitCode(status!);
    }
  }
}

function compare({ sign, value }: Count, actual: number): boolean {
  return sign === "+" ? actual > value : sign === "-" ? actual < value : actual === value;
}

/** Ages in minutes: `5` is from 4 to 5 minutes, as find rounds up. */
function compareAge({ sign, value }: Count, actual: number): boolean {
  return sign === "+" ? actual > value : sign === "-" ? actual < value : actual > value - 1 && actual <= value;
}

function listing(process: Process, { path, stat }: Found): string {
  const { users, files } = process.host;
  const link = stat.type === "link" ? ` -> ${files.readlink(path, process)}` : "";
  const date =
    process.now - stat.mtime < 180 * DAY ? strftime("%b %e %H:%M", stat.mtime) : strftime("%b %e  %Y", stat.mtime);
  const owner = (users.byUid(stat.uid)?.name ?? String(stat.uid)).padEnd(8);
  const group = (users.groupByGid(stat.gid)?.name ?? String(stat.gid)).padEnd(8);
  return `${String(stat.ino).padStart(9)} ${String(blocks512(stat) / 2).padStart(6)} ${modeLetters(stat.type, stat.mode)} ${String(stat.links).padStart(3)} ${owner} ${group} ${String(stat.size).padStart(8)} ${date} ${path}${link}\n`;
}
