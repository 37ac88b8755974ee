import { createHash } from "node:crypto";
import { attempt, Errno, join, resolve, type Process } from "../../../sim/host/index.ts";
import { archiveSize } from "../../../sim/docker/index.ts";
import { Fatal } from "../command.ts";

/** The folder that is sent to the daemon, and what of it is not. */
export interface Context {
  /** Absolute. */
  readonly folder: string;
  /** Whether a path of it, as `sub/file`, stays behind. */
  readonly ignored: (path: string) => boolean;
  readonly dockerfile: string;
  /** As the daemon knows it. */
  readonly name: string;
  /** Bytes of the archive. */
  readonly size: number;
}

/** Finds folder and Dockerfile (cli/command/image/build/context.go). */
export function readContext(process: Process, path: string, file: string): Context {
  const { files } = process.host;
  const prepare = (why: string): Fatal => new Fatal(`unable to prepare context: ${why}`);
  const folder = resolve(process.cwd, path);
  const stat = attempt(() => files.stat(folder, process));
  if (stat instanceof Errno) throw prepare(`path ${JSON.stringify(path)} not found`);
  if (stat.type !== "dir") throw prepare(`context must be a directory: ${folder}`);
  const place = resolve(file === "" ? folder : process.cwd, file === "" ? "Dockerfile" : file);
  const dockerfile = attempt(() => files.read(place, process));
  if (dockerfile instanceof Errno)
    throw prepare(
      `unable to evaluate symlinks in Dockerfile path: lstat ${place}: ${dockerfile.message.toLowerCase()}`,
    );
  const name = place.startsWith(`${folder}/`) ? place.slice(folder.length + 1) : place;
  const list = attempt(() => files.read(join(folder, ".dockerignore"), process));
  const patterns = list instanceof Errno ? [] : readPatterns(list);
  // The daemon needs these whatever the list says.
  const ignored = (each: string): boolean => each !== name && each !== ".dockerignore" && matches(patterns, each);
  return { folder, ignored, dockerfile, name, size: sizeOfContext(process, folder, ignored) };
}

/** The whole archive without what stays behind, and without the folder itself. */
function sizeOfContext(process: Process, folder: string, ignored: Context["ignored"]): number {
  const { files } = process.host;
  const below = (path: string): number =>
    files.list(join(folder, path)).reduce((sum, name) => {
      const each = path === "" ? name : `${path}/${name}`;
      if (ignored(each)) return sum;
      const whole = join(folder, each);
      // A folder alone is one block; what is in it follows.
      return sum + (files.lstat(whole).type === "dir" ? 512 + below(each) : archiveSize(process.host, whole) - 1024);
    }, 0);
  return below("") + 1024;
}

interface Pattern {
  readonly parts: readonly string[];
  readonly negated: boolean;
}

/** The lines of .dockerignore: Go's filepath.Match with `**`, `!` takes back what an earlier one said (moby/patternmatcher). */
function readPatterns(text: string): Pattern[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const negated = line.startsWith("!");
      const parts = (negated ? line.slice(1) : line).split("/").map((part) => part.trim());
      return { parts: parts.filter((part) => part !== "" && part !== "."), negated };
    });
}

/** A pattern that fits a folder fits what is in it. */
function matches(patterns: readonly Pattern[], path: string): boolean {
  const parts = path.split("/");
  let out = false;
  for (const { parts: pattern, negated } of patterns)
    if (parts.some((_, at) => pathMatches(pattern, parts.slice(0, at + 1)))) out = !negated;
  return out;
}

function pathMatches(pattern: readonly string[], parts: readonly string[]): boolean {
  return sequence(pattern, parts, (part) => part === "**", nameMatches);
}

/** A name by a pattern with `*` and `?`, as Go's filepath.Match has them. */
export function nameMatches(pattern: string, name: string): boolean {
  return sequence([...pattern], [...name], (letter) => letter === "*", (letter, own) => letter === "?" || letter === own); // prettier-ignore
}

/** Whether items fit a sequence in which some stand for any number of items. Goes back to the last of those only. */
function sequence(
  pattern: readonly string[],
  items: readonly string[],
  any: (one: string) => boolean,
  fits: (one: string, item: string) => boolean,
): boolean {
  let [at, item] = [0, 0];
  let [star, taken] = [-1, 0];
  while (item < items.length) {
    if (at < pattern.length && any(pattern[at]!)) {
      star = at++;
      taken = item;
    } else if (at < pattern.length && fits(pattern[at]!, items[item]!)) {
      at++;
      item++;
    } else if (star >= 0) {
      at = star + 1;
      item = ++taken;
    } else return false;
  }
  while (at < pattern.length && any(pattern[at]!)) at++;
  return at === pattern.length;
}

/** What tells one content of files and folders from another: names, permissions and data. */
export function digestOf(
  files: Process["host"]["files"],
  paths: readonly string[],
  skip: (path: string) => boolean,
): string {
  const hash = createHash("sha256");
  const add = (path: string, name: string): void => {
    const stat = files.lstat(path);
    hash.update(`${name}\0${stat.type}\0${stat.mode}\0`);
    if (stat.type === "file") hash.update(files.read(path), "latin1");
    else if (stat.type === "link") hash.update(files.readlink(path));
    else if (stat.type === "dir")
      for (const each of [...files.list(path)].sort())
        if (!skip(join(path, each))) add(join(path, each), `${name}/${each}`);
  };
  for (const path of paths) add(path, path);
  return hash.digest("hex");
}
