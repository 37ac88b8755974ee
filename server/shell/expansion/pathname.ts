import { Errno, join } from "../../sim/host/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import { Discard } from "../interpreter/unwinding.ts";
import { hasMagic, Pattern } from "../pattern/index.ts";
import type { Field } from "./fields.ts";

/** Puts the file names that a field matches into `words`, or the field's own text if there are none. */
export function expandPathnames(shell: Shell, { text, pattern }: Field, words: { push(word: string): unknown }): void {
  if (pattern === undefined || shell.options.has("noglob")) {
    words.push(text);
    return;
  }
  const found = glob(shell, pattern);
  if (found.length > 0) for (const name of found) words.push(name);
  else if (shell.options.shopt("failglob")) {
    shell.complain(`no match: ${text}`);
    throw new Discard(1);
  } else if (!shell.options.shopt("nullglob")) words.push(text);
}

/** The files that match a pattern, sorted by code points as in the C.UTF-8 locale. */
export function glob(shell: Shell, pattern: string): string[] {
  const parts = splitComponents(pattern);
  const search = new Search(shell);
  let paths = [pattern.startsWith("/") ? "/" : ""];
  for (const [at, part] of parts.entries()) {
    const last = at === parts.length - 1;
    paths = paths.flatMap((path) => search.step(path, part, last));
    if (paths.length === 0) return [];
  }
  const ignored = ignoredNames(shell);
  return paths
    .filter((path) => !ignored.some((test) => test.matches(path)))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function ignoredNames(shell: Shell): Pattern[] {
  const value = shell.variables.get("GLOBIGNORE");
  if (!value) return [];
  const extglob = shell.options.shopt("extglob");
  return value.split(":").map((text) => Pattern.of(text, { extglob, ignoreCase: false }));
}

/** Cuts a pattern at its slashes; a trailing slash gives an empty last part. Slashes in parentheses belong to a group. */
function splitComponents(pattern: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === "\\") at++;
    else if (char === "(") depth++;
    else if (char === ")") depth = Math.max(0, depth - 1);
    else if (char === "/" && depth === 0) {
      if (at > from) parts.push(pattern.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(pattern.slice(from));
  return parts;
}

class Search {
  readonly #shell: Shell;
  readonly #extglob: boolean;
  readonly #ignoreCase: boolean;
  readonly #dotFiles: boolean;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#extglob = shell.options.shopt("extglob");
    this.#ignoreCase = shell.options.shopt("nocaseglob");
    this.#dotFiles = shell.options.shopt("dotglob") || Boolean(shell.variables.get("GLOBIGNORE"));
  }

  /** What a path becomes with one more component. */
  step(path: string, part: string, last: boolean): string[] {
    const { files } = this.#shell.host;
    const as = this.#shell.process;
    if (part === "") return files.exists(path, as) && files.stat(path, as).type === "dir" ? [`${path}/`] : [];
    if (part === "**" && this.#shell.options.shopt("globstar")) return this.#tree(path, last);
    if (!hasMagic(part, this.#extglob)) {
      const next = child(path, part.replace(/\\(.)/gs, "$1"));
      return !last || this.#exists(next) ? [next] : [];
    }
    const names = this.#names(path).filter((name) => this.#matches(part, name));
    return names.map((name) => child(path, name)).filter((next) => last || this.#isDirectory(next));
  }

  #matches(part: string, name: string): boolean {
    if (name === "." || name === "..") return false;
    if (name.startsWith(".") && !this.#dotFiles && !/^\\?\./.test(part)) return false;
    return Pattern.of(part, { extglob: this.#extglob, ignoreCase: this.#ignoreCase }).matches(name);
  }

  #names(path: string): string[] {
    try {
      return this.#shell.host.files.list(path === "" ? "." : path, this.#shell.process);
    } catch (error) {
      if (error instanceof Errno) return [];
      throw error;
    }
  }

  #exists(path: string): boolean {
    try {
      this.#shell.host.files.lstat(path, this.#shell.process);
      return true;
    } catch (error) {
      if (error instanceof Errno) return false;
      throw error;
    }
  }

  #isDirectory(path: string): boolean {
    const { files } = this.#shell.host;
    return files.exists(path, this.#shell.process) && files.stat(path, this.#shell.process).type === "dir";
  }

  /** `**`: all directories below, and as the last component all files as well. */
  #tree(path: string, last: boolean): string[] {
    const found: string[] = last ? [] : [path];
    const visit = (directory: string): void => {
      for (const name of this.#names(directory)) {
        if (name.startsWith(".") && !this.#dotFiles) continue;
        const next = child(directory, name);
        const isDirectory = this.#shell.host.files.lstat(next, this.#shell.process).type === "dir";
        if (last || isDirectory) found.push(next);
        if (isDirectory) visit(next);
      }
    };
    visit(path);
    return found;
  }
}

function child(path: string, name: string): string {
  return path === "" ? name : join(path, name);
}
