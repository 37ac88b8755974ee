import { encode, decode } from "../../sim/kernel/index.ts";
import { attempt, Errno, type Process, type Program } from "../../sim/host/index.ts";
import { Output } from "../gnu/output.ts";
import { versionOf } from "../gnu/versions.ts";
import { Compiler } from "./compile.ts";
import { Unwind, type Completion } from "./completion.ts";
import { RegexLimitError } from "../../shell/regex/index.ts";
import { AwkFault, OutOfMemory, RuntimeFault } from "./fault.ts";
import { ArgumentInput } from "./input.ts";
import { unescapeText } from "./lexer.ts";
import { Machine } from "./machine.ts";
import { parseAwk } from "./parser.ts";
import { drive, runCode, type Code } from "./steps.ts";
import { Streams } from "./streams.ts";
import { fromInput, isTrue, toText, type Value } from "./values.ts";

/** mawk, which is `awk` on Debian and Ubuntu. */
export const awk: Program = {
  name: "awk",
  summary: "pattern scanning and text processing language",
  run: (process, args) => runAwk(process, args, (process.argv[0] ?? "awk").replace(/.*\//, "")),
};

export const mawk: Program = { ...awk, name: "mawk" };

const USAGE = `Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W posix         stricter POSIX checking.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W traditional   pre-POSIX 2001.
    -W usage         show this message and exit.
`;

export async function runAwk(process: Process, args: readonly string[], name: string): Promise<number> {
  try {
    const settings = await readArguments(process, args);
    return typeof settings === "number" ? settings : await execute(process, settings, name);
  } catch (thrown) {
    // The engine holds no such text.
    const error = faultOf(thrown);
    if (!(error instanceof AwkFault)) throw error;
    const words = error.message.startsWith("drydock: ")
      ? error.message
      : `${name}: ${error.message.replaceAll("\nawk: ", `\n${name}: `)}`;
    await process.error(`${words}\n`);
    return error.code;
  }
}

function faultOf(thrown: unknown): unknown {
  if (thrown instanceof RangeError) return new OutOfMemory();
  return thrown instanceof RegexLimitError ? new AwkFault(`drydock: awk: ${thrown.message}`) : thrown;
}

interface Settings {
  readonly program: string;
  readonly fs: string | undefined;
  readonly assignments: readonly (readonly [name: string, value: string])[];
  readonly operands: readonly string[];
}

async function readArguments(process: Process, args: readonly string[]): Promise<Settings | number> {
  const assignments: [string, string][] = [];
  const texts: string[] = [];
  let fs: string | undefined;
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at]!;
    if (word === "--") {
      at++;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    const letter = word[1]!;
    if (word === "--version") return version(process);
    if (word === "--help" || word === "--usage") {
      await process.print(USAGE);
      return 0;
    }
    if (!"fFvW".includes(letter)) throw new AwkFault(`not an option: ${word}`);
    const value = word.length > 2 ? word.slice(2) : args[++at];
    if (value === undefined) throw new AwkFault(`option -${letter} lacks argument`);
    if (letter === "F") fs = value;
    else if (letter === "f") texts.push(readProgram(process, value));
    else if (letter === "W") {
      if (value.startsWith("v")) return version(process);
      if (/^[hu]/.test(value)) {
        await process.print(USAGE);
        return 0;
      }
      if (!/^[ips]/.test(value)) throw new AwkFault(`drydock: awk: '-W ${value}' is not simulated`, 64);
    } else {
      const [, variable, text] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(value) ?? [];
      if (variable === undefined) throw new AwkFault(`improper assignment: -v ${value}`);
      assignments.push([variable, text!]);
    }
  }
  if (texts.length === 0) {
    const text = args[at++];
    if (text === undefined) {
      await process.error(USAGE);
      return 0;
    }
    texts.push(text);
  }
  return { program: texts.join("\n"), fs, assignments, operands: args.slice(at) };
}

function readProgram(process: Process, path: string): string {
  const read = attempt(() =>
    path === "-"
      ? ""
      : decode(process.host.files.read(path.startsWith("/") ? path : `${process.cwd}/${path}`, process)),
  );
  if (read instanceof Errno) throw new AwkFault(`cannot open "${path}" (${read.message})`);
  return read;
}

async function version(process: Process): Promise<number> {
  const text = versionOf(process, "mawk");
  const year = text.replace(/.* (\d{4}).*/, "$1");
  await process.print(`mawk ${text}
Copyright 2008-${Number(year) - 1},${year}, Thomas E. Dickey
Copyright 1991-1996,2014, Michael D. Brennan

random-funcs:       srandom/random
regex-funcs:        internal

compiled limits:
sprintf buffer      8192
maximum-integer     9223372036854775808
`);
  return 0;
}

/** A pattern with its action, as it is tried on every record. */
interface CompiledRule {
  readonly tests: readonly Code<Value>[];
  readonly action: Code<Completion>;
  inRange: boolean;
}

async function execute(process: Process, settings: Settings, name: string): Promise<number> {
  const program = parseAwk(encode(settings.program));
  const compiler = new Compiler(program);
  const print = { kind: "print", args: [], to: undefined } as const;
  const begin = program.begin.map((statement) => compiler.statement(statement));
  const end = program.end.map((statement) => compiler.statement(statement));
  const rules: CompiledRule[] = program.rules.map(({ patterns, action }) => ({
    tests: patterns.map((pattern) => compiler.expression(pattern)),
    action: compiler.statement(action ?? print),
    inRange: false,
  }));
  compiler.compileFunctions();
  const streams = new Streams(process, new Output(process));
  const machine = new Machine(process, streams, compiler.slots, compiler.arrays.size);
  const [environ, argv] = [
    machine.arrays[compiler.arrays.get("ENVIRON")!]!,
    machine.arrays[compiler.arrays.get("ARGV")!]!,
  ];
  for (const [variable, value] of Object.entries(process.env)) environ.set(encode(variable), fromInput(encode(value)));
  for (const [number, word] of [name, ...settings.operands].entries())
    argv.set(String(number), fromInput(encode(word)));
  machine.assign("ARGC", String(settings.operands.length + 1));
  if (settings.fs !== undefined) machine.fs = fieldSeparator(settings.fs);
  for (const [variable, text] of settings.assignments) machine.assign(variable, unescapeText(text));
  const argc = compiler.slots.get("ARGC");
  const count = (): number =>
    argc === undefined ? settings.operands.length + 1 : Number(toText(machine.globals[argc], "%d"));
  const input = new ArgumentInput(machine, argv, count);
  machine.input = input;
  try {
    const ended = await drive(run(machine, begin, rules, end, input));
    await streams.flush();
    await streams.closeAll();
    return ended;
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    await streams.flush();
    const place = `\tFILENAME="${toText(machine.filename, "%g")}" FNR=${machine.fnr} NR=${machine.nr}`;
    throw new AwkFault(`run time error: ${decode(error.message)}\n${decode(place)}`);
  }
}

/** `-Ft` is a tab, as everywhere; escapes count. */
function fieldSeparator(text: string): string {
  const value = unescapeText(encode(text));
  return value;
}

/** BEGIN, the records, END. Returns the exit code. */
function* run(
  machine: Machine,
  begin: readonly Code<Completion>[],
  rules: CompiledRule[],
  end: readonly Code<Completion>[],
  input: ArgumentInput,
): Generator<Promise<unknown>, number, unknown> {
  // prettier-ignore
  for (const part of begin) if ((yield* guarded(part, machine)) === "exit") return yield* finish(machine, end);
  if (rules.length > 0 || end.length > 0) {
    for (;;) {
      const next = input.next();
      const text = (next instanceof Promise ? yield next : next) as string | undefined;
      if (text === undefined) break;
      machine.nr++;
      machine.fnr++;
      machine.setRecord(text);
      const completion = yield* oneRecord(machine, rules);
      if (completion === "exit") return yield* finish(machine, end);
      if (completion === "nextfile") input.skipFile();
      if (machine.process.spend(2)) yield machine.process.pause();
    }
  }
  return yield* finish(machine, end);
}

function* finish(machine: Machine, end: readonly Code<Completion>[]): Generator<Promise<unknown>, number, unknown> {
  for (const part of end) if ((yield* guarded(part, machine)) === "exit") break;
  return machine.exitCode;
}

function* oneRecord(
  machine: Machine,
  rules: readonly CompiledRule[],
): Generator<Promise<unknown>, Completion, unknown> {
  for (const rule of rules) {
    if (!(yield* applies(machine, rule))) continue;
    const completion = rule.action.waits ? yield* guarded(rule.action, machine) : rule.action.run(machine, []);
    if (completion === "next") return "";
    if (completion === "exit" || completion === "nextfile") return completion;
  }
  return "";
}

function* applies(machine: Machine, rule: CompiledRule): Generator<Promise<unknown>, boolean, unknown> {
  const [first, second] = rule.tests;
  if (!first) return true;
  const holds = function* (test: Code<Value>): Generator<Promise<unknown>, boolean, unknown> {
    return isTrue(test.waits ? yield* test.run(machine, []) : test.run(machine, []));
  };
  if (!second) return yield* holds(first);
  if (!rule.inRange && !(yield* holds(first))) return false;
  rule.inRange = !(yield* holds(second));
  return true;
}

/** `next` and `exit` within functions come here by way of an exception. */
function* guarded(code: Code<Completion>, machine: Machine): Generator<Promise<unknown>, Completion, unknown> {
  try {
    return yield* runCode(code, machine, []);
  } catch (error) {
    if (error instanceof Unwind) return error.completion;
    throw error;
  }
}
