import { attempt, Errno, open } from "../sim/host/index.ts";
import { encode, type Bytes } from "../sim/kernel/index.ts";
import { openOperand, readWhole, splitLines } from "./gnu/input.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const shuf = tool({
  name: "shuf",
  package: "coreutils",
  summary: "generate random permutations",
  usage: ["[OPTION]... [FILE]", "-e [OPTION]... [ARG]...", "-i LO-HI [OPTION]..."],
  about:
    "Write a random permutation of the input lines to standard output.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    echo: { short: "e", long: "echo", help: "treat each ARG as an input line" },
    range: { short: "i", long: "input-range", arg: "LO-HI", help: "treat each number LO through HI as an input line" },
    count: { short: "n", long: "head-count", arg: "COUNT", help: "output at most COUNT lines" },
    output: { short: "o", long: "output", arg: "FILE", help: "write result to FILE instead of standard output" },
    source: { long: "random-source", arg: "FILE", simulated: false },
    repeat: { short: "r", long: "repeat", help: "output lines can be repeated" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
  },
  async run(call) {
    const { process, operands } = call;
    const end = call.has("zero") ? "\0" : "\n";
    const range = call.value("range");
    let most = Infinity;
    for (const text of call.options.values("count")) {
      if (!/^\+?\d+$/.test(text)) return call.fail(`invalid line count: ${call.quote(text)}`);
      most = Math.min(most, Number(text));
    }
    if (range !== undefined && call.has("echo")) return call.usage("cannot combine -e and -i options");
    if (!call.has("echo") && operands.length > (range === undefined ? 1 : 0))
      return call.usage(`extra operand ${call.quote(operands[range === undefined ? 1 : 0]!)}`);
    const lines = call.has("echo")
      ? operands.map(encode)
      : range === undefined
        ? await fileLines(call, end)
        : rangeLines(call, range);
    if (typeof lines === "number") return lines;
    if (typeof lines === "string") return call.fail(lines);
    const output = call.value("output");
    if (output !== undefined) {
      const file = attempt(() => open(process.host, output, { write: true, truncate: true }, process));
      if (file instanceof Errno) return call.fail(`${quoteIfNeeded(output)}: ${file.message}`);
      process.fds.set(1, file);
    }
    const { random } = process.kernel;
    if (call.has("repeat")) {
      if (lines.length === 0 && most > 0) return call.fail("no lines to repeat");
      for (let count = 0; count < most; count++) {
        await call.out.put(lines[random.below("shuf", lines.length)]! + end);
        if (process.spend(1)) await process.pause();
      }
      return 0;
    }
    const count = Math.min(most, lines.length);
    for (let at = 0; at < count; at++) {
      const other = at + random.below("shuf", lines.length - at);
      [lines[at], lines[other]] = [lines[other]!, lines[at]!];
    }
    for (let at = 0; at < count; at += 1000)
      await call.out.put(
        lines
          .slice(at, Math.min(count, at + 1000))
          .map((line) => line + end)
          .join(""),
      );
    return 0;
  },
});

async function fileLines(call: Call<string>, end: string): Promise<Bytes[] | string | number> {
  const name = call.operands[0] ?? "-";
  const file = openOperand(call.process, name);
  if (file instanceof Errno) return `${quoteIfNeeded(name)}: ${file.message}`;
  return splitLines(await readWhole(call.process, file, call.out), end);
}

function rangeLines(call: Call<string>, range: string): Bytes[] | string {
  const match = /^(\d+)-(\d+)$/.exec(range);
  if (!match || Number(match[1]) > Number(match[2]) + 1) return `invalid input range: ${call.quote(range)}`;
  const [low, high] = [Number(match[1]), Number(match[2])];
  if (high - low > 1_000_000) return "memory exhausted";
  return Array.from({ length: high - low + 1 }, (_, at) => String(low + at));
}
