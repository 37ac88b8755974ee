import type { Value } from "./value.ts";
import { JsonError, parseJson } from "./parse-json.ts";

export interface JqOptions {
  filter: string | undefined;
  filterFile: boolean;
  files: string[];
  nullInput: boolean;
  rawInput: boolean;
  slurp: boolean;
  raw: boolean;
  join: boolean;
  nul: boolean;
  ascii: boolean;
  sortKeys: boolean;
  color: boolean | undefined;
  indent: string | undefined;
  exitStatus: boolean;
  stream: boolean;
  named: Map<string, Value>;
  positional: Value[];
  /** Files whose contents become variables: JSON texts, or with `raw` one string. */
  fromFiles: { name: string; path: string; raw: boolean }[];
}

export type Parsed =
  | JqOptions
  | { readonly help: true }
  | { readonly version: true }
  | { readonly problem: string }
  | { readonly notSimulated: string };

/** Options without arguments, by letter or whole name; `clusters` may combine the letters. */
const SIMPLE: Readonly<Record<string, (options: JqOptions) => void>> = {
  "s slurp": (o) => (o.slurp = true),
  "r raw-output": (o) => (o.raw = true),
  " raw-output0": (o) => (o.raw = o.join = o.nul = true),
  "j join-output": (o) => (o.raw = o.join = true),
  "c compact-output": (o) => (o.indent = undefined),
  "C color-output": (o) => (o.color = true),
  "M monochrome-output": (o) => (o.color = false),
  "a ascii-output": (o) => (o.ascii = true),
  " unbuffered": () => {},
  "S sort-keys": (o) => (o.sortKeys = true),
  "R raw-input": (o) => (o.rawInput = true),
  "n null-input": (o) => (o.nullInput = true),
  "f from-file": (o) => (o.filterFile = true),
  " tab": (o) => (o.indent = "\t"),
  "e exit-status": (o) => (o.exitStatus = true),
  " stream": (o) => (o.stream = true),
};

const NOT_SIMULATED = ["L", "seq", "stream-errors", "debug-dump-disasm", "debug-trace", "build-configuration"];

function simple(name: string, short: boolean): ((options: JqOptions) => void) | undefined {
  const key = Object.keys(SIMPLE).find((one) => one.split(" ")[short ? 0 : 1] === name);
  return key && name !== "" ? SIMPLE[key] : undefined;
}

/** jq's own reading of its command line (src/main.c): no `--name=value`, and letters may be combined. */
export function parseArguments(args: readonly string[]): Parsed {
  const options: JqOptions = {
    filter: undefined,
    filterFile: false,
    files: [],
    nullInput: false,
    rawInput: false,
    slurp: false,
    raw: false,
    join: false,
    nul: false,
    ascii: false,
    sortKeys: false,
    color: undefined,
    indent: "  ",
    exitStatus: false,
    stream: false,
    named: new Map(),
    positional: [],
    fromFiles: [],
  };
  let rest: "files" | "args" | "jsonargs" = "files";
  let done = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (done || !/^-[-A-Za-z]/.test(arg)) {
      if (options.filter === undefined) options.filter = arg;
      else if (rest === "files") options.files.push(arg);
      else {
        const value = rest === "args" ? arg : parseJson(arg);
        if (value instanceof JsonError) return { problem: "jq: invalid JSON text passed to --jsonargs" };
        options.positional.push(value);
      }
      continue;
    }
    if (arg === "--") {
      done = true;
      continue;
    }
    if (!arg.startsWith("--")) {
      for (const letter of arg.slice(1)) {
        if (letter === "h") return { help: true };
        if (letter === "V") return { version: true };
        if (NOT_SIMULATED.includes(letter)) return { notSimulated: `-${letter}` };
        const apply = simple(letter, true);
        if (!apply) return { problem: `jq: Unknown option ${arg}` };
        apply(options);
      }
      continue;
    }
    const name = arg.slice(2);
    if (name === "help") return { help: true };
    if (name === "version") return { version: true };
    if (NOT_SIMULATED.includes(name)) return { notSimulated: arg };
    if (name === "args" || name === "jsonargs") {
      rest = name;
      continue;
    }
    const apply = simple(name, false);
    if (apply) {
      apply(options);
      continue;
    }
    const taken = withValues(name, args, at, options);
    if (typeof taken !== "number") return taken;
    at += taken;
  }
  return options;
}

/** An option with arguments; gives how many it took. */
function withValues(name: string, args: readonly string[], at: number, options: JqOptions): number | Parsed {
  const [first, second] = [args[at + 1], args[at + 2]];
  if (name === "indent") {
    if (first === undefined) return { problem: "jq: --indent takes one parameter" };
    const width = parseInt(first, 10) || 0;
    if (width < -1 || width > 7) return { problem: "jq: --indent takes a number between -1 and 7" };
    options.indent = width > 0 ? " ".repeat(width) : undefined;
    return 1;
  }
  const what = { arg: "value", argjson: "text", slurpfile: "filename", rawfile: "filename" }[name];
  if (what === undefined) return { problem: `jq: Unknown option --${name}` };
  if (first === undefined || second === undefined)
    return { problem: `jq: --${name} takes two parameters (e.g. --${name} varname ${what})` };
  if (name === "arg") setOnce(options.named, first, second);
  else if (name === "argjson") {
    const value = parseJson(second);
    if (value instanceof JsonError) return { problem: "jq: invalid JSON text passed to --argjson" };
    setOnce(options.named, first, value);
  } else options.fromFiles.push({ name: first, path: second, raw: name === "rawfile" });
  return 2;
}

function setOnce(named: Map<string, Value>, name: string, value: Value): void {
  if (!named.has(name)) named.set(name, value);
}
