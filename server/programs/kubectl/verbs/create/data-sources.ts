import { basename, Errno, type Process } from "../../../../sim/host/index.ts";
import { decode, type Bytes } from "../../../../sim/kernel/index.ts";
import { names } from "../../../../sim/kube/api/index.ts";
import { fileProblem, readPath, typeAt } from "../../read-file.ts";
import { quote, type Failure } from "../../output/index.ts";

/** `--from-file`, `--from-literal` and `--from-env-file`. */
export interface DataFlags {
  readonly "from-file": readonly string[];
  readonly "from-literal": readonly string[];
  readonly "from-env-file": readonly string[];
}

/** A key with its value in bytes. */
export type Entry = readonly [key: string, value: Bytes];

/** What is said of keys that cannot be: config maps and secrets differ. */
export interface KeyWords {
  invalid(key: string, why: string): string;
  known(key: string): string;
}

/** Collects what the flags name, in their order; a Failure is thrown as one. */
export async function readData(
  process: Process,
  flags: DataFlags,
  words: KeyWords,
): Promise<readonly Entry[] | Failure> {
  const { "from-env-file": envFiles, "from-file": files, "from-literal": literals } = flags;
  if (envFiles.length > 0 && (files.length > 0 || literals.length > 0))
    return { error: "from-env-file cannot be combined with from-file or from-literal" };
  const reader = new Reader(process, words);
  for (const source of files) {
    const failure = await reader.file(source);
    if (failure) return failure;
  }
  for (const source of literals) {
    const failure = reader.literal(source);
    if (failure) return failure;
  }
  for (const path of envFiles) {
    const failure = await reader.envFile(path);
    if (failure) return failure;
  }
  return reader.entries;
}

class Reader {
  readonly entries: Entry[] = [];
  readonly #process: Process;
  readonly #words: KeyWords;

  constructor(process: Process, words: KeyWords) {
    this.#process = process;
    this.#words = words;
  }

  /** `PATH`, `KEY=PATH`, or a folder (kubectl pkg/util/umask, pkg/cmd/create/create_configmap.go). */
  async file(source: string): Promise<Failure | undefined> {
    const parsed = parseFileSource(source);
    if ("error" in parsed) return parsed;
    const { key, path } = parsed;
    const { files } = this.#process.host;
    let type: string;
    try {
      type = typeAt(this.#process, path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return { error: `error reading ${path}: ${error.message.toLowerCase()}` };
    }
    if (type !== "dir") return this.#fromFile(key, path);
    if (source.includes("=")) return { error: "cannot give a key name for a directory path" };
    for (const name of files.list(path, this.#process).sort()) {
      const inner = `${path.replace(/\/$/, "")}/${name}`;
      if (files.stat(inner, this.#process).type !== "file") continue;
      const failure = await this.#fromFile(name, inner);
      if (failure) return failure;
    }
    return undefined;
  }

  literal(source: string): Failure | undefined {
    const equals = source.indexOf("=");
    // The first `=` must not be the first character.
    if (equals < 0) return { error: `invalid literal source ${source}, expected key=value` };
    if (equals === 0) return { error: `invalid literal source ${source}, expected key=value` };
    return this.#add(source.slice(0, equals), source.slice(equals + 1).replace(/^(['"])(.*)\1$/s, "$2"));
  }

  async envFile(path: string): Promise<Failure | undefined> {
    let type: string;
    let text: string;
    try {
      type = typeAt(this.#process, path);
      if (type === "dir") return { error: "env config file cannot be a directory" };
      text = decode(await readPath(this.#process, path));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return { error: `error reading ${path}: ${error.message.toLowerCase()}` };
    }
    for (const line of text.replace(/^\ufeff/, "").split("\n")) {
      const trimmed = line.trimStart().replace(/\r$/, "");
      if (trimmed === "" || trimmed.startsWith("#")) continue;
      const equals = trimmed.indexOf("=");
      const key = equals < 0 ? trimmed : trimmed.slice(0, equals);
      const wrong = names.strictEnvironmentName(key);
      if (wrong.length > 0) return { error: `${quote(key)} is not a valid key name: ${wrong.join(";")}` };
      const value = equals < 0 ? (this.#process.env[key] ?? "") : trimmed.slice(equals + 1);
      const failure = this.#add(key, value);
      if (failure) return failure;
    }
    return undefined;
  }

  async #fromFile(key: string, path: string): Promise<Failure | undefined> {
    try {
      return this.#add(key, await readPath(this.#process, path));
    } catch (error) {
      if (error instanceof Errno) return { error: fileProblem(path, error) };
      throw error;
    }
  }

  #add(key: string, value: Bytes): Failure | undefined {
    const wrong = names.configKey(key);
    if (wrong.length > 0) return { error: this.#words.invalid(quote(key), wrong.join(",")) };
    if (this.entries.some(([known]) => known === key)) return { error: this.#words.known(key) };
    this.entries.push([key, value]);
    return undefined;
  }
}

function parseFileSource(source: string): { key: string; path: string } | Failure {
  const parts = source.split("=");
  if (parts.length === 1) return { key: basename(source.replace(/(.)\/+$/, "$1")), path: source };
  if (source.startsWith("=")) return { error: `key name for file path ${source.slice(1)} missing` };
  if (source.endsWith("=")) return { error: `file path for key name ${source.slice(0, -1)} missing` };
  if (parts.length > 2) return { error: "key names or file paths cannot contain '='" };
  return { key: parts[0]!, path: parts[1]! };
}
