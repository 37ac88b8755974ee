/** A flag of a crictl command (urfave/cli v2). */
export interface CliFlag {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly type: "bool" | "string" | "int" | "duration" | "strings";
  readonly default?: string;
  /** False: the real program has it, ours says that it does not. */
  readonly simulated?: false;
}

/** What was given. */
export class CliArguments {
  readonly operands: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;
  readonly #flags: readonly CliFlag[];

  constructor(flags: readonly CliFlag[], given: ReadonlyMap<string, readonly string[]>, operands: readonly string[]) {
    this.#flags = flags;
    this.#given = given;
    this.operands = operands;
  }

  isSet(name: string): boolean {
    return this.#given.has(name);
  }

  bool(name: string): boolean {
    return (this.#given.get(name)?.at(-1) ?? "false") === "true";
  }

  string(name: string): string {
    return this.#given.get(name)?.at(-1) ?? this.#flags.find((flag) => flag.name === name)?.default ?? "";
  }

  int(name: string): number {
    return Number(this.string(name) || "0");
  }

  strings(name: string): readonly string[] {
    return this.#given.get(name) ?? [];
  }
}

export type CliProblem = { readonly problem: string } | { readonly notSimulated: string };

const BOOLEANS: Readonly<Record<string, string>> = {
  "1": "true", t: "true", T: "true", true: "true", TRUE: "true", True: "true",
  "0": "false", f: "false", F: "false", false: "false", FALSE: "false", False: "false",
}; // prettier-ignore

/**
 * Reads arguments as Go's flag package does: flags stand before the first operand, with one dash or two, and `-name=value` or
 * `-name value`. With `short`, letters of one word are flags of their own (UseShortOptionHandling).
 */
export function parseCli(
  flags: readonly CliFlag[],
  args: readonly string[],
  short = true,
): CliArguments | CliProblem | "help" {
  const given = new Map<string, string[]>();
  const find = (name: string): CliFlag | undefined =>
    flags.find((flag) => flag.name === name || flag.aliases?.includes(name));
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at]!;
    if (word === "--") {
      at++;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    const [name = "", inline] = word.replace(/^--?/, "").split(/=(.*)/s);
    if (name === "" || name.startsWith("-")) return { problem: `bad flag syntax: ${word}` };
    const known = find(name);
    if (!known && (name === "h" || name === "help")) return "help";
    const cluster = short && !known && !word.startsWith("--") && inline === undefined && name.length > 1;
    for (const part of cluster ? Array.from(name) : [name]) {
      const flag = find(part);
      if (!flag) return { problem: `flag provided but not defined: -${cluster ? name : part}` };
      if (flag.simulated === false) return { notSimulated: `--${flag.name}` };
      let value: string;
      if (flag.type === "bool") {
        const parsed = BOOLEANS[inline ?? "true"];
        if (parsed === undefined)
          return { problem: `invalid boolean value ${JSON.stringify(inline)} for -${part}: parse error` };
        value = parsed;
      } else {
        const next = inline ?? args[++at];
        if (next === undefined) return { problem: `flag needs an argument: -${part}` };
        if (flag.type === "int" && !/^[+-]?\d+$/.test(next))
          return { problem: `invalid value ${JSON.stringify(next)} for flag -${part}: parse error` };
        value = next;
      }
      const values = flag.type === "strings" ? value.split(",") : [value];
      given.set(flag.name, flag.type === "strings" ? [...(given.get(flag.name) ?? []), ...values] : values);
    }
  }
  return new CliArguments(flags, given, args.slice(at));
}

export interface CliHelp {
  /** `crictl ps` */
  readonly name: string;
  readonly usage: string;
  readonly argsUsage?: string;
  readonly description?: string;
  readonly flags: readonly CliFlag[];
}

/** What `--help` shows for a command (urfave/cli v2 CommandHelpTemplate). */
export function commandHelp({ name, usage, argsUsage, description, flags }: CliHelp): string {
  const words = argsUsage === undefined ? "" : ` ${argsUsage}`;
  const about = description === undefined ? "" : `DESCRIPTION:\n${indented(description)}\n\n`;
  return `NAME:\n   ${name} - ${usage}\n\nUSAGE:\n   ${name} [command options]${words}\n\n${about}OPTIONS:\n${flagLines(flags)}`;
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `   ${line}`)
    .join("\n");
}

/** Flags by name, `--help` last. */
export function flagLines(flags: readonly CliFlag[]): string {
  const sorted = flags.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const all: CliFlag[] = [...sorted, { name: "help", aliases: ["h"], usage: "show help", type: "bool" }];
  const heads = all.map(({ name, aliases = [], type }) => {
    const words = [name, ...aliases].map(
      (word) => `${word.length === 1 ? "-" : "--"}${word}${type === "bool" ? "" : " value"}`,
    );
    const many = type === "strings" ? ` [ ${words.join(", ")} ]` : "";
    return `${words.join(", ")}${many}`;
  });
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  return all.map((flag, index) => `   ${heads[index]!.padEnd(width)}${flag.usage}${defaultOf(flag)}\n`).join("");
}

function defaultOf({ name, type, default: value }: CliFlag): string {
  if (name === "help") return "";
  if (type === "bool") return " (default: false)";
  if (value === undefined) return type === "int" ? " (default: 0)" : "";
  return ` (default: ${type === "string" ? JSON.stringify(value) : value})`;
}
