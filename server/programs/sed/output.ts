import { attempt, dirname, Errno, join, open, type OpenFile, type Stat } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import type { Call } from "../gnu/tool.ts";

/** Where lines go. A line without newline gets one as soon as another follows. */
export class LineOutput {
  readonly #put: (bytes: Bytes) => void;
  #missing = false;
  readonly #delimiter: string;

  constructor(put: (bytes: Bytes) => void, delimiter: string) {
    this.#put = put;
    this.#delimiter = delimiter;
  }

  line(text: Bytes, ended: boolean): void {
    this.text(ended ? text + this.#delimiter : text);
    this.#missing = !ended;
  }

  /** Text as it is. */
  text(bytes: Bytes): void {
    if (bytes === "") return;
    if (this.#missing) this.#put(this.#delimiter);
    this.#missing = false;
    this.#put(bytes);
  }
}

/** Files that `w` writes; `/dev/stdout` and `/dev/stderr` are the streams themselves. */
export class WriteFiles {
  readonly #call: Call<string>;
  readonly #delimiter: string;
  readonly #files = new Map<string, { file: OpenFile; output: LineOutput }>();

  constructor(call: Call<string>, delimiter: string) {
    this.#call = call;
    this.#delimiter = delimiter;
  }

  /** Makes and empties the files; the message of the first that cannot be. */
  open(names: ReadonlySet<string>): string | undefined {
    const { process } = this.#call;
    for (const name of names) {
      if (name === "/dev/stdout" || name === "/dev/stderr") continue;
      const file = attempt(() => open(process.host, name, { write: true, truncate: true }, process));
      if (file instanceof Errno) return `couldn't open file ${name}: ${file.message}`;
      process.fds.add(file, 3);
      this.#files.set(name, { file, output: new LineOutput((bytes) => file.writeNow(bytes), this.#delimiter) });
    }
    return undefined;
  }

  get(name: string): LineOutput | undefined {
    return this.#files.get(name)?.output;
  }
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * Puts new content in the place of a file: a temporary file beside it takes its name, as sed -i does it, so that open
 * descriptors, other names and bind mounts see what they would see. Returns what went wrong.
 */
export function replaceFile(
  call: Call<string>,
  path: string,
  stat: Stat,
  content: Bytes,
  suffix: string,
): string | undefined {
  const { process } = call;
  const { files } = process.host;
  const directory = dirname(path);
  const temporary = join(directory, `sed${process.kernel.random.text("sed", 6, LETTERS)}`);
  const written = attempt(() => files.write(temporary, content, { mode: 0o600, exclusive: true }, process));
  if (written instanceof Errno)
    return `couldn't open temporary file ${directory === "." ? "./" : ""}${temporary.replace(/^\.\//, "")}: ${written.message}`;
  attempt(() => files.chown(temporary, stat.uid, stat.gid, process));
  attempt(() => files.chmod(temporary, stat.mode, process));
  if (suffix !== "") {
    const backup = backupName(path, suffix);
    const kept = attempt(() => {
      if (files.exists(backup, process)) files.unlink(backup, process);
      files.link(path, backup, process);
    });
    if (kept instanceof Errno) return `cannot rename ${path}: ${kept.message}`;
  }
  const renamed = attempt(() => files.rename(temporary, path, process));
  if (!(renamed instanceof Errno)) return undefined;
  attempt(() => files.unlink(temporary, process));
  return `cannot rename ${temporary}: ${renamed.message}`;
}

/** `*` in the suffix stands for the file's name; without one it goes behind the name. */
function backupName(path: string, suffix: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const made = suffix.includes("*") ? suffix.replaceAll("*", name) : name + suffix;
  return made.includes("/") ? made : path.slice(0, path.length - name.length) + made;
}
