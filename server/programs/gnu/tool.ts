import { Errno, type OpenFile, type Process, type Program } from "../../sim/host/index.ts";
import { describeFlags, parseOptions, type Flags, type Options } from "../options.ts";
import { openOperand } from "./input.ts";
import { Output, WriteError } from "./output.ts";
import { quote, quoteIfNeeded } from "./quoting.ts";
import { versionOf } from "./versions.ts";

/** A program with GNU's conventions: options by getopt_long, `--help`, `--version`, messages that begin with its name. */
export interface Tool<F extends Flags> {
  readonly name: string;
  /** One line, as `whatis` says. */
  readonly summary: string;
  /** What `--version` names, and the package whose version it is. */
  readonly package: string;
  readonly title?: string;
  /** The words after the name in the lines of `Usage:`. */
  readonly usage: readonly string[];
  /** What `--help` says before the options. */
  readonly about?: string;
  readonly flags: F;
  readonly stopAtOperand?: true;
  /** Wrong usage is told without the line `Try '… --help'`. */
  readonly noHint?: true;
  /** Wrong usage is told with the first line of `Usage:` as well. */
  readonly tellsUsage?: true;
  /** Exit code for wrong usage and for output that cannot be written; 1 if not given. */
  readonly trouble?: number;
  /** Its words are parsed by glibc's argp: it tells of --usage, and wrong options end with EX_USAGE. */
  readonly argp?: true;
  /** Takes what getopt would not understand, such as `head -5`, and puts it into words that it does. */
  rewrite?(args: readonly string[]): readonly string[];
  run(call: Call<keyof F & string>): Promise<number>;
}

export type GnuProgram<F extends Flags = Flags> = Program & { readonly flags: F };

/** Makes a program of a tool. */
export function tool<const F extends Flags>(spec: Tool<F>): GnuProgram<F> {
  return {
    name: spec.name,
    summary: spec.summary,
    flags: spec.flags,
    run: (process, args) => runTool(spec, process, args),
  };
}

const STANDARD = {
  help: { long: "help", help: "display this help and exit" },
  version: { long: "version", help: "output version information and exit" },
} as const;

async function runTool<F extends Flags>(spec: Tool<F>, process: Process, args: readonly string[]): Promise<number> {
  const name = process.argv[0] || spec.name;
  const trouble = spec.trouble ?? 1;
  const flags = { ...spec.flags, ...withoutOwn(spec.flags) } as F & typeof STANDARD;
  const rules = spec.stopAtOperand ? { stopAtOperand: true } : {};
  const parsed = parseOptions(flags, spec.rewrite?.(args) ?? args, rules);
  if ("notSimulated" in parsed) {
    await process.error(`drydock: ${spec.name}: '${parsed.notSimulated}' is not simulated\n`);
    return 64;
  }
  if ("problem" in parsed) {
    await process.error(`${name}: ${parsed.problem}\n${hint(spec, name)}`);
    return spec.argp ? 64 : trouble;
  }
  const call = new Call(process, name, parsed, trouble, hint(spec, name));
  try {
    if (parsed.has("help") && !spec.flags["help"]) await call.out.print(help(spec, name, flags));
    else if (parsed.has("version") && !spec.flags["version"])
      await call.out.print(
        `${spec.title ?? `${spec.name} (GNU ${spec.package})`} ${versionOf(process, spec.package)}\n`,
      );
    else {
      const code = await spec.run(call);
      await call.out.flush();
      return code;
    }
    await call.out.flush();
    return 0;
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    await process.error(`${name}: write error: ${error.message}\n`);
    return trouble;
  }
}

function hint(spec: Pick<Tool<Flags>, "argp" | "tellsUsage" | "usage" | "noHint">, name: string): string {
  if (spec.noHint) return "";
  if (spec.argp) return `Try '${name} --help' or '${name} --usage' for more information.\n`;
  return `${spec.tellsUsage ? `Usage: ${name} ${spec.usage[0]!}\n` : ""}Try '${name} --help' for more information.\n`;
}

