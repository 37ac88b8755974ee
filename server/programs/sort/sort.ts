import { attempt, Errno, open, type OpenFile } from "../../sim/host/index.ts";
import { encode, type Bytes } from "../../sim/kernel/index.ts";
import { blocks, closeOperand, openOperand, splitLines } from "../gnu/input.ts";
import { quoteIfNeeded, shellQuote } from "../gnu/quoting.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { comparator, compareKeys, prepare, type Sortable, type SortRules } from "./compare.ts";
import { incompatible, parseKey, PLAIN, WHOLE_LINE, withLetter, type Key, type Ordering } from "./key.ts";

export const sort = tool({
  name: "sort",
  package: "coreutils",
  summary: "sort lines of text files",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Write sorted concatenation of all FILE(s) to standard output.\n\nWith no FILE, or when FILE is -, read standard input.",
  trouble: 2,
  flags: {
    b: { short: "b", long: "ignore-leading-blanks", help: "ignore leading blanks" },
    checkHow: { long: "check", arg: "WHEN", optional: true, help: "check for sorted input; do not sort" },
    check: { short: "c", help: "check for sorted input; do not sort" },
    checkQuiet: { short: "C", help: "like -c, but do not report first bad line" },
    compress: { long: "compress-program", arg: "PROG", simulated: false },
    debug: { long: "debug", simulated: false },
    d: { short: "d", long: "dictionary-order", help: "consider only blanks and alphanumeric characters" },
    f: { short: "f", long: "ignore-case", help: "fold lower case to upper case characters" },
    files: { long: "files0-from", arg: "F", simulated: false },
    g: { short: "g", long: "general-numeric-sort", help: "compare according to general numerical value" },
    i: { short: "i", long: "ignore-nonprinting", help: "consider only printable characters" },
    key: { short: "k", long: "key", arg: "KEYDEF", help: "sort via a key; KEYDEF gives location and type" },
    merge: { short: "m", long: "merge", help: "merge already sorted files; do not sort" },
    M: { short: "M", long: "month-sort", help: "compare (unknown) < 'JAN' < ... < 'DEC'" },
    n: { short: "n", long: "numeric-sort", help: "compare according to string numerical value" },
    h: { short: "h", long: "human-numeric-sort", help: "compare human readable numbers (e.g., 2K 1G)" },
    V: { short: "V", long: "version-sort", help: "natural sort of (version) numbers within text" },
    R: { short: "R", long: "random-sort", help: "shuffle, but group identical keys" },
    source: { long: "random-source", arg: "FILE", simulated: false },
    how: { long: "sort", arg: "WORD", help: "sort according to WORD: general-numeric -g, human-numeric -h, month -M, numeric -n, random -R, version -V" }, // prettier-ignore
    output: { short: "o", long: "output", arg: "FILE", help: "write result to FILE instead of standard output" },
    r: { short: "r", long: "reverse", help: "reverse the result of comparisons" },
    stable: { short: "s", long: "stable", help: "stabilize sort by disabling last-resort comparison" },
    batch: { long: "batch-size", arg: "NMERGE", help: "(no effect: everything is merged at once)" },
    buffer: { short: "S", long: "buffer-size", arg: "SIZE", help: "(no effect: everything is sorted in memory)" },
    separator: {
      short: "t",
      long: "field-separator",
      arg: "SEP",
      help: "use SEP instead of non-blank to blank transition",
    },
    temporary: {
      short: "T",
      long: "temporary-directory",
      arg: "DIR",
      help: "(no effect: no temporary files are needed)",
    },
    parallel: { long: "parallel", arg: "N", help: "(no effect)" },
    unique: { short: "u", long: "unique", help: "with -c, check for strict ordering; without -c, output only the first of an equal run" }, // prettier-ignore
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
  },
  async run(call) {
    const rules = rulesOf(call);
    if (typeof rules === "string") return call.fail(rules);
    const checking = checkMode(call);
    const operands = call.operands.length > 0 ? call.operands : ["-"];
    const output = call.value("output");
    if (checking !== undefined && operands.length > 1)
      return call.fail(`extra operand ${shellQuote(operands[1]!)} not allowed with -${checking}`);
    if (checking !== undefined && output !== undefined) return call.fail(`options '-${checking}o' are incompatible`);
    const end = call.has("zero") ? "\0" : "\n";
    const files: { name: string; lines: Bytes[] }[] = [];
    for (const name of operands) {
      const lines = await readLines(call, name, end);
      if (typeof lines === "number") return lines;
      files.push({ name, lines });
    }
    if (checking !== undefined) return check(call, files[0]!, rules, checking === "c");
    const compare = comparator(rules);
    const plain = rules.keys.length === 0;
    const all = files.flatMap(({ lines }) => lines);
    if (call.process.spend(all.length / 2)) await call.process.pause();
    let sorted: Bytes[];
    if (call.has("merge"))
      sorted = merge(
        files.map(({ lines }) => lines.map((line) => prepare(line, rules))),
        compare,
      );
    else if (plain) {
      sorted = all.sort();
      if (rules.reverse) sorted.reverse();
    } else sorted = sortByKeys(all, rules, compare);
    if (call.has("unique")) sorted = withoutRepeats(sorted, rules);
    return write(call, sorted, end, output);
  },
});

