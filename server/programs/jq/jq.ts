import { decode, SECOND } from "../../sim/kernel/index.ts";
import { Errno, type Process, type Program } from "../../sim/host/index.ts";
import { chunks, closeOperand, openOperand, readWhole } from "../gnu/input.ts";
import { Output, WriteError } from "../gnu/output.ts";
import { versionOf } from "../gnu/versions.ts";
import { toStream } from "./builtins/streams.ts";
import { Compiler } from "./compile.ts";
import { colorsOf, defaultColors, dump, type Layout } from "./dump.ts";
import { HaltSignal, JqError } from "./errors.ts";
import type { Filter } from "./filter.ts";
import { HELP, SHORT_HELP, USE_HELP } from "./help.ts";
import { Machine, TooManySteps } from "./machine.ts";
import { parseArguments, type JqOptions } from "./options.ts";
import { JsonError, JsonReader } from "./parse-json.ts";
import { parse, type Problem } from "./parser.ts";
import { toJson, truthy, type Value } from "./value.ts";

const SYSTEM = 2;
const COMPILE = 3;
const NO_OUTPUT = 4;
const UNKNOWN = 5;

/** jq 1.7. Its filters are compiled to generators (compile.ts); inputs are read and printed one after another. */
export const jq: Program = {
  name: "jq",
  summary: "Command-line JSON processor",
  async run(process, args) {
    const options = parseArguments(args);
    const version = versionOf(process, "jq");
    if ("problem" in options) return fail(process, `${options.problem}\n${USE_HELP}`, SYSTEM);
    if ("notSimulated" in options)
      return fail(process, `drydock: jq: '${options.notSimulated}' is not simulated\n`, 64);
    if ("help" in options) return tell(process, HELP(version));
    if ("version" in options) return tell(process, `jq-${version}\n`);
    if (options.filter === undefined && process.isTty(0) && process.isTty(1))
      return fail(process, SHORT_HELP(version), SYSTEM);
    return new Run(process, options).run();
  },
};

async function fail(process: Process, message: string, code: number): Promise<number> {
  await process.error(message);
  return code;
}

async function tell(process: Process, text: string): Promise<number> {
  const out = new Output(process);
  await out.print(text);
  await out.flush();
  return 0;
}

/** One call of jq. */
class Run {
  readonly #process: Process;
  readonly #options: JqOptions;
  readonly #out: Output;
  readonly #machine: Machine;
  readonly #layout: Layout;
  /** What `debug` and its like said: written before the output that follows. */
  #said = "";
  #status = 0;
  #last: Value | undefined;

