/** What a flag of a component takes. `unsimulated`: the real program has it, this one does not. */
export type FlagKind = "string" | "list" | "bool" | "number" | "duration" | "unsimulated";

export type FlagTable = Readonly<Record<string, FlagKind>>;

export type Flags = ReadonlyMap<string, string>;

/** Why a command line is refused: the component's own words, or a flag that is not simulated. */
export type FlagProblem = { readonly error: string } | { readonly unsimulated: string };

/** Reads a command line as pflag does: `--name=value`, `--name value`, `--bool`; the last of several counts, lists add up. */
export function parseFlags(args: readonly string[], table: FlagTable): Flags | FlagProblem {
  const flags = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (!arg.startsWith("--"))
      return {
        error: arg.startsWith("-") ? `unknown shorthand flag: '${arg[1] ?? ""}' in ${arg}` : `unknown command "${arg}"`,
      };
    const equals = arg.indexOf("=");
    const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
    const kind = Object.hasOwn(table, name) ? table[name]! : undefined;
    if (kind === undefined) return { error: `unknown flag: --${name}` };
    if (kind === "unsimulated") return { unsimulated: `--${name}` };
    let value = equals < 0 ? undefined : arg.slice(equals + 1);
    if (value === undefined && kind === "bool") value = "true";
    value ??= args[++at];
    if (value === undefined) return { error: `flag needs an argument: --${name}` };
    const wrong = problemOf(kind, value);
    if (wrong !== undefined) return { error: `invalid argument "${value}" for "--${name}" flag: ${wrong}` };
    flags.set(name, kind === "list" && flags.has(name) ? `${flags.get(name)},${value}` : value);
  }
  return flags;
}

export function isFlagProblem(flags: Flags | FlagProblem): flags is FlagProblem {
  return "error" in flags || "unsimulated" in flags;
}

/** The elements of a list flag. */
export function listFlag(flags: Flags, name: string): string[] {
  return (flags.get(name) ?? "").split(",").filter((part) => part !== "");
}

function problemOf(kind: FlagKind, value: string): string | undefined {
  if (kind === "bool" && !/^(1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(value))
    return `strconv.ParseBool: parsing "${value}": invalid syntax`;
  if (kind === "number" && !/^[+-]?\d+$/.test(value)) return `strconv.ParseInt: parsing "${value}": invalid syntax`;
  if (kind === "duration" && !/^([+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$|^0$/.test(value))
    return `time: invalid duration "${value}"`;
  return undefined;
}
