import { encode } from "../sim/kernel/index.ts";
import { formatFloat, readDirective } from "./gnu/c-format.ts";
import { worked } from "./gnu/input.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const seq = tool({
  name: "seq",
  package: "coreutils",
  summary: "print a sequence of numbers",
  usage: ["[OPTION]... LAST", "[OPTION]... FIRST LAST", "[OPTION]... FIRST INCREMENT LAST"],
  about: "Print numbers from FIRST to LAST, in steps of INCREMENT.",
  stopAtOperand: true,
  flags: {
    format: { short: "f", long: "format", arg: "FORMAT", help: "use printf style floating-point FORMAT" },
    separator: { short: "s", long: "separator", arg: "STRING", help: "use STRING to separate numbers (default: \\n)" },
    equalWidth: { short: "w", long: "equal-width", help: "equalize width by padding with leading zeroes" },
  },
  // Negative numbers are no options.
  rewrite(args) {
    const isValue = (at: number): boolean => /^-[sf]$|^--(?:sep|f)[a-z]*$/.test(args[at - 1] ?? "");
    const at = args.findIndex((arg, index) => !isValue(index) && (!arg.startsWith("-") || /^--$|^-\.?\d/.test(arg)));
    return at < 0 || args[at] === "--" ? args : [...args.slice(0, at), "--", ...args.slice(at)];
  },
  async run(call) {
    const { operands } = call;
    if (operands.length === 0) return call.usage("missing operand");
    if (operands.length > 3) return call.usage(`extra operand ${call.quote(operands[3]!)}`);
    const numbers: Decimal[] = [];
    for (const operand of operands) {
      const number = parseDecimal(operand);
      if (!number)
        return call.usage(
          `invalid ${/^[-+]?nan$/i.test(operand) ? call.quote("not-a-number") : "floating point"} argument: ${call.quote(operand)}`,
        );
      numbers.push(number);
    }
    const last = numbers.at(-1)!;
    const first = numbers.length > 1 ? numbers[0]! : ONE;
    const step = numbers.length > 2 ? numbers[1]! : ONE;
    if (step.value === 0) return call.usage(`invalid Zero increment value: ${call.quote(operands[1]!)}`);
    const format = call.value("format");
    if (format !== undefined) {
      const problem = checkFormat(format, call);
      if (problem !== undefined) return call.fail(problem);
      if (call.has("equalWidth"))
        return call.usage("format string may not be specified when printing equal width strings");
    }
    await print(call, sequence(first, step, last, { format, equalWidth: call.has("equalWidth") }));
    return 0;
  },
});

/** A number as it was written: its value and how many digits stand after the point (undefined with an exponent or `inf`). */
interface Decimal {
  readonly value: number;
  readonly digits: number | undefined;
  readonly width: number;
}

const ONE: Decimal = { value: 1, digits: 0, width: 1 };

function parseDecimal(text: string): Decimal | undefined {
  const match = /^\s*([-+]?)(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.exec(text);
  if (match) {
    const digits = match[3] === undefined ? (match[2]!.split(".")[1] ?? "").length : undefined;
    return { value: Number(text), digits, width: text.trim().replace(/^\+/, "").length };
  }
  const hex = /^([-+]?)(0x[\da-f]+)$/i.exec(text);
  if (hex) return { value: Number(hex[2]) * (hex[1] === "-" ? -1 : 1), digits: 0, width: text.length };
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(text);
  return infinite ? { value: infinite[1] === "-" ? -Infinity : Infinity, digits: 0, width: 3 } : undefined;
}

function checkFormat(format: string, call: Call): string | undefined {
  const directives = [...format.matchAll(/%%|%/g)].filter(([match]) => match === "%");
  if (directives.length === 0) return `format ${call.quote(format)} has no % directive`;
  const directive = readDirective(format.slice(directives[0]!.index));
  if (
    !directive ||
    directive.width === "*" ||
    directive.precision === "*" ||
    !/[efgaEFGA]/.test(directive.conversion)
  ) {
    const unknown = /^%[-+ #0']*\d*(?:\.\d*)?L?(.?)/.exec(format.slice(directives[0]!.index))![1]!;
    return unknown === ""
      ? `format ${call.quote(format)} ends in %`
      : `format ${call.quote(format)} has unknown %${unknown} directive`;
  }
  return directives.length > 1 ? `format ${call.quote(format)} has too many % directives` : undefined;
}

/** The numbers as text. Decimals are counted in whole units of their last digit, so that nothing is rounded. */
function* sequence(
  first: Decimal,
  step: Decimal,
  last: Decimal,
  { format, equalWidth }: { format: string | undefined; equalWidth: boolean },
): Generator<string> {
  const known = first.digits !== undefined && step.digits !== undefined;
  const digits = known ? Math.max(first.digits, step.digits) : undefined;
  const scale = 10 ** Math.max(digits ?? 0, last.digits ?? 0);
  const exact = digits !== undefined && last.digits !== undefined;
  const [from, by] = exact
    ? [Math.round(first.value * scale), Math.round(step.value * scale)]
    : [first.value, step.value];
  const to = exact ? Math.round(last.value * scale) : last.value;
  const text = (at: number): string => {
    const value = exact ? (from + at * by) / scale : first.value + at * step.value;
    if (format !== undefined) return formatted(format, value);
    return digits === undefined ? formatFloat(value, "g", { flags: "" }) : value.toFixed(digits);
  };
  const count = Math.floor((to - from) / by + (exact ? 0 : 1e-10)) + 1;
  const padded = equalWidth && digits !== undefined && Number.isFinite(count) && count > 0;
  const width = padded ? Math.max(widthOf(first, digits), widthOf(last, digits), text(0).length) : 0;
  for (let at = 0; at < count; at++) {
    const number = text(at);
    if (!padded) yield number;
    else yield number.startsWith("-") ? `-${number.slice(1).padStart(width - 1, "0")}` : number.padStart(width, "0");
  }
}

function widthOf({ value, width, digits }: Decimal, wanted: number): number {
  const whole = digits === undefined ? value.toFixed(0).length : digits > 0 ? width - digits - 1 : width;
  return whole + (wanted > 0 ? wanted + 1 : 0);
}

function formatted(format: string, value: number): string {
  return format.replace(/%%|%[^%]*/g, (part) => {
    if (part === "%%") return "%";
    const directive = readDirective(part)!;
    const { flags, width, precision, conversion, text } = directive;
    return (
      formatFloat(value, conversion, { flags, width: width as number, precision: precision as number }) +
      part.slice(text.length)
    );
  });
}

async function print(call: Call, numbers: Generator<string>): Promise<void> {
  const separator = encode(call.value("separator") ?? "\n");
  let out = "";
  let any = false;
  for (const number of numbers) {
    out += any ? separator + number : number;
    any = true;
    if (out.length < 16_384) continue;
    await call.out.put(out);
    await worked(call.process, out.length * 20);
    out = "";
  }
  await call.out.put(any ? `${out}\n` : out);
}
