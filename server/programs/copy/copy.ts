import { attempt, Errno, isWithin, join, resolve, type Stat } from "../../sim/host/index.ts";
import { closeOperand, openOperand, readWhole, worked } from "../gnu/input.ts";
import { octalMode, permissionLetters } from "../gnu/mode.ts";
import { Prompt } from "../gnu/prompt.ts";
import { shellQuote } from "../gnu/quoting.ts";
import type { Call } from "../gnu/tool.ts";

/** How files are copied: the options of cp, and what mv and install set. */
export interface CopyRules {
  readonly recursive: boolean;
  /** Which links are followed: none, those among the operands, all. */
  readonly follow: "none" | "operands" | "all";
  readonly preserve: {
    readonly mode: boolean;
    readonly owner: boolean;
    readonly times: boolean;
    readonly links: boolean;
    /** New files get the permissions of any new file, not those of their source. */
    readonly plainMode: boolean;
  };
  readonly clobber: "always" | "never" | "ask" | "newer";
  readonly force: boolean;
  readonly removeFirst: boolean;
  readonly verbose: boolean;
  readonly as: "copy" | "hard link" | "symbolic link";
  /** The name that a directory's content is put under already exists by rule (`-T`, trailing). */
  readonly exact: boolean;
}

/** Copies files and trees, and says what it does and what fails, in the words of coreutils src/copy.c. */
export class Copier {
  readonly #call: Call<string>;
  readonly #rules: CopyRules;
  readonly #prompt: Prompt;
  /** Where files with several names were copied to, by inode. */
  readonly #links = new Map<string, string>();
  readonly #made = new Set<string>();

  constructor(call: Call<string>, rules: CopyRules) {
    this.#call = call;
    this.#rules = rules;
    this.#prompt = new Prompt(call.process);
  }

