import { attempt, basename, type Host, type Process } from "../../sim/host/index.ts";
import { encode, type Kernel, type Time } from "../../sim/kernel/index.ts";
import type { Completions } from "../completion/completions.ts";
import type { BuiltinTable } from "../builtins/builtin.ts";
import type { Directories } from "../builtins/directory-stack.ts";
import type { History } from "../history/history.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { Command } from "../syntax/index.ts";
import { Variables } from "../variables/index.ts";
import type { CommandHash } from "./command-hash.ts";
import type { Interpreter, Substitution } from "./interpreter.ts";
import type { Dialect } from "./dialect.ts";
import type { ArithmeticScope } from "../arithmetic/index.ts";
import { arithmeticScope } from "./arithmetic-scope.ts";
import { Options } from "./options.ts";
import type { Signals } from "./signals.ts";
import type { Steps } from "./steps.ts";
import type { Jump } from "./unwinding.ts";

export interface ShellFunction {
  readonly name: string;
  readonly body: Command;
  /** Where it was defined: a file, `main` or `environment`. */
  readonly source: string;
  readonly line: number;
  readonly exported: boolean;
  readonly readonly: boolean;
  readonly traced: boolean;
}

/** A function or sourced file that is running. */
export interface Call {
  readonly kind: "function" | "source";
  readonly name: string;
  readonly source: string;
  /** The line that it was called from. */
  readonly line: number;
}

/** How a shell was started. */
export interface ShellStart {
  readonly dialect: Dialect;
  /** `$0`, and the name that stands before messages. */
  readonly name: string;
  readonly interactive: boolean;
  readonly login: boolean;
  /** `-c` was given, commands come from standard input: letters of `$-`. */
  readonly letters: string;
}

/** The parts of a shell that other folders make; they know the shell, so they are put in after it was made. */
export interface ShellParts {
  jobs: Jobs;
  signals: Signals;
  history: History;
  completions: Completions;
  directories: Directories;
  hash: CommandHash;
  builtins: BuiltinTable;
  interpreter: Interpreter;
  substitution: Substitution;
  /** What a prompt shows: its escapes (`\\u@\\h`) and expansions. */
  decodePrompt: (text: string) => Steps<string>;
}

/** The state of one running shell. Subshells have their own, made from their parent's by `interpreter/fork.ts`. */
export class Shell {
  readonly process: Process;
  readonly start: ShellStart;
  readonly options: Options;
  readonly variables: Variables<Shell>;
  readonly functions: Map<string, ShellFunction>;
  readonly aliases: Map<string, string>;
  readonly jobs!: Jobs;
  readonly signals!: Signals;
  readonly history!: History;
  readonly completions!: Completions;
  readonly directories!: Directories;
  readonly hash!: CommandHash;
  readonly builtins!: BuiltinTable;
  readonly interpreter!: Interpreter;
  readonly substitution!: Substitution;
  readonly decodePrompt!: (text: string) => Steps<string>;
  readonly arithmetic: ArithmeticScope;
  /** `$$`: subshells have their parent's. */
  readonly pid: number;
  /** `$0` */
  name: string;
  positional: readonly string[] = [];
  /** `$?` */
  lastStatus = 0;
  /** `$PIPESTATUS`; undefined: the one command's. */
  pipeStatus: readonly number[] | undefined;
  /** The status of the last command substitution of the running command: that of an assignment. */
  substitutionStatus: number | undefined;
  /** `$!` */
  lastBackground: number | undefined;
  /** `$_` */
  lastArgument = "";
  /** `$LINENO` */
  line = 0;
  /** Functions and sourced files that are running, the innermost last. */
  calls: readonly Call[] = [];
  /** The command that is being run, for `$BASH_COMMAND`; a text for the head of a loop. */
  command: Command | string | undefined;
  /** `$BASH_SUBSHELL` */
  subshells = 0;
  jump: Jump | undefined;
  /** How many loops of the running function are open. */
  loops = 0;
  /** Above 0, a failing command is looked at by somebody: `set -e` and the ERR trap hold still. */
  unchecked = 0;
  /** How deep functions, sourced files and `eval` are nested. */
  depth = 0;
  /** Has it a prompt, and whatever comes with that? Not so in its subshells. */
  interactive: boolean;
  /** True in a command substitution, a pipeline or `( )`. */
  isSubshell = false;
  /** The command that is run next may take the process's place: nothing comes after it. */
  mayReplace = false;
  /** It is a member of a pipeline. */
  inPipeline = false;
  /** The name of the builtin that is running, for messages. */
  builtin: string | undefined;
  /** How deep `eval`, sourced files and command substitutions are nested: `set -x` shows it. */
  traceLevel = 0;
  /** How often builtins have complained. */
  builtinComplaints = 0;
  /** `\\#` of the prompt. */
  commandNumber = 1;
  /** The builtin that ran last; undefined after a program. */
  lastBuiltin: string | undefined;
  /** Commands within commands that are being walked; bounded, as the stack is. */
  nesting = 0;
  /** True while it waits for the rest of a command, at the prompt PS2. */
  continuing = false;
  startedAt: Time;
  readonly #out: string[] = [];
  readonly #written: Promise<void>[] = [];