function withoutOwn(flags: Flags): Flags {
  const longs = new Set(Object.values(flags).map((flag) => flag.long));
  return Object.fromEntries(Object.entries(STANDARD).filter(([, flag]) => !longs.has(flag.long)));
}

function help(spec: Tool<Flags>, name: string, flags: Flags): string {
  const usage = spec.usage.map((words, at) => `${at === 0 ? "Usage:" : "  or: "} ${name} ${words}\n`).join("");
  return `${usage}${spec.about === undefined ? "" : `${spec.about}\n`}\n${describeFlags(flags)}`;
}

/** One call of a tool: its process, what it was given, its output and messages. */
export class Call<K extends string = string> {
  readonly process: Process;
  /** As it was called, with a path if that was typed: messages begin with it. */
  readonly name: string;
  readonly options: Options<K>;
  readonly out: Output;
  readonly #trouble: number;
  /** The exit code so far: set by `warn`. */
  status = 0;

  readonly #hint: string;

  constructor(process: Process, name: string, options: Options<K>, trouble: number, hint: string) {
    this.process = process;
    this.name = name;
    this.options = options;
    this.out = new Output(process);
    this.#trouble = trouble;
    this.#hint = hint;
  }

  get operands(): readonly string[] {
    return this.options.operands;
  }

  has(flag: K): boolean {
    return this.options.has(flag);
  }

  value(flag: K): string | undefined {
    return this.options.value(flag);
  }

  /** A message on standard error. On a terminal it comes after what was written before. */
  async say(message: string): Promise<void> {
    if (this.process.isTty(1)) await this.out.flush();
    await this.process.error(`${this.name}: ${message}\n`);
  }

  /** Says what went wrong; the program goes on and fails at the end. */
  async warn(message: string, status = this.#trouble): Promise<void> {
    this.status = Math.max(this.status, status);
    await this.say(message);
  }

  /** Says why the program ends; returns its exit code. */
  async fail(message: string, status = this.#trouble): Promise<number> {
    await this.say(message);
    return status;
  }

  /** Wrong usage: says so and where to read more; returns the exit code. */
  async usage(problem?: string): Promise<number> {
    if (problem !== undefined) await this.say(problem);
    if (this.#hint !== "") await this.process.error(this.#hint);
    return this.#trouble;
  }

  /**
   * The meaning of a word given to an option; beginnings of words will do (gnulib lib/argmatch.c). A number is the exit code
   * after a message. `choices` are words with the same meaning, in the order in which the message lists them.
   */
  async choose<T>(
    option: string,
    word: string,
    choices: readonly (readonly [words: readonly string[], meaning: T])[],
  ): Promise<{ readonly meaning: T } | number> {
    const exact = choices.find(([words]) => words.includes(word));
    if (exact) return { meaning: exact[1] };
    const begun = choices.filter(([words]) => words.some((one) => one.startsWith(word)));
    if (begun.length === 1) return { meaning: begun[0]![1] };
    await this.say(
      `${begun.length > 1 ? "ambiguous" : "invalid"} argument ${this.quote(word)} for ${this.quote(option)}`,
    );
    const lines = choices.map(([words]) => `  - ${words.map((one) => this.quote(one)).join(", ")}\n`);
    await this.process.error(`Valid arguments are:\n${lines.join("")}`);
    await this.usage();
    return 1;
  }

  async notSimulated(what: string): Promise<number> {
    await this.process.error(`drydock: ${this.name}: ${what} is not simulated\n`);
    return 64;
  }

  /** A value in a message: ‘x’. */
  quote(text: string): string {
    return quote(text, this.process.env);
  }

  /** Opens an operand for reading, or says why not: `NAME: FILE: No such file or directory`. */
  async open(name: string): Promise<OpenFile | undefined> {
    const file = openOperand(this.process, name);
    if (!(file instanceof Errno)) return file;
    await this.warn(`${quoteIfNeeded(name)}: ${file.message}`);
    return undefined;
  }
}
