/** Command line flags as Go's package flag reads them: `-name=value`, `--name value`, `-bool`. */

export interface GoFlag {
  readonly name: string;
  readonly type: "string" | "int" | "bool";
  readonly value: string;
  readonly usage: string;
}

export type GoFlags =
  | { readonly values: Readonly<Record<string, string>>; readonly args: readonly string[] }
  /** What is printed on standard error, and the exit code. */
  | { readonly lines: readonly string[]; readonly code: number };

/** flag.Parse of a command line with ExitOnError. `program` is argv[0]. */
export function parseGoFlags(program: string, flags: readonly GoFlag[], words: readonly string[]): GoFlags {
  const values: Record<string, string> = Object.fromEntries(flags.map((flag) => [flag.name, flag.value]));
  const failed = (message: string): GoFlags => ({ lines: [message, ...usage(program, flags)], code: 2 });
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word.length < 2 || !word.startsWith("-")) break;
    if (word === "--") {
      at++;
      break;
    }
    const [, dashes, name, value] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) as unknown as [
      string,
      string,
      string,
      string?,
    ];
    if (name === "" || name.startsWith("-")) return failed(`bad flag syntax: ${word}`);
    const flag = flags.find((other) => other.name === name);
    if (!flag) {
      if (name === "help" || name === "h") return { lines: usage(program, flags), code: 0 };
      return failed(`flag provided but not defined: -${name}`);
    }
    void dashes;
    const given = value ?? (flag.type === "bool" ? "true" : words[++at]);
    if (given === undefined) return failed(`flag needs an argument: -${name}`);
    const problem = invalid(flag, given);
    if (problem) return failed(problem);
    values[name] = flag.type === "bool" ? String(isTrue(given)) : given;
  }
  return { values, args: words.slice(at) };
}

function invalid({ name, type }: GoFlag, value: string): string | undefined {
  if (type === "int" && !/^[-+]?(?:\d+|0x[0-9a-f]+)$/i.test(value))
    return `invalid value ${JSON.stringify(value)} for flag -${name}: parse error`;
  if (type === "bool" && !/^(?:1|0|[tTfF]|true|false|TRUE|FALSE|True|False)$/.test(value))
    return `invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`;
  return undefined;
}

function isTrue(value: string): boolean {
  return /^(?:1|[tT]|true|TRUE|True)$/.test(value);
}

/** flag.PrintDefaults, sorted by name. */
function usage(program: string, flags: readonly GoFlag[]): string[] {
  const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    `Usage of ${program}:`,
    ...sorted.flatMap(({ name, type, value, usage: words }) => {
      const kind = type === "bool" ? "" : ` ${type}`;
      const zero = { string: "", int: "0", bool: "false" }[type];
      const shown = type === "string" ? JSON.stringify(value) : value;
      return [`  -${name}${kind}`, `    \t${words}${value === zero ? "" : ` (default ${shown})`}`];
    }),
  ];
}
