import { parseGoDuration } from "../go/duration.ts";

/** A flag of one of agnhost's commands, as spf13/pflag reads it. */
export interface CobraFlag {
  readonly name: string;
  readonly type: "string" | "int" | "bool" | "duration";
  readonly value: string;
}

export type CobraArguments =
  | { readonly values: Readonly<Record<string, string>>; readonly args: readonly string[] }
  | { readonly error: string };

/** klog's flags are taken everywhere; nothing that they change is seen here. */
const LOGGING = new Set([
  "add_dir_header",
  "alsologtostderr",
  "log_backtrace_at",
  "log_dir",
  "log_file",
  "log_file_max_size",
  "logtostderr",
  "one_output",
  "skip_headers",
  "skip_log_headers",
  "stderrthreshold",
  "v",
  "vmodule",
]);

/** `--name value`, `--name=value`, `--bool`; flags and arguments may be mixed. */
export function parseCobra(flags: readonly CobraFlag[], words: readonly string[]): CobraArguments {
  const values: Record<string, string> = Object.fromEntries(flags.map((flag) => [flag.name, flag.value]));
  const args: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      args.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      args.push(word);
      continue;
    }
    if (!word.startsWith("--") && !word.startsWith("-v"))
      return { error: `unknown shorthand flag: '${word[1]!}' in ${word}` };
    const [, name, inline] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) as unknown as [string, string, string | undefined];
    const flag = flags.find((other) => other.name === name);
    if (!flag && !LOGGING.has(name)) return { error: `unknown flag: --${name}` };
    const value =
      inline ?? (flag?.type === "bool" || /to?stderr|headers?$|one_output/.test(name) ? "true" : words[++at]);
    if (value === undefined) return { error: `flag needs an argument: --${name}` };
    if (!flag) continue;
    const problem = invalid(flag, value);
    if (problem !== undefined)
      return { error: `invalid argument ${JSON.stringify(value)} for "--${name}" flag: ${problem}` };
    values[name] = value;
  }
  return { values, args };
}

function invalid({ type }: CobraFlag, value: string): string | undefined {
  const quoted = JSON.stringify(value);
  if (type === "int" && !/^[-+]?\d+$/.test(value)) return `strconv.ParseInt: parsing ${quoted}: invalid syntax`;
  if (type === "bool" && !/^(?:1|0|[tTfF]|true|false|TRUE|FALSE|True|False)$/.test(value))
    return `strconv.ParseBool: parsing ${quoted}: invalid syntax`;
  if (type === "duration" && parseGoDuration(value) === undefined) return `time: invalid duration ${quoted}`;
  return undefined;
}
