import { attempt, Errno, type Process } from "../../sim/host/index.ts";
import { splitConfiguration } from "./configuration.ts";
import { CurlArguments, GLOBAL, OPTIONS, type CurlOption, type GivenOption } from "./options.ts";
import { readFileOrInput } from "./request.ts";
import { CurlVersion, PROTOCOLS } from "./version.ts";

/**
 * Why the command line cannot be read. `problem` follows `curl: option WORD: `; `code` is the exit code if it is not 2, `before`
 * lines that stand ahead.
 */
export type OptionFault =
  | { readonly word: string; readonly problem: string; readonly code?: number; readonly before?: string }
  | { readonly notSimulated: string };

/** What is fetched with one set of options each, as `--next` divides them. */
export interface CommandLine {
  readonly operations: readonly CurlArguments[];
  /** Texts of warnings that reading it gave. */
  readonly warnings: readonly string[];
}

/** Reads a command line as tool_getparam.c parse_args does, and what `-K` and ~/.curlrc add. */
export async function readCommandLine(
  process: Process,
  args: readonly string[],
): Promise<CommandLine | (OptionFault & { readonly warnings: readonly string[] })> {
  const reader = new Reader(process);
  const fault =
    (/^(?:-q|--disable$)/.test(args[0] ?? "") ? undefined : await reader.readDefaults()) ??
    (await reader.readWords(args));
  return fault ? { ...fault, warnings: reader.silent ? [] : reader.warnings } : reader.result();
}

class Reader {
  readonly #process: Process;
  readonly #operations: GivenOption[][] = [[]];
  readonly warnings: string[] = [];

  constructor(process: Process) {
    this.#process = process;
  }

  get silent(): boolean {
    return this.#operations.some((given) => new CurlArguments(given).has("silent"));
  }

  result(): CommandLine {
    const filled = this.#operations.filter((given) => given.length > 0);
    const all = filled.length > 0 ? filled : [[]];
    const global = all.flatMap((given) => given.filter(({ name }) => GLOBAL.has(name)));
    const operations = all.map(
      (given) => new CurlArguments([...given.filter(({ name }) => !GLOBAL.has(name)), ...global]),
    );
    return { operations, warnings: this.warnings };
  }

