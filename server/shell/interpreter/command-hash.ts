import { join } from "../../sim/host/index.ts";
import type { Shell } from "./shell.ts";

interface Entry {
  readonly path: string;
  hits: number;
}

/** Where commands were found in PATH, as `hash` shows. Forgotten when PATH changes. */
export class CommandHash {
  readonly #entries: Map<string, Entry>;
  #path: string | undefined;

  constructor(from?: CommandHash) {
    this.#entries = new Map(from ? [...from.#entries].map(([name, entry]) => [name, { ...entry }]) : []);
    this.#path = from ? from.#path : undefined;
  }

  /** The file of a command; counts and remembers it. Undefined if PATH has none. */
  use(shell: Shell, name: string): string | undefined {
    const entry = this.#known(shell, name);
    if (entry) {
      entry.hits++;
      return entry.path;
    }
    const path = this.search(shell, name);
    if (path !== undefined && shell.options.has("hashall")) this.#entries.set(name, { path, hits: 1 });
    return path;
  }

  /** The file that would be run, without remembering it. */
  find(shell: Shell, name: string): string | undefined {
    return this.#known(shell, name)?.path ?? this.search(shell, name);
  }

  hashed(shell: Shell, name: string): string | undefined {
    return this.#known(shell, name)?.path;
  }

  /** The first executable file of that name in PATH, or else the first file: running it then says why it cannot be. */
  search(shell: Shell, name: string): string | undefined {
    const path = shell.variables.get("PATH");
    if (!path) return name;
    return findInPath(shell, name, path, true) ?? findInPath(shell, name, path, false);
  }

  add(name: string, path: string): void {
    this.#entries.set(name, { path, hits: 0 });
  }

  forget(name?: string): boolean {
    if (name !== undefined) return this.#entries.delete(name);
    this.#entries.clear();
    return true;
  }

  list(): { name: string; path: string; hits: number }[] {
    return [...this.#entries].map(([name, { path, hits }]) => ({ name, path, hits }));
  }

  #known(shell: Shell, name: string): Entry | undefined {
    const path = shell.variables.get("PATH");
    if (path !== this.#path) {
      this.#path = path;
      this.#entries.clear();
    }
    const entry = this.#entries.get(name);
    if (!entry || !shell.options.shopt("checkhash") || shell.host.files.access(entry.path, 1, shell.process))
      return entry;
    this.#entries.delete(name);
    return undefined;
  }
}

/** The first file of that name, as PATH leads to it: relative directories stay relative. */
function findInPath(shell: Shell, name: string, path: string, executable: boolean): string | undefined {
  const { files } = shell.host;
  for (const directory of path.split(":")) {
    const file = join(directory || ".", name);
    if (executable ? !files.access(file, 1, shell.process) : !files.exists(file, shell.process)) continue;
    if (files.stat(file, shell.process).type === "file") return file;
  }
  return undefined;
}