  constructor(process: Process, start: ShellStart, from?: Shell) {
    this.process = process;
    this.start = start;
    this.pid = from?.pid ?? process.host.pidOf(process.row);
    this.arithmetic = arithmeticScope(this);
    this.name = from?.name ?? start.name;
    this.interactive = start.interactive;
    this.startedAt = from?.startedAt ?? process.now;
    this.options = new Options(from?.options);
    this.functions = new Map(from?.functions);
    this.aliases = new Map(from?.aliases);
    this.variables = new Variables<Shell>(this, () => this.#exportedFunctions(), from?.variables);
    if (from) this.#copy(from);
  }

  /** Gives it its parts. */
  equip(parts: ShellParts): this {
    return Object.assign(this, parts);
  }

  #copy(from: Shell): void {
    this.positional = from.positional;
    this.lastStatus = from.lastStatus;
    this.lastBackground = from.lastBackground;
    this.lastArgument = from.lastArgument;
    this.line = from.line;
    this.calls = from.calls;
    this.command = from.command;
    this.subshells = from.subshells + 1;
    this.loops = from.loops;
    this.unchecked = from.unchecked;
    this.depth = from.depth + 1;
    this.traceLevel = from.traceLevel;
    this.isSubshell = true;
    this.builtin = from.builtin;
  }

  /** The status of a redirection that failed. */
  get errorStatus(): number {
    return this.dialect.errorStatus;
  }

  #exportedFunctions(): ReadonlyMap<string, string> {
    const exported = new Map<string, string>();
    for (const [name, { body, exported: isExported }] of this.functions)
      if (isExported) exported.set(name, this.start.dialect.exportFunction(name, body));
    return exported;
  }

  get host(): Host {
    return this.process.host;
  }

  get kernel(): Kernel {
    return this.process.kernel;
  }

  get dialect(): Dialect {
    return this.start.dialect;
  }

  // Words for people

  /** The name that stands before messages: the shell's, or the file that the running command is in. */
  get messageName(): string {
    if (this.start.interactive) return basename(this.start.name) || this.start.name;
    return this.calls.at(-1)?.source ?? this.name;
  }

  /** Says what went wrong, on standard error: `bash: line 3: ` and the text. */
  complain(text: string): void {
    this.writeError(`${this.dialect.complaint(this, text)}\n`);
  }

  /** Warns of what ends too early; smaller shells do not. */
  warn(line: number, text: string): void {
    this.line = line;
    if (!this.dialect.strict) this.complain(`warning: ${text}`);
  }

  /** A complaint of the builtin that is running: `bash: line 3: cd: ` and the text. */
  complainInBuiltin(text: string): void {
    this.builtinComplaints++;
    this.complain(this.builtin === undefined ? text : `${this.builtin}: ${text}`);
  }

  /** Writes to standard error; `takeWritten` says what is still on its way. Where it cannot be written nobody hears it. */
  writeError(text: string): void {
    const file = this.process.fds.find(2);
    if (!file) return;
    const written = attempt(() => file.write(this.process, encode(text)));
    if (!(written instanceof Promise)) return;
    this.#written.push(written);
    written.catch(() => {});
  }

  /** What is still being written to standard error. */
  takeWritten(): readonly Promise<void>[] {
    return this.#written.splice(0);
  }

  get hasWritten(): boolean {
    return this.#written.length > 0;
  }

  /** Output of a builtin; it is written when the builtin has ended. */
  print(text: string): void {
    this.#out.push(text);
  }

  takePrinted(): string {
    if (this.#out.length === 0) return "";
    return this.#out.length === 1 ? this.#out.pop()! : this.#out.splice(0).join("");
  }

  // Where commands are

  get function(): Call | undefined {
    return this.calls.findLast((call) => call.kind === "function");
  }

  /** `$BASH_SOURCE` of the running command, for functions that are defined here. */
  get source(): string {
    const running = this.calls.at(-1)?.source;
    if (running !== undefined) return running;
    if (this.start.interactive || this.start.letters.includes("s")) return "main";
    return this.start.letters.includes("c") ? "environment" : this.name;
  }
}
