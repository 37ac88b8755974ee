import { decode, encode, SECOND } from "../../sim/kernel/index.ts";
import { attempt, Errno } from "../../sim/host/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import { Pattern } from "../pattern/index.ts";

export interface HistoryEntry {
  readonly line: string;
  /** Seconds since 1970, if known. */
  readonly time: number | undefined;
  /** What it was before it was changed with the editing keys. */
  readonly original?: string;
}

/** The commands that were typed, for the arrow keys, `history` and `!!`. */
export class History {
  #entries: HistoryEntry[] = [];
  /** The number of the first entry: older ones have been dropped. */
  #first = 1;
  /** How many of the entries came in since the file was read or written: what `history -a` appends. */
  #fresh = 0;
  /** How many lines of the file have been read: `history -n` reads on there. */
  #linesRead = 0;
  enabled = false;

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  get first(): number {
    return this.#first;
  }

  /** The number of the entry that comes next. */
  get next(): number {
    return this.#first + this.#entries.length;
  }

  /** The entry of a number. */
  at(number: number): string | undefined {
    return this.#entries[number - this.#first]?.line;
  }

  original(number: number): string | undefined {
    return this.#entries[number - this.#first]?.original;
  }

  /** An entry is changed with the editing keys. */
  edit(number: number, line: string): void {
    const entry = this.#entries[number - this.#first];
    if (!entry || entry.line === line) return;
    const original = entry.original ?? entry.line;
    this.#entries[number - this.#first] = { line, time: entry.time, ...(line === original ? {} : { original }) };
  }

  /** Enters a command as HISTCONTROL and HISTIGNORE ask for. */
  remember(shell: Shell, line: string): void {
    if (line.trim() === "") return;
    const control = (shell.variables.get("HISTCONTROL") ?? "").split(":");
    const both = control.includes("ignoreboth");
    const previous = this.#entries.at(-1)?.line;
    if ((both || control.includes("ignorespace")) && /^\s/.test(line)) return;
    if ((both || control.includes("ignoredups")) && line === previous) return;
    const ignored = shell.variables.get("HISTIGNORE");
    if (ignored && ignored.split(":").some((text) => Pattern.of(text.replaceAll("&", previous ?? "")).matches(line)))
      return;
    if (control.includes("erasedups")) this.#entries = this.#entries.filter((entry) => entry.line !== line);
    this.add(shell, line);
  }

  add(shell: Shell, line: string): void {
    this.#entries.push({ line, time: Math.floor(shell.process.now / SECOND) });
    this.#fresh++;
    this.#trim(shell);
  }

  #trim(shell: Shell): void {
    const size = limit(shell, "HISTSIZE", 500);
    const excess = this.#entries.length - size;
    if (excess <= 0) return;
    this.#entries.splice(0, excess);
    this.#first += excess;
    this.#fresh = Math.min(this.#fresh, this.#entries.length);
  }

  /** Takes back what was entered last (`history -s`, `-p` leave no trace of themselves). */
  forgetLast(): void {
    if (this.#entries.pop() && this.#fresh > 0) this.#fresh--;
  }

  replaceLast(line: string): void {
    const last = this.#entries.pop();
    if (last) this.#entries.push({ ...last, line });
  }

  clear(): void {
    this.#entries = [];
    this.#first = 1;
    this.#fresh = 0;
  }

  /** Deletes entries by number. */
  delete(from: number, to: number): void {
    this.#entries.splice(from - this.#first, to - from + 1);
    this.#fresh = Math.min(this.#fresh, this.#entries.length);
  }

  // The file

  /** Reads a file; with `onlyNew` what was added to it since. Returns why it cannot be read. */
  read(shell: Shell, path: string, onlyNew = false): Errno | undefined {
    const data = attempt(() => shell.host.files.read(path, shell.process));
    if (data instanceof Errno) return data;
    const lines = decode(data).split("\n");
    if (lines.at(-1) === "") lines.pop();
    const start = onlyNew ? this.#linesRead : 0;
    this.#linesRead = lines.length;
    let time: number | undefined;
    for (const line of lines.slice(start)) {
      if (/^#\d+$/.test(line)) time = Number(line.slice(1));
      else {
        this.#entries.push({ line, time });
        time = undefined;
      }
    }
    this.#trim(shell);
    this.#fresh = onlyNew ? this.#fresh : 0;
    return undefined;
  }

  /** Writes all entries, or appends the fresh ones. */
  write(shell: Shell, path: string, append: boolean): Errno | undefined {
    const entries = append ? this.#entries.slice(this.#entries.length - this.#fresh) : this.#entries;
    const stamped = shell.variables.get("HISTTIMEFORMAT") !== undefined;
    const lines = entries.map(({ line, time }) =>
      stamped && time !== undefined ? `#${time}\n${line}\n` : `${line}\n`,
    );
    const { files } = shell.host;
    const result = attempt(() => {
      files.write(path, encode(lines.join("")), { append, mode: 0o600 }, shell.process);
      const size = limit(shell, "HISTFILESIZE", limit(shell, "HISTSIZE", 500));
      const all = decode(files.read(path, shell.process)).split("\n").slice(0, -1);
      if (all.length > size)
        files.write(path, encode(`${all.slice(all.length - size).join("\n")}\n`), {}, shell.process);
      this.#linesRead = Math.min(all.length, size);
    });
    if (result instanceof Errno) return result;
    this.#fresh = 0;
    return undefined;
  }

  /** What happens to the file when a shell with a prompt ends. */
  save(shell: Shell): void {
    const path = shell.variables.get("HISTFILE");
    if (!this.enabled || !path || this.#fresh === 0) return;
    this.write(shell, path, shell.options.shopt("histappend") || this.#fresh < this.#entries.length);
  }
}

function limit(shell: Shell, name: string, usual: number): number {
  const value = shell.variables.get(name);
  if (value === undefined || !/^-?\d+$/.test(value)) return value === undefined ? usual : Infinity;
  return Number(value) < 0 ? Infinity : Number(value);
}
