import type { Call } from "./call.ts";

/**
 * What an option takes, as OpenSSL's apps/include/opt.h has it: nothing, a string, a file to read or write, a number
 * (any, positive, not negative, of 64 bits), PEM or DER, or any format of keys.
 */
export type ValueType = "-" | "s" | "<" | ">" | "n" | "p" | "N" | "M" | "f" | "F";

export interface OptionSpec {
  readonly name: string;
  readonly type: ValueType;
  readonly help: string;
}

/** One of openssl's programs: `x509`, `req`, … */
export interface Command {
  readonly name: string;
  /**
   * A line each: `name type words`. Lines without indentation are headings of `-help`; `*` stands for any other option,
   * which then names a digest or a cipher; `(x)` describes an operand.
   */
  readonly options: string;
  /** Behind `Usage: NAME [options]`. */
  readonly operands?: string;
  run(call: Call): Promise<number>;
}

export interface OptionTable {
  readonly byName: ReadonlyMap<string, OptionSpec>;
  readonly takesOthers: boolean;
}

const tables = new WeakMap<Command, OptionTable>();

export function optionTable(command: Command): OptionTable {
  let table = tables.get(command);
  if (!table) {
    const specs = command.options
      .split("\n")
      .filter((line) => line.startsWith(" ") && !line.trim().startsWith("("))
      .map((line): OptionSpec => {
        const [, name, type, help] = /^ +(\S+) (\S+) ?(.*)$/.exec(line)!;
        return { name: name!, type: type as ValueType, help: help! };
      });
    table = {
      byName: new Map(specs.map((spec) => [spec.name, spec])),
      takesOthers: specs.some(({ name }) => name === "*"),
    };
    tables.set(command, table);
  }
  return table;
}

/** How `-help` calls what an option takes. */
const VALUES: Readonly<Record<ValueType, string>> = {
  "-": "",
  s: " val",
  "<": " infile",
  ">": " outfile",
  n: " int",
  p: " +int",
  N: " nonneg",
  M: " intmax",
  f: " format",
  F: " PEM|DER|ENGINE",
};

/** `-help`: the layout of opt_help, the words are ours. */
export function helpText(command: Command): string {
  const lines = [`Usage: ${command.name} [options]${command.operands === undefined ? "" : ` ${command.operands}`}`];
  for (const line of command.options.split("\n")) {
    if (!line.startsWith(" ")) {
      lines.push("", line);
      continue;
    }
    const operand = /^ +\((\S+)\) ?(.*)$/.exec(line);
    const [, name, type, help] = operand
      ? [undefined, operand[1]!, "-", operand[2]!]
      : /^ +(\S+) (\S+) ?(.*)$/.exec(line)!;
    const left = operand ? ` ${name}` : ` -${name}${VALUES[type as ValueType]}`;
    lines.push(left.length > 27 ? `${left}\n${" ".repeat(28)}${help}` : `${left.padEnd(28)}${help}`);
  }
  return `${lines.join("\n")}\n`;
}
