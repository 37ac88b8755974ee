import {
  attempt,
  Errno,
  exitCode,
  LineInput,
  open,
  spawnChild,
  type OpenFile,
  type Process,
} from "../../sim/host/index.ts";
import { findCommand } from "../gnu/execute.ts";
import { openOperand } from "../gnu/input.ts";
import { needsQuotes, shellQuote } from "../gnu/quoting.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { Items } from "./items.ts";

export const xargs = tool({
  name: "xargs",
  package: "findutils",
  title: "xargs (GNU findutils)",
  summary: "build and execute command lines from standard input",
  usage: ["[OPTION]... COMMAND [INITIAL-ARGS]..."],
  about: "Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.",
  stopAtOperand: true,
  flags: {
    null: { short: "0", long: "null", help: "items are separated by a null, not whitespace; disables quote and backslash processing and logical EOF processing" }, // prettier-ignore
    argFile: { short: "a", long: "arg-file", arg: "FILE", help: "read arguments from FILE, not standard input" },
    delimiter: { short: "d", long: "delimiter", arg: "CHARACTER", help: "items in input stream are separated by CHARACTER, not by whitespace" }, // prettier-ignore
    eof: { short: "E", arg: "END", help: "set logical EOF string" },
    eofOld: { short: "e", long: "eof", arg: "END", optional: true, help: "equivalent to -E END if END is specified" },
    replace: {
      short: "I",
      arg: "R",
      help: "replace R in INITIAL-ARGS with names read from standard input, split at newlines",
    },
    replaceOld: {
      short: "i",
      long: "replace",
      arg: "R",
      optional: true,
      help: "same as -I; if R is unspecified, assume {}",
    },
    lines: { short: "L", long: "max-lines", arg: "MAX-LINES", help: "use at most MAX-LINES non-blank input lines per command line" }, // prettier-ignore
    linesOld: { short: "l", arg: "MAX-LINES", optional: true, help: "similar to -L but defaults to one line" },
    args: { short: "n", long: "max-args", arg: "MAX-ARGS", help: "use at most MAX-ARGS arguments per command line" },
    openTty: { short: "o", long: "open-tty", help: "reopen stdin as /dev/tty in the child process before executing the command" }, // prettier-ignore
    procs: { short: "P", long: "max-procs", arg: "MAX-PROCS", help: "run at most MAX-PROCS processes at a time" },
    interactive: { short: "p", long: "interactive", help: "prompt before running commands" },
    slot: { long: "process-slot-var", arg: "VAR", simulated: false },
    noRun: { short: "r", long: "no-run-if-empty", help: "if there are no arguments, then do not run COMMAND" },
    chars: { short: "s", long: "max-chars", arg: "MAX-CHARS", help: "limit length of command line to MAX-CHARS" },
    limits: { long: "show-limits", simulated: false },
    verbose: { short: "t", long: "verbose", help: "print commands before executing them" },
    exit: { short: "x", long: "exit", help: "exit if the size (see -s) is exceeded" },
  },
  async run(call) {
    const numbers: Record<string, number> = {};
    for (const [flag, letter, least] of [
      ["args", "n", 1],
      ["lines", "L", 1],
      ["linesOld", "l", 1],
      ["procs", "P", 0],
      ["chars", "s", 1],
    ] as const) {
      const text = call.value(flag);
      if (text === undefined) continue;
      if (!/^[-+]?\d+$/.test(text)) return call.usage(`invalid number "${text}" for -${letter} option`);
      if (Number(text) < least) return call.usage(`value ${text} for -${letter} option should be >= ${least}`);
      numbers[flag] = Number(text);
    }
    const delimiter = readDelimiter(call);
    if (delimiter && "problem" in delimiter) return call.fail(delimiter.problem);
    // Of -I, -L and -n the last counts.
    const way = call.options.lastOf("replace", "replaceOld", "lines", "linesOld", "args");
    const replace =
      way === "replace" ? call.value("replace") : way === "replaceOld" ? (call.value("replaceOld") ?? "{}") : undefined;
    const name = call.value("argFile");
    const input = openOperand(call.process, name ?? "-");
    if (input instanceof Errno) return call.fail(`Cannot open input file ${call.quote(name!)}: ${input.message}`);
    const items = new Items(call.process, input, call.out, {
      delimiter: delimiter?.char,
      lines: replace !== undefined,
      eof: call.has("null") || call.has("delimiter") ? undefined : (call.value("eof") ?? call.value("eofOld")),
    });
    const building = new Building(call, input, {
      items,
      replace,
      mostArgs: replace !== undefined ? 1 : way === "args" ? numbers["args"]! : Infinity,
      mostLines: way === "lines" || way === "linesOld" ? (numbers[way] ?? 1) : Infinity,
      mostChars: numbers["chars"] ?? 131_072,
      exact: call.has("exit") || replace !== undefined || way === "lines" || way === "linesOld",
      parallel: numbers["procs"] ?? 1,
      command: call.operands.length > 0 ? call.operands : ["echo"],
    });
    return building.run();
  },
});

