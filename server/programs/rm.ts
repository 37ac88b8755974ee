import { attempt, Errno, join, type FileType, type Stat } from "../sim/host/index.ts";
import { Prompt } from "./gnu/prompt.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const rm = tool({
  name: "rm",
  package: "coreutils",
  summary: "remove files or directories",
  usage: ["[OPTION]... [FILE]..."],
  about: "Remove (unlink) the FILE(s).",
  flags: {
    force: { short: "f", long: "force", help: "ignore nonexistent files and arguments, never prompt" },
    each: { short: "i", help: "prompt before every removal" },
    once: { short: "I", help: "prompt once before removing more than three files, or when removing recursively" },
    interactive: { long: "interactive", arg: "WHEN", optional: true, help: "prompt according to WHEN: never, once (-I), or always (-i)" }, // prettier-ignore
    oneFileSystem: { long: "one-file-system", simulated: false },
    noPreserveRoot: { long: "no-preserve-root", help: "do not treat '/' specially" },
    preserveRoot: { long: "preserve-root", arg: "all", optional: true, help: "do not remove '/' (default)" },
    recursive: { short: "rR", long: "recursive", help: "remove directories and their contents recursively" },
    dir: { short: "d", long: "dir", help: "remove empty directories" },
    verbose: { short: "v", long: "verbose", help: "explain what is being done" },
  },
  async run(call) {
    const { process, operands } = call;
    const when = await call.choose("--interactive", call.value("interactive") ?? "always", [
      [["never", "no", "none"], "never"],
      [["once"], "once"],
      [["always", "yes"], "each"],
    ]);
    if (typeof when === "number") return when;
    const last = call.options.lastOf("force", "each", "once", "interactive");
    const mode = last === "interactive" ? when.meaning : (last ?? "force");
    if (operands.length === 0) return call.has("force") ? 0 : call.usage("missing operand");
    const prompt = new Prompt(process);
    if (mode === "once" && (operands.length > 3 || call.has("recursive"))) {
      const count = `${operands.length} ${operands.length === 1 ? "argument" : "arguments"}`;
      if (!(await prompt.ask(`${call.name}: remove ${count}${call.has("recursive") ? " recursively" : ""}? `)))
        return 0;
    }
    const removal = new Removal(call, mode === "each" ? prompt : undefined);
    for (const operand of operands) await removal.operand(operand);
    return call.status;
  },
});

const WORDS: Record<FileType, string> = {
  file: "regular file",
  dir: "directory",
  link: "symbolic link",
  char: "character special file",
  block: "block special file",
  fifo: "fifo",
  socket: "socket",
};

class Removal {
  readonly #call: Call<string>;
  readonly #prompt: Prompt | undefined;

  constructor(call: Call<string>, prompt: Prompt | undefined) {
    this.#call = call;
    this.#prompt = prompt;
  }

  async operand(path: string): Promise<void> {
    const { process } = this.#call;
    const { files } = process.host;
    if (this.#call.has("recursive") && /(?:^|\/)\.\.?\/*$/.test(path))
      return this.#call.warn(`refusing to remove '.' or '..' directory: skipping ${shellQuote(path)}`);
    const stat = attempt(() => files.lstat(path, process));
    if (stat instanceof Errno) {
      if (this.#call.has("force") && (stat.code === "ENOENT" || stat.code === "ENOTDIR")) return;
      return this.#call.warn(`cannot remove ${shellQuote(path)}: ${stat.message}`);
    }
    if (this.#call.has("recursive") && !this.#call.has("noPreserveRoot") && files.realpath(path, process) === "/") {
      const shown = path === "/" ? "'/'" : `${shellQuote(path)} (same as '/')`;
      await this.#call.warn(`it is dangerous to operate recursively on ${shown}`);
      return this.#call.warn("use --no-preserve-root to override this failsafe");
    }
    await this.#remove(path, stat);
  }

  /** Removes a file or tree. False if something of it is left. */
  async #remove(path: string, stat: Stat): Promise<boolean> {
    const { process, name } = this.#call;
    const { files } = process.host;
    if (process.spend(5)) await process.pause();
    if (stat.type !== "dir") {
      if (this.#prompt && !(await this.#prompt.ask(`${name}: remove ${describe(stat)} ${shellQuote(path)}? `)))
        return false;
      return this.#done(
        path,
        attempt(() => files.unlink(path, process)),
        "removed",
      );
    }
    if (!this.#call.has("recursive")) {
      if (!this.#call.has("dir")) return this.#failed(path, new Errno("EISDIR"));
      if (this.#prompt && !(await this.#prompt.ask(`${name}: remove directory ${shellQuote(path)}? `))) return false;
      return this.#done(
        path,
        attempt(() => files.rmdir(path, process)),
        "removed directory",
      );
    }
    const names = attempt(() => files.list(path, process));
    if (names instanceof Errno) return this.#failed(path, names);
    if (
      this.#prompt &&
      names.length > 0 &&
      !(await this.#prompt.ask(`${name}: descend into directory ${shellQuote(path)}? `))
    )
      return false;
    let empty = true;
    for (const child of names) {
      const below = join(path, child);
      const own = attempt(() => files.lstat(below, process));
      if (own instanceof Errno) continue;
      empty = (await this.#remove(below, own)) && empty;
    }
    if (!empty) return false;
    if (this.#prompt && !(await this.#prompt.ask(`${name}: remove directory ${shellQuote(path)}? `))) return false;
    return this.#done(
      path,
      attempt(() => files.rmdir(path, process)),
      "removed directory",
    );
  }

  async #done(path: string, removed: void | Errno, words: string): Promise<boolean> {
    if (removed instanceof Errno) return this.#failed(path, removed);
    if (this.#call.has("verbose")) await this.#call.out.print(`${words} ${shellQuote(path)}\n`);
    return true;
  }

  async #failed(path: string, why: Errno): Promise<false> {
    await this.#call.warn(`cannot remove ${shellQuote(path)}: ${why.message}`);
    return false;
  }
}

function describe({ type, size }: Stat): string {
  return type === "file" && size === 0 ? "regular empty file" : WORDS[type];
}