  /** ~/.curlrc, if there is one (findfile in src/tool_findfile.c). */
  async readDefaults(): Promise<OptionFault | undefined> {
    const { CURL_HOME, XDG_CONFIG_HOME, HOME } = this.#process.env;
    const candidates = [CURL_HOME && `${CURL_HOME}/.curlrc`, XDG_CONFIG_HOME && `${XDG_CONFIG_HOME}/curlrc`, HOME && `${HOME}/.curlrc`]; // prettier-ignore
    const { files } = this.#process.host;
    const found = candidates.find((file) => file && files.exists(file, this.#process));
    return found ? this.#readConfiguration(found) : undefined;
  }

  async readWords(args: readonly string[]): Promise<OptionFault | undefined> {
    let onlyUrls = false;
    for (let at = 0; at < args.length; at++) {
      const word = args[at]!;
      if (onlyUrls || !word.startsWith("-") || word === "-") {
        this.#give("url", word);
        continue;
      }
      if (word === "--") {
        onlyUrls = true;
        continue;
      }
      const letters = word.startsWith("--") ? 1 : word.length - 1;
      for (let letter = 1; letter <= letters; letter++) {
        const found = word.startsWith("--") ? findLong(word.slice(2)) : findShort(word[letter]!);
        if ("problem" in found) return { word, problem: found.problem };
        const { option, off } = found;
        if (option.takes === undefined) {
          const fault = await this.#apply(option, off, "", word);
          if (fault) return fault;
          continue;
        }
        const attached = word.startsWith("--") ? "" : word.slice(letter + 1);
        const value = attached === "" ? args[++at] : attached;
        if (value === undefined && option.simulated !== false) return { word, problem: "requires parameter" };
        const fault = await this.#apply(option, off, value ?? "", word);
        if (fault) return fault;
        break;
      }
    }
    return undefined;
  }

  async #apply(option: CurlOption, off: boolean, value: string, word: string): Promise<OptionFault | undefined> {
    if (option.simulated === false)
      return { notSimulated: word.startsWith("--") ? `--${option.long}` : `-${option.short!}` };
    if (option.long === "next") {
      this.#operations.push([]);
      return undefined;
    }
    if (option.long === "config") {
      const missing = await this.#readConfiguration(value);
      return missing && "problem" in missing ? { ...missing, word } : missing;
    }
    const problem = check(option, value, this.warnings);
    if (problem !== undefined) return { word, problem };
    if (option.long === "write-out" && value.startsWith("@")) {
      const unread = await this.#checkFormat(value.slice(1));
      if (unread) return { ...unread, word };
    }
    if (option.long === "fail" || option.long === "fail-with-body") {
      const other = option.long === "fail" ? "fail-with-body" : "fail";
      if (!off && new CurlArguments(this.#operations.at(-1)!).has(other))
        return { word, problem: "is badly used here", before: "curl: You must select either --fail or --fail-with-body, not both.\n" }; // prettier-ignore
    }
    if (option.long === "sslv2" || option.long === "sslv3")
      this.warnings.push(`Ignores instruction to use ${option.long === "sslv2" ? "SSLv2" : "SSLv3"}`);
    this.#give(off ? `no-${option.long}` : option.long, value);
    return undefined;
  }

  /** `-w @FILE`: newer versions give up if it cannot be read. */
  async #checkFormat(file: string): Promise<{ problem: string; code: number; before: string } | undefined> {
    const { files } = this.#process.host;
    if (file === "-" || !(attempt(() => files.stat(file, this.#process)) instanceof Errno)) return undefined;
    if (new CurlVersion(this.#process).isAtLeast("8.1"))
      return { problem: "error encountered when reading a file", code: 26, before: `curl: Failed to open ${file}\n` };
    this.warnings.push(`Failed to read ${file}`);
    return undefined;
  }

  #give(name: string, value: string): void {
    this.#operations.at(-1)!.push({ name, value });
  }

  /** A file of options (src/tool_parsecfg.c): those that are not known are warned of and passed over. */
  async #readConfiguration(file: string): Promise<OptionFault | undefined> {
    const text = await readFileOrInput(this.#process, file);
    if (text === undefined)
      return {
        word: "-K",
        problem: "error encountered when reading a file",
        code: 26,
        before: `curl: cannot read config from '${file}'\n`,
      };
    for (const { option, value, line } of splitConfiguration(text)) {
      const name = option.startsWith("-") ? option : `--${option}`;
      const fault = await this.readWords(value === undefined ? [name] : [name, value]);
      if (!fault) continue;
      if ("notSimulated" in fault) return fault;
      this.warnings.push(`${file}:${line}: warning: '${option}' ${fault.problem}`);
    }
    return undefined;
  }
}

type Found = { option: CurlOption; off: boolean } | { problem: string };

function findShort(letter: string): Found {
  const option = OPTIONS.find(({ short }) => short === letter);
  return option ? { option, off: false } : { problem: "is unknown" };
}

/** By its name, or a beginning that no other name has; switches also with `no-`. */
function findLong(word: string): Found {
  const exact = OPTIONS.find(({ long }) => long === word);
  if (exact) return { option: exact, off: false };
  const positive = word.startsWith("no-") ? word.slice(3) : undefined;
  const negated = OPTIONS.find((option) => option.takes === undefined && option.long === positive);
  if (negated) return { option: negated, off: true };
  const begun = OPTIONS.filter(({ long }) => long.startsWith(word));
  if (begun.length === 1) return { option: begun[0]!, off: false };
  return { problem: begun.length > 1 ? "is ambiguous" : "is unknown" };
}

function check({ takes: kind, long }: CurlOption, value: string, warnings: string[]): string | undefined {
  if (kind === "number" && !/^-?\d+$/.test(value)) return "expected a proper numerical parameter";
  if (kind === "seconds" && !/^\d+(?:\.\d*)?$|^\.\d+$/.test(value))
    return value.startsWith("-") ? "expected a positive numerical parameter" : "expected a proper numerical parameter";
  if (kind === "rate" && !/^\d+[bkmgtp]?$/i.test(value)) {
    if (!/^\d/.test(value)) warnings.push("invalid number specified for rate");
    else warnings.push("unsupported rate unit. Use G, M, K or B");
    return "is badly used here";
  }
  if (long === "proto" || long === "proto-redir")
    for (const word of value.split(",")) {
      const name = word.replace(/^[=+-]*/, "");
      if (name !== "" && name !== "all" && !PROTOCOLS.includes(name.toLowerCase()))
        warnings.push(`unrecognized protocol '${name}'`);
    }
  if (long === "local-port" && !/^\d+(?:-\d+)?$/.test(value)) return "is badly used here";
  if (long === "form" && !value.includes("=")) {
    warnings.push("Illegally formatted input field!");
    return "is badly used here";
  }
  return undefined;
}
