import { encode } from "../../sim/kernel/index.ts";
import { Errno, MemoryInput, open, type FdTable, type OpenFile, type OpenFlags } from "../../sim/host/index.ts";
import { expandText, expandWord } from "../expansion/expand.ts";
import type { Redirect } from "../syntax/index.ts";
import { assign } from "./assignment.ts";
import { openNetworkPath } from "./network-path.ts";
import { parameter } from "./parameters.ts";
import { refuse } from "./refusals.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { AssignmentFault } from "./unwinding.ts";

/** A redirection that cannot be done, in bash's words without the prefix. */
class RedirectFault extends Error {}

/** Where redirections are made: the descriptors of the shell itself, or those that a command will get. */
export class Redirections {
  readonly #shell: Shell;
  readonly #table: FdTable;
  /** What descriptors referred to before; kept open until they are put back. */
  readonly #before: { readonly fd: number; readonly file: OpenFile | undefined }[] = [];

  constructor(shell: Shell, table: FdTable) {
    this.#shell = shell;
    this.#table = table;
  }

  /** Does them in order. False if one failed; that is said on the standard error that they made so far. */
  *apply(redirects: readonly Redirect[]): Steps<boolean> {
    for (const redirect of redirects) {
      try {
        yield* this.#redirect(redirect);
      } catch (error) {
        if (!(error instanceof RedirectFault || error instanceof Errno || error instanceof AssignmentFault))
          throw error;
        const reads = redirect.operator === "<" || redirect.operator === "<>";
        const { dialect } = this.#shell;
        if (!(error instanceof Errno) || error.path === undefined) this.#complain(dialect.phrase(error.message));
        else if (error.code === "EBADF") this.#complain(`${error.path}: ${error.message}`);
        else this.#complain(dialect.redirectPhrase(error.path, error.message, reads));
        return false;
      }
    }
    return true;
  }

  #complain(text: string): void {
    const line = `${this.#shell.dialect.prefix(this.#shell)}${text}\n`;
    if (this.#table === this.#shell.process.fds) this.#shell.writeError(line);
    else this.#table.find(2)?.writeNow(encode(line));
  }

  /** Puts the descriptors back as they were. */
  undo(): void {
    for (const { fd, file } of this.#before.reverse()) {
      if (file) {
        this.#table.set(fd, file);
        file.drop();
      } else if (this.#table.find(fd)) this.#table.close(fd);
    }
    this.#before.length = 0;
  }

  /** Leaves the descriptors as they are now, for `exec`. */
  keep(): void {
    for (const { file } of this.#before) file?.drop();
    this.#before.length = 0;
  }

  *#redirect(redirect: Redirect): Steps<void> {
    const { operator, fd } = redirect;
    switch (operator) {
      case "<<":
      case "<<-":
        return this.#place(fd, 0, new MemoryInput(encode(yield* expandText(this.#shell, redirect.target))));
      case "<<<":
        refuse(this.#shell, "here-strings", "redirection unexpected");
        return this.#place(fd, 0, new MemoryInput(encode(`${yield* expandText(this.#shell, redirect.target)}\n`)));
      case ">&":
      case "<&":
        return yield* this.#duplicate(redirect, operator === ">&" ? 1 : 0);
      case "&>":
      case "&>>":
        return yield* this.#both(yield* this.#target(redirect), operator === "&>>");
      default: {
        const path = yield* this.#target(redirect);
        const reads = operator === "<" || operator === "<>";
        this.#place(fd, reads ? 0 : 1, yield* this.#open(path, operator));
      }
    }
  }

  *#target({ target }: Redirect): Steps<string> {
    const words: string[] = [];
    yield* expandWord(this.#shell, target, words);
    if (words.length !== 1) throw new RedirectFault(`${target.text}: ambiguous redirect`);
    return words[0]!;
  }

  *#open(path: string, operator: ">" | ">>" | ">|" | "<" | "<>"): Steps<OpenFile> {
    const { host, process, options } = this.#shell;
    if (path === "") throw new Errno("ENOENT", path);
    if (operator === ">" && options.has("noclobber") && host.files.exists(path, process)) {
      if (host.files.stat(path, process).type === "file")
        throw new RedirectFault(`${path}: cannot overwrite existing file`);
    }
    return (yield* openNetworkPath(this.#shell, path)) ?? open(host, path, FLAGS[operator], process);
  }

  *#both(path: string, append: boolean): Steps<void> {
    const file = yield* this.#open(path, append ? ">>" : ">");
    this.#set(1, file);
    this.#set(2, file);
  }

  /** `n>&m`, `n<&m`, `n>&-`, `n>&m-`, and `>& file`. */
  *#duplicate(redirect: Redirect, usual: 0 | 1): Steps<void> {
    const { fd, operator } = redirect;
    const word = yield* this.#target(redirect);
    if (word === "-") return this.#close(fd ?? usual);
    const move = word.endsWith("-");
    const digits = move ? word.slice(0, -1) : word;
    if (!/^\d+$/.test(digits)) {
      if (operator === ">&" && fd === undefined) return yield* this.#both(word, false);
      throw new RedirectFault(`${redirect.target.text}: ambiguous redirect`);
    }
    const source = Number(digits);
    const file = this.#table.find(source);
    if (!file) throw new Errno("EBADF", digits);
    this.#place(fd, usual, file);
    if (move && source !== fd) this.#close(source);
  }

  #close(fd: number | string): void {
    const number = typeof fd === "number" ? fd : Number(parameter(this.#shell, fd));
    if (!this.#table.find(number)) return;
    if (typeof fd === "number") this.#remember(number);
    this.#table.close(number);
  }

  #place(fd: number | string | undefined, usual: 0 | 1, file: OpenFile): void {
    if (typeof fd !== "string") return this.#set(fd ?? usual, file);
    // A descriptor in a variable outlives its command.
    const number = this.#table.add(file, 10);
    assign(this.#shell, { name: fd, subscript: undefined }, String(number));
  }

  #set(fd: number, file: OpenFile): void {
    // It may be the file that the descriptor refers to now.
    file.retain();
    this.#remember(fd);
    try {
      this.#table.set(fd, file);
    } catch (error) {
      throw error instanceof Errno ? new Errno("EBADF", String(fd)) : error;
    } finally {
      file.drop();
    }
  }

  #remember(fd: number): void {
    const file = this.#table.find(fd);
    file?.retain();
    this.#before.push({ fd, file });
  }
}

const FLAGS: Record<">" | ">>" | ">|" | "<" | "<>", OpenFlags> = {
  ">": { write: true, truncate: true },
  ">|": { write: true, truncate: true },
  ">>": { write: true, append: true },
  "<": { read: true },
  "<>": { read: true, write: true },
};