function rulesOf(call: Call<string>): SortRules | string {
  let global: Ordering = PLAIN;
  for (const { flag } of call.options.given) if (flag.length === 1) global = withLetter(global, flag, "both")!;
  const how = call.value("how");
  if (how !== undefined) {
    const letters: Record<string, string> = {
      "general-numeric": "g",
      "human-numeric": "h",
      month: "M",
      numeric: "n",
      random: "R",
      version: "V",
    };
    if (letters[how] === undefined) return `invalid argument ${call.quote(how)} for ${call.quote("--sort")}`;
    global = withLetter(global, letters[how], "both")!;
  }
  const keys: Key[] = [];
  for (const text of call.options.values("key")) {
    const key = parseKey(text, global, (part) => call.quote(part));
    if (typeof key === "string") return key;
    keys.push(key);
  }
  if (keys.length === 0 && JSON.stringify({ ...global, reverse: false }) !== JSON.stringify(PLAIN))
    keys.push({ ...global, ...WHOLE_LINE });
  for (const key of keys) {
    const letters = incompatible(key);
    if (letters !== undefined) return `options '-${letters}' are incompatible`;
  }
  const given = call.value("separator");
  if (given === "") return "empty tab";
  const separator = given === "\\0" ? "\0" : given === undefined ? undefined : encode(given);
  if (separator !== undefined && separator.length > 1) return `multi-character tab ${call.quote(given!)}`;
  return {
    keys,
    separator,
    stable: call.has("stable") || call.has("unique"),
    reverse: global.reverse,
    salt: keys.some(({ order }) => order === "random") ? call.process.kernel.random.hex("sort", 16) : "",
  };
}

function checkMode(call: Call<string>): "c" | "C" | undefined {
  const flag = call.options.lastOf("check", "checkQuiet", "checkHow");
  if (flag === undefined) return undefined;
  if (flag === "checkHow") return ["quiet", "silent"].includes(call.value("checkHow") ?? "") ? "C" : "c";
  return flag === "check" ? "c" : "C";
}

async function readLines(call: Call<string>, name: string, end: string): Promise<Bytes[] | number> {
  const file = openOperand(call.process, name);
  if (file instanceof Errno) return call.fail(`cannot read: ${quoteIfNeeded(name)}: ${file.message}`);
  const lines: Bytes[] = [];
  let size = 0;
  try {
    for await (const block of blocks(call.process, file, call.out, end)) {
      size += block.length;
      if (size > call.process.kernel.limits.memory || !call.process.hold(size))
        return await call.fail("memory exhausted");
      for (const line of splitLines(block, end)) lines.push(line);
    }
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
    return call.fail(`read failed: ${quoteIfNeeded(name)}: ${error.message}`);
  }
  if (name !== "-") closeOperand(call.process, file);
  return lines;
}

function sortByKeys(lines: readonly Bytes[], rules: SortRules, compare: (a: Sortable, b: Sortable) => number): Bytes[] {
  return lines
    .map((line) => prepare(line, rules))
    .sort(compare)
    .map(({ line }) => line);
}

function merge(files: Sortable[][], compare: (a: Sortable, b: Sortable) => number): Bytes[] {
  const heads = files.map(() => 0);
  const out: Bytes[] = [];
  for (;;) {
    let best = -1;
    for (let file = 0; file < files.length; file++) {
      const candidate = files[file]![heads[file]!];
      if (candidate && (best < 0 || compare(candidate, files[best]![heads[best]!]!) < 0)) best = file;
    }
    if (best < 0) return out;
    out.push(files[best]![heads[best]!++]!.line);
  }
}

function withoutRepeats(sorted: readonly Bytes[], rules: SortRules): Bytes[] {
  if (rules.keys.length === 0) return sorted.filter((line, at) => at === 0 || line !== sorted[at - 1]);
  const out: Bytes[] = [];
  let last: Sortable | undefined;
  for (const line of sorted) {
    const next = prepare(line, rules);
    if (!last || compareKeys(last, next, rules.keys) !== 0) out.push(line);
    last = next;
  }
  return out;
}

async function check(
  call: Call<string>,
  { name, lines }: { name: string; lines: readonly Bytes[] },
  rules: SortRules,
  tell: boolean,
): Promise<number> {
  const compare = comparator(rules);
  const strict = call.has("unique");
  for (let at = 1; at < lines.length; at++) {
    const difference = compare(prepare(lines[at - 1]!, rules), prepare(lines[at]!, rules));
    if (strict ? difference < 0 : difference <= 0) continue;
    if (tell) await call.process.write(2, `${call.name}: ${encode(name)}:${at + 1}: disorder: ${lines[at]!}\n`);
    return 1;
  }
  return 0;
}

async function write(
  call: Call<string>,
  lines: readonly Bytes[],
  end: string,
  output: string | undefined,
): Promise<number> {
  if (output !== undefined) {
    const file: OpenFile | Errno = attempt(() =>
      open(call.process.host, output, { write: true, truncate: true }, call.process),
    );
    if (file instanceof Errno) return call.fail(`open failed: ${quoteIfNeeded(output)}: ${file.message}`);
    call.process.fds.set(1, file);
  }
  const PER_WRITE = 1_000;
  for (let at = 0; at < lines.length; at += PER_WRITE)
    await call.out.put(lines.slice(at, at + PER_WRITE).join(end) + end);
  return 0;
}