function readDelimiter(call: Call<string>): { readonly char: string } | { readonly problem: string } | undefined {
  const flag = call.options.lastOf("null", "delimiter");
  if (flag === undefined) return undefined;
  if (flag === "null") return { char: "\0" };
  const text = call.value("delimiter")!;
  const escapes: Record<string, string> = {
    "\\n": "\n",
    "\\t": "\t",
    "\\0": "\0",
    "\\r": "\r",
    "\\a": "\x07",
    "\\b": "\b",
    "\\f": "\f",
    "\\v": "\v",
    "\\\\": "\\",
  };
  if (escapes[text] !== undefined) return { char: escapes[text] };
  const number = /^\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))$/.exec(text);
  if (number) return { char: String.fromCharCode(parseInt(number[1] ?? number[2]!, number[1] ? 16 : 8)) };
  if (text.length === 1) return { char: text };
  return {
    problem: `Invalid input delimiter specification ${text}: the delimiter must be either a single character or an escape sequence starting with \\.`,
  };
}

interface BuildRules {
  readonly items: Items;
  readonly replace: string | undefined;
  readonly mostArgs: number;
  readonly mostLines: number;
  readonly mostChars: number;
  readonly exact: boolean;
  readonly parallel: number;
  readonly command: readonly string[];
}

/** Puts command lines together and runs them (findutils xargs/xargs.c). */
class Building {
  readonly #call: Call<string>;
  readonly #process: Process;
  readonly #input: OpenFile;
  readonly #rules: BuildRules;
  readonly #running = new Set<number>();
  #status = 0;
  /** An exit code that ends everything. */
  #fatal: number | undefined;

  constructor(call: Call<string>, input: OpenFile, rules: BuildRules) {
    this.#call = call;
    this.#process = call.process;
    this.#input = input;
    this.#rules = rules;
  }

  async run(): Promise<number> {
    const { items, replace, mostArgs, mostLines, mostChars, command } = this.#rules;
    const fixed = sizeOf(command);
    let words: string[] = [];
    let lines = 0;
    let ran = false;
    let size = fixed;
    const flush = async (): Promise<void> => {
      ran = true;
      const args = words;
      words = [];
      lines = 0;
      size = fixed;
      await this.#start(
        replace === undefined ? [...command, ...args] : command.map((word) => word.replaceAll(replace, args[0]!)),
      );
    };
    for (;;) {
      const item = await items.next();
      if (item === undefined) break;
      if ("problem" in item) {
        if (words.length > 0) await flush();
        await this.#finish();
        return this.#call.fail(item.problem);
      }
      const length = sizeOf([item.word]);
      if (size + length > mostChars) {
        if (words.length > 0 && !(this.#rules.exact && mostArgs !== Infinity)) await flush();
        if (fixed + length > mostChars) {
          await this.#finish();
          return this.#call.fail("argument line too long");
        }
      }
      words.push(item.word);
      size += length;
      if (item.endsLine) lines++;
      if (words.length >= mostArgs || lines >= mostLines) await flush();
      if (this.#fatal !== undefined) break;
    }
    if (this.#fatal === undefined && (words.length > 0 || (!ran && !this.#call.has("noRun") && replace === undefined)))
      await flush();
    await this.#finish();
    return this.#fatal ?? this.#status;
  }

  async #start(words: readonly string[]): Promise<void> {
    const process = this.#process;
    while (this.#rules.parallel > 0 && this.#running.size >= this.#rules.parallel) await this.#reap();
    if (this.#fatal !== undefined) return;
    const line = words.map((word) => (needsQuotes(word) ? shellQuote(word) : word)).join(" ");
    if (this.#call.has("interactive")) {
      if (!(await this.#confirm(line))) return;
    } else if (this.#call.has("verbose")) await process.error(`${line}\n`);
    const found = findCommand(process, words);
    if (found instanceof Errno) {
      await this.#call.say(`${words[0]!}: ${found.message}`);
      this.#fatal = found.code === "ENOENT" ? 127 : 126;
      return;
    }
    const fds = process.fds.copy();
    // Standard input is ours; the command gets none of it.
    const own = this.#call.has("openTty") ? "/dev/tty" : "/dev/null";
    if (this.#input === process.fds.find(0) || this.#call.has("openTty")) {
      const file = attempt(() => open(process.host, own, { read: true }, process));
      if (!(file instanceof Errno)) fds.set(0, file);
    }
    this.#running.add(spawnChild(process, { ...found, fds }));
    if (this.#rules.parallel === 1) await this.#reap();
  }

  /** Asks on the terminal; without one that cannot be. */
  async #confirm(line: string): Promise<boolean> {
    const process = this.#process;
    await process.error(line);
    const tty = attempt(() => open(process.host, "/dev/tty", { read: true }, process));
    if (tty instanceof Errno) {
      await this.#call.say(`failed to open /dev/tty for reading: ${tty.message}`);
      this.#fatal = 1;
      return false;
    }
    await process.error("?...");
    const answer = await new LineInput(process, tty).next();
    return answer !== undefined && /^[yY]/.test(answer);
  }

  async #reap(): Promise<void> {
    const { pid, change, status } = await this.#process.wait([...this.#running]);
    if (change !== "exited") return;
    this.#running.delete(pid);
    const name = this.#rules.command[0]!;
    if ("signal" in status!) {
      await this.#call.say(`${name}: terminated by signal ${exitCode(status) - 128}`);
      this.#fatal = 125;
    } else if (status!.code === 255) {
      await this.#call.say(`${name}: exited with status 255; aborting`);
      this.#fatal = 124;
    } else if (status!.code !== 0) this.#status = 123;
  }

  async #finish(): Promise<void> {
    while (this.#running.size > 0) await this.#reap();
  }
}

function sizeOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
}
