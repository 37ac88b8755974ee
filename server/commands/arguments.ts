import { UsageError } from "./usage.ts";

/** How options of a command are read: a flag, one value, or one value each time. */
export type OptionKind = "flag" | "value" | "repeat";

/** An option as it stood on the command line, in order. */
export interface GivenOption {
  readonly name: string;
  readonly value: string;
}

/** Options and operands of a `drydock` command: `--name value`, `--name=value`, `-c value`. */
export class Arguments {
  readonly options: readonly GivenOption[];
  readonly operands: readonly string[];

  constructor(command: string, args: readonly string[], known: Readonly<Record<string, OptionKind>>) {
    const options: GivenOption[] = [];
    const operands: string[] = [];
    for (let at = 0; at < args.length; at++) {
      const arg = args[at]!;
      if (!arg.startsWith("-") || arg === "-") {
        operands.push(arg);
        continue;
      }
      if (arg === "--") {
        operands.push(...args.slice(at + 1));
        break;
      }
      const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
      const name = equals < 0 ? arg : arg.slice(0, equals);
      const kind = Object.hasOwn(known, name) ? known[name] : undefined;
      if (!kind)
        throw new UsageError(`${command}: unknown option '${name}'; there are ${Object.keys(known).join(", ")}`);
      if (kind === "flag") {
        if (equals >= 0) throw new UsageError(`${command}: option '${name}' takes no value`);
        options.push({ name, value: "" });
        continue;
      }
      const value = equals < 0 ? args[++at] : arg.slice(equals + 1);
      if (value === undefined) throw new UsageError(`${command}: option '${name}' needs a value`);
      if (kind === "value" && options.some((option) => option.name === name))
        throw new UsageError(`${command}: option '${name}' is given twice`);
      options.push({ name, value });
    }
    this.options = options;
    this.operands = operands;
  }

  has(name: string): boolean {
    return this.options.some((option) => option.name === name);
  }

  value(name: string): string | undefined {
    return this.options.find((option) => option.name === name)?.value;
  }

  /** A number of at least `low`; `fallback` if the option is absent. */
  number(name: string, fallback: number, low = 0): number {
    const text = this.value(name);
    if (text === undefined) return fallback;
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number) || number < low)
      throw new UsageError(`option '${name}' takes a number from ${low} on, not '${text}'`);
    return number;
  }
}