  async copy(from: string, to: string, operand = true): Promise<boolean> {
    const { process } = this.#call;
    const { files } = process.host;
    const { follow, recursive } = this.#rules;
    const follows = follow === "all" || (follow === "operands" && operand);
    const stat = attempt(() => (follows ? files.stat(from, process) : files.lstat(from, process)));
    if (stat instanceof Errno) return this.#fail(`cannot stat ${shellQuote(from)}: ${stat.message}`);
    if (stat.type === "dir" && !recursive)
      return this.#fail(`-r not specified; omitting directory ${shellQuote(from)}`);
    const target = attempt(() =>
      follows || stat.type !== "link" ? files.stat(to, process) : files.lstat(to, process),
    );
    const own = attempt(() => files.lstat(to, process));
    const exists = !(own instanceof Errno);
    if (!(target instanceof Errno) && this.#isSame(from, to, follows)) {
      if (this.#rules.as === "hard link") return true;
      const replaced = this.#rules.removeFirst && exists && own.type === "link";
      if (!replaced) return this.#fail(`${shellQuote(from)} and ${shellQuote(to)} are the same file`);
    }
    if (!(target instanceof Errno)) {
      if (stat.type !== "dir" && target.type === "dir")
        return this.#fail(`cannot overwrite directory ${shellQuote(to)} with non-directory`);
      if (stat.type === "dir" && target.type !== "dir")
        return this.#fail(`cannot overwrite non-directory ${shellQuote(to)} with directory ${shellQuote(from)}`);
      if (this.#made.has(resolve(process.cwd, to)) && stat.type !== "dir")
        return this.#fail(`will not overwrite just-created ${shellQuote(to)} with ${shellQuote(from)}`);
      if (stat.type !== "dir" && !(await this.#mayOverwrite(stat, target, to))) return true;
    } else if (exists && own.type === "link" && stat.type !== "dir" && !this.#rules.removeFirst && stat.type !== "link")
      return this.#fail(`not writing through dangling symlink ${shellQuote(to)}`);
    if (stat.type === "dir") return this.#directory(from, to, stat, target);
    return this.#single(from, to, stat, own);
  }

  async #fail(message: string): Promise<false> {
    await this.#call.warn(message);
    return false;
  }

  #isSame(from: string, to: string, follows: boolean): boolean {
    const { process } = this.#call;
    const { files } = process.host;
    const place = (path: string): string | undefined => {
      const found = attempt(() => files.locate(path, process));
      return found instanceof Errno || !found ? undefined : `${found.id}/${found.ino}`;
    };
    if (!follows) {
      const link = attempt(() => files.lstat(from, process));
      if (!(link instanceof Errno) && link.type === "link")
        return resolve(process.cwd, from) === resolve(process.cwd, to);
    }
    const source = place(from);
    return source !== undefined && source === place(to);
  }

  async #mayOverwrite(source: Stat, target: Stat, to: string): Promise<boolean> {
    const { clobber } = this.#rules;
    if (clobber === "never") return false;
    if (clobber === "newer") return source.mtime > target.mtime;
    if (clobber !== "ask") return true;
    const { process, name } = this.#call;
    if (process.host.files.access(to, 2, process)) return this.#prompt.ask(`${name}: overwrite ${shellQuote(to)}? `);
    const mode = `${octalMode(target.mode)} (${permissionLetters(target.mode)})`;
    const how = this.#rules.force ? "replace" : "unwritable";
    return this.#prompt.ask(
      `${name}: ${how} ${shellQuote(to)}${how === "replace" ? `, overriding mode ${mode}` : ` (mode ${mode}); try anyway`}? `,
    );
  }

  async #directory(from: string, to: string, stat: Stat, target: Stat | Errno): Promise<boolean> {
    const { process } = this.#call;
    const { files } = process.host;
    const real = attempt(() => files.realpath(from, process));
    const inside = attempt(() => files.realpath(to, process, true));
    if (!(real instanceof Errno) && !(inside instanceof Errno) && isWithin(inside, real))
      return this.#fail(`cannot copy a directory, ${shellQuote(from)}, into itself, ${shellQuote(to)}`);
    const names = attempt(() => files.list(from, process));
    if (names instanceof Errno) return this.#fail(`cannot access ${shellQuote(from)}: ${names.message}`);
    if (target instanceof Errno) {
      const made = attempt(() => files.mkdir(to, { mode: (stat.mode & 0o7777) | 0o700 }, process));
      if (made instanceof Errno) return this.#fail(`cannot create directory ${shellQuote(to)}: ${made.message}`);
      await this.#tell(from, to);
    }
    let good = true;
    for (const name of names) {
      await worked(process, 1000);
      good = (await this.copy(join(from, name), join(to, name), false)) && good;
    }
    if (target instanceof Errno) {
      const mode = this.#rules.preserve.mode ? stat.mode : stat.mode & 0o777 & ~process.umask;
      attempt(() => files.chmod(to, mode, process));
    }
    await this.#preserve(to, stat);
    return good;
  }