  constructor(process: Process, options: JqOptions) {
    this.#process = process;
    this.#options = options;
    this.#out = new Output(process);
    const { named, positional, indent, sortKeys, ascii } = options;
    const all = new Map<string, Value>([
      ["positional", positional],
      ["named", named],
    ]);
    this.#machine = new Machine({
      environment: new Map(Object.entries(process.env)),
      variables: new Map<string, Value>(named).set("ARGS", all),
      now: () => process.kernel.now / SECOND,
      say: (text) => (this.#said += text),
    });
    const color = options.color ?? (process.isTty(1) && process.env["NO_COLOR"] === undefined);
    const colors = color ? (colorsOf(process.env["JQ_COLORS"]) ?? defaultColors()) : undefined;
    this.#layout = { indent, sortKeys, ascii, colors };
  }

  async run(): Promise<number> {
    try {
      const filter = await this.#compiled();
      if (typeof filter === "number") return filter;
      const code = await this.#inputs(filter);
      await this.#out.flush();
      return code;
    } catch (error) {
      if (error instanceof WriteError)
        return fail(this.#process, `jq: error: writing output failed: ${error.message}\n`, SYSTEM);
      if (error instanceof TooManySteps || error instanceof RangeError) {
        await this.#out.flush();
        return fail(this.#process, "drydock: jq: stopped, as the filter takes too many steps\n", 64);
      }
      throw error;
    }
  }

  async #compiled(): Promise<Filter | number> {
    const options = this.#options;
    const variables = this.#machine.variables as Map<string, Value>;
    for (const { name, path, raw } of options.fromFiles) {
      const value = await this.#fromFile(path, raw);
      if (value instanceof Error) {
        const option = raw ? "rawfile" : "slurpfile";
        return fail(this.#process, `jq: Bad JSON in --${option} ${name} ${path}: ${value.message}\n`, SYSTEM);
      }
      if (!options.named.has(name)) options.named.set(name, value);
      if (!variables.has(name)) variables.set(name, value);
    }
    let program = options.filter ?? ".";
    if (options.filterFile) {
      const text = await this.#text(program);
      if (text instanceof Errno) return fail(this.#process, `jq: Could not open ${program}: ${text.message}\n`, SYSTEM);
      program = text;
    }
    const parsed = parse(program);
    if ("problems" in parsed) return this.#wrong(program, parsed.problems);
    const compiler = new Compiler(this.#machine);
    const filter = compiler.compile(parsed.expr, undefined);
    return compiler.problems.length > 0 ? this.#wrong(program, compiler.problems) : filter;
  }

  /** Tells the mistakes of a program, each with its line, filled up to where the mistake is (src/locfile.c). */
  async #wrong(program: string, problems: readonly Problem[]): Promise<number> {
    for (const { message, at } of problems) {
      if (at < 0) {
        await this.#process.error(`jq: error: ${message}\n`);
        continue;
      }
      const from = program.lastIndexOf("\n", at - 1) + 1;
      const line = program.slice(from).split("\n", 1)[0]!;
      const number = program.slice(0, from).split("\n").length;
      const place = `<top-level>, line ${number}:\n${line}${" ".repeat(at - from)}`;
      await this.#process.error(`jq: error: ${message} at ${place}\n`);
    }
    const count = problems.length === 1 ? "1 compile error" : `${problems.length} compile errors`;
    await this.#process.error(`jq: ${count}\n`);
    return COMPILE;
  }

  async #text(path: string): Promise<string | Errno> {
    const file = openOperand(this.#process, path);
    if (file instanceof Errno) return file;
    try {
      return decode(await readWhole(this.#process, file, this.#out)).replace(/[\udc80-\udcff]/g, "\ufffd");
    } catch (error) {
      if (error instanceof Errno) return error;
      throw error;
    } finally {
      closeOperand(this.#process, file);
    }
  }

  async #fromFile(path: string, raw: boolean): Promise<Value | Error> {
    const text = await this.#text(path);
    if (text instanceof Errno) return new Error(`Could not open ${path}: ${text.message}`);
    if (raw) return text;
    try {
      return [...valuesOf(text)];
    } catch (error) {
      if (error instanceof JsonError) return error;
      throw error;
    }
  }

  /** Runs the filter for every input; gives the exit code. */
  async #inputs(filter: Filter): Promise<number> {
    const { nullInput, slurp, filter: program = "." } = this.#options;
    let failed: JsonError | undefined;
    const wantsMore = /\binputs?\b/.test(program) || this.#options.filterFile;
    if (!nullInput && !slurp && !wantsMore) failed = await this.#each(filter);
    else if (nullInput && !wantsMore) await this.#one(filter, null);
    else {
      const queue: { value: Value; line: number; file: string | undefined }[] = [];
      failed = await this.#read((value) => {
        queue.push({ value, line: this.#machine.line, file: this.#machine.fileName });
      });
      const end = { line: this.#machine.line, file: this.#machine.fileName };
      if (slurp) this.#machine.next = onceOf(this.#slurped(queue.map(({ value }) => value)));
      else {
        this.#machine.next = () => {
          const next = queue.shift();
          this.#machine.line = (next ?? end).line;
          this.#machine.fileName = next ? next.file : (end.file ?? "<stdin>");
          return next?.value;
        };
        this.#machine.line = 0;
        this.#machine.fileName = undefined;
      }
      if (nullInput) await this.#one(filter, null);
      else if (!(slurp && failed))
        for (let value = this.#machine.next(); value !== undefined; value = this.#machine.next()) {
          const code = await this.#one(filter, value);
          if (code !== undefined) return code;
        }
    }
    if (this.#halted !== undefined) return this.#halted;
    if (failed) {
      await this.#out.flush();
      await this.#process.error(
        `jq: error (at ${this.#place()}): ${failed.message}\n`.replace(/^jq: error \(at .*?\): /, "jq: parse error: "),
      );
      this.#status = SYSTEM_PARSE;
    }
    if (this.#status !== 0) return this.#status;
    if (!this.#options.exitStatus) return 0;
    if (this.#last === undefined) return NO_OUTPUT;
    return truthy(this.#last) ? 0 : 1;
  }

  #halted: number | undefined;

  #slurped(values: readonly Value[]): Value {
    return this.#options.rawInput ? (values as readonly string[]).join("") : values;
  }

  /** Runs the filter for each input as it comes. */
  async #each(filter: Filter): Promise<JsonError | undefined> {
    return this.#read((value) => this.#one(filter, value));
  }

  /** Reads all inputs; stops if `take` gives a code. The text of one line is parsed at a time. */
  async #read(take: (value: Value) => void | Promise<number | undefined>): Promise<JsonError | undefined> {
    const { files, rawInput, slurp, stream } = this.#options;
    const reader = new JsonReader();
    const values = (texts: Iterable<Value>) => (stream ? streamed(texts) : texts);
    let rest = "";
    try {
      for (const name of files.length > 0 ? files : ["-"]) {
        const file = openOperand(this.#process, name);
        if (file instanceof Errno) {
          await this.#couldNotOpen(name, file);
          continue;
        }
        this.#machine.fileName = name === "-" ? "<stdin>" : name;
        this.#machine.line = 0;
        try {
          for await (const chunk of chunks(this.#process, file, this.#out)) {
            for (const line of lines(decode(chunk).replace(/[\udc80-\udcff]/g, "\ufffd"))) {
              if (line.endsWith("\n")) this.#machine.line++;
              if (!rawInput) {
                for (const value of values(reader.read(line))) if ((await take(value)) !== undefined) return undefined;
              } else if (slurp) await take(line);
              else if (!line.endsWith("\n")) rest += line;
              else {
                if ((await take(rest + line.slice(0, -1))) !== undefined) return undefined;
                rest = "";
              }
            }
          }
        } catch (error) {
          if (!(error instanceof Errno) || error instanceof WriteError) throw error;
          // jq does not tell what went wrong while it read.
          this.#status = SYSTEM;
        } finally {
          if (name !== "-") closeOperand(this.#process, file);
        }
      }
      if (rest !== "") await take(rest);
      const last = rawInput ? undefined : reader.end();
      if (last !== undefined) for (const value of values([last])) await take(value);
    } catch (error) {
      if (error instanceof JsonError) return error;
      throw error;
    }
    return undefined;
  }

  async #couldNotOpen(name: string, error: Errno): Promise<void> {
    await this.#out.flush();
    await this.#process.error(`jq: error: Could not open file ${name}: ${error.message}\n`);
    this.#status = SYSTEM;
  }

  #place(): string {
    const { fileName, line } = this.#machine;
    return fileName === undefined ? "<unknown>" : `${fileName}:${line}`;
  }

  /** Runs the filter for one input. Gives a code if the program ended itself. */
  async #one(filter: Filter, input: Value): Promise<number | undefined> {
    try {
      if (filter.one) await this.#print(filter.one(undefined, input));
      else for (const value of filter.run(undefined, input)) await this.#print(value);
      await this.#speak();
    } catch (error) {
      await this.#speak();
      if (error instanceof HaltSignal) return this.#halt(error);
      if (!(error instanceof JqError)) throw error;
      await this.#out.flush();
      const message = typeof error.value === "string" ? `: ${error.value}` : ` (not a string): ${toJson(error.value)}`;
      await this.#process.error(`jq: error (at ${this.#place()})${message}\n`);
      this.#status = UNKNOWN;
    }
    return undefined;
  }

  async #halt({ code, value }: HaltSignal): Promise<number> {
    await this.#out.flush();
    if (value !== undefined) await this.#process.error(typeof value === "string" ? value : `${toJson(value)}\n`);
    this.#halted = code;
    return code;
  }

  async #speak(): Promise<void> {
    if (this.#said === "") return;
    const said = this.#said;
    this.#said = "";
    await this.#process.error(said);
  }

  async #print(value: Value): Promise<void> {
    if (this.#said !== "") await this.#speak();
    const { raw, join, nul, ascii } = this.#options;
    this.#last = value;
    const text = raw && typeof value === "string" && !ascii ? value : dump(value, this.#layout);
    const written = this.#out.print(`${text}${nul ? "\0" : join ? "" : "\n"}`);
    if (written) await written;
    const steps = this.#machine.takeSteps();
    const work = 1 + text.length / 100 + (steps > FEW ? steps * STEP : 0);
    if (this.#process.spend(work)) await this.#process.pause();
  }
}

const SYSTEM_PARSE = UNKNOWN;
/** A filter that takes more steps than this for an output takes so many microseconds for each. */
const FEW = 10_000;
const STEP = 0.1;

function* lines(text: string): Generator<string> {
  let from = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
    yield text.slice(from, end + 1);
    from = end + 1;
  }
  if (from < text.length) yield text.slice(from);
}

function* valuesOf(text: string): Generator<Value> {
  const reader = new JsonReader();
  yield* reader.read(text);
  const last = reader.end();
  if (last !== undefined) yield last;
}

function* streamed(values: Iterable<Value>): Generator<Value> {
  for (const value of values) yield* toStream(value);
}

function onceOf(value: Value): () => Value | undefined {
  let left: Value | undefined = value;
  return () => {
    const next = left;
    left = undefined;
    return next;
  };
}