  async #single(from: string, to: string, stat: Stat, own: Stat | Errno): Promise<boolean> {
    const { process } = this.#call;
    const { files } = process.host;
    const { preserve, removeFirst, as, force } = this.#rules;
    const exists = !(own instanceof Errno);
    if (exists && (removeFirst || (stat.type === "link" && as === "copy") || as !== "copy")) {
      if (as !== "copy" && !removeFirst && !force) {
        const what = as === "hard link" ? "hard" : "symbolic";
        return this.#fail(
          `cannot create ${what} link ${shellQuote(to)}${as === "hard link" ? ` to ${shellQuote(from)}` : ""}: File exists`,
        );
      }
      const removed = attempt(() => files.unlink(to, process));
      if (removed instanceof Errno) return this.#fail(`cannot remove ${shellQuote(to)}: ${removed.message}`);
    }
    if (as === "hard link")
      return this.#linked(
        from,
        to,
        attempt(() => files.link(from, to, process)),
        `hard link ${shellQuote(to)} to ${shellQuote(from)}`,
      );
    if (as === "symbolic link")
      return this.#linked(
        from,
        to,
        attempt(() => files.symlink(from, to, process)),
        `symbolic link ${shellQuote(to)}`,
      );
    const place = stat.links > 1 && preserve.links ? attempt(() => files.locate(from, process)) : undefined;
    const key = place && !(place instanceof Errno) ? `${place.id}/${place.ino}` : undefined;
    const earlier = key === undefined ? undefined : this.#links.get(key);
    if (earlier !== undefined) {
      if (exists) attempt(() => files.unlink(to, process));
      return this.#linked(
        from,
        to,
        attempt(() => files.link(earlier, to, process)),
        `hard link ${shellQuote(to)} to ${shellQuote(earlier)}`,
      );
    }
    if (key !== undefined) this.#links.set(key, to);
    if (stat.type === "link") {
      const target = files.readlink(from, process);
      if (
        !(await this.#linked(
          from,
          to,
          attempt(() => files.symlink(target, to, process)),
          `symbolic link ${shellQuote(to)}`,
        ))
      )
        return false;
      await this.#preserve(to, stat, false);
      return true;
    }
    if (!(await this.#data(from, to, stat, exists))) return false;
    await this.#tell(from, to);
    await this.#preserve(to, stat);
    return true;
  }

  async #linked(from: string, to: string, made: void | Errno, what: string): Promise<boolean> {
    if (made instanceof Errno) return this.#fail(`cannot create ${what}: ${made.message}`);
    await this.#tell(from, to);
    return true;
  }

  async #data(from: string, to: string, stat: Stat, exists: boolean): Promise<boolean> {
    const { process, out } = this.#call;
    const { files } = process.host;
    if (stat.type === "fifo" || stat.type === "socket" || (stat.type !== "file" && this.#rules.recursive)) {
      const { type, mode, device } = stat;
      const node = { type: type as "char", mode, ...(device === undefined ? {} : { device }) };
      const made = attempt(() => files.mknod(to, node, process));
      return made instanceof Errno ? this.#fail(`cannot create special file ${shellQuote(to)}: ${made.message}`) : true;
    }
    const file = openOperand(process, from === "-" ? "./-" : from);
    if (file instanceof Errno) return this.#fail(`cannot open ${shellQuote(from)} for reading: ${file.message}`);
    const data = await readWhole(process, file, out);
    closeOperand(process, file);
    const size = stat.size > data.length && data.startsWith("\x7fELF") ? { size: stat.size } : {};
    const { preserve } = this.#rules;
    const mode = preserve.plainMode ? 0o666 : preserve.mode ? stat.mode & 0o700 : stat.mode & 0o777;
    let written = attempt(() => files.write(to, data, { mode, ...size }, process));
    if (written instanceof Errno && exists && this.#rules.force && written.code === "EACCES") {
      attempt(() => files.unlink(to, process));
      written = attempt(() => files.write(to, data, { mode, ...size }, process));
    }
    if (!(written instanceof Errno)) {
      this.#made.add(resolve(process.cwd, to));
      return true;
    }
    const why = to.endsWith("/") && written.code === "EISDIR" ? new Errno("ENOTDIR") : written;
    return this.#fail(`cannot create regular file ${shellQuote(to)}: ${why.message}`);
  }

  async #preserve(to: string, stat: Stat, follow = true): Promise<void> {
    const { process } = this.#call;
    const { files } = process.host;
    const { preserve } = this.#rules;
    if (preserve.owner) attempt(() => files.chown(to, stat.uid, stat.gid, process, follow));
    if (preserve.mode && follow) attempt(() => files.chmod(to, stat.mode, process));
    if (preserve.times) attempt(() => files.utimes(to, stat.mtime, process, follow));
  }

  async #tell(from: string, to: string): Promise<void> {
    if (this.#rules.verbose) await this.#call.out.print(`${shellQuote(from)} -> ${shellQuote(to)}\n`);
  }
}
