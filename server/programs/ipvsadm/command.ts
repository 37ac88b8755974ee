/** Commands and options in the order in which ipvsadm.c (v1.29, kernel.org; v1.31 has the same) names them. */
const COMMANDS = [
  "add-service", "edit-service", "delete-service", "flush", "list", "add-server", "delete-server", "edit-server", "set",
  "start-daemon", "stop-daemon", "restore", "save", "zero",
] as const; // prettier-ignore

const OPTIONS = [
  "numeric", "connection", "service-address", "scheduler", "persistent", "netmask", "real-server", "forwarding-method",
  "weight", "u-threshold", "l-threshold", "mcast-interface", "timeout", "daemon", "stats", "rate", "thresholds",
  "persistent-conn", "nosort", "syncid", "exact", "ops",
] as const; // prettier-ignore

export type CommandName = (typeof COMMANDS)[number];
export type OptionName = (typeof OPTIONS)[number];

/** Which options go with a command: `+` must be there, `x` must not, `1` only one of them (commands_v_options). */
const TABLE: Readonly<Record<CommandName, string>> = {
  "add-service": "xx+   xxxxxxxxxxxxxxx ",
  "edit-service": "xx+   xxxxxxxxxxxxxxx ",
  "delete-service": "xx+xxxxxxxxxxxxxxxxxxx",
  flush: "xxxxxxxxxxxxxxxxxxxxxx",
  list: " 11xxxxxxxxx11       x",
  "add-server": "xx+xxx+    xxxxxxxxxxx",
  "delete-server": "xx+xxx+xxxxxxxxxxxxxxx",
  "edit-server": "xx+xxx+    xxxxxxxxxxx",
  set: "xxxxxxxxxxxxxxxxxxxxxx",
  "start-daemon": "xxxxxxxxxxx xxxxxxx xx",
  "stop-daemon": "xxxxxxxxxxxxxxxxxxx xx",
  restore: "xxxxxxxxxxxxxxxxxxxxxx",
  save: " xxxxxxxxxxxxxxxxxxxxx",
  zero: "xx xxxxxxxxxxxxxxxxxxx",
};

const COMMAND_FLAGS: Readonly<Record<string, CommandName | "help" | "version">> = {
  "-A": "add-service", "--add-service": "add-service", "-E": "edit-service", "--edit-service": "edit-service",
  "-D": "delete-service", "--delete-service": "delete-service", "-C": "flush", "--clear": "flush", "-L": "list",
  "-l": "list", "--list": "list", "-Z": "zero", "--zero": "zero", "-a": "add-server", "--add-server": "add-server",
  "-e": "edit-server", "--edit-server": "edit-server", "-d": "delete-server", "--delete-server": "delete-server",
  "--set": "set", "-R": "restore", "--restore": "restore", "-S": "save", "--save": "save",
  "--start-daemon": "start-daemon", "--stop-daemon": "stop-daemon", "-h": "help", "--help": "help", "-v": "version",
  "--version": "version",
}; // prettier-ignore

interface FlagSpec {
  readonly option: OptionName;
  readonly value?: "must" | "may";
}

const OPTION_FLAGS: Readonly<Record<string, FlagSpec>> = {
  "-t": { option: "service-address", value: "must" },
  "-u": { option: "service-address", value: "must" },
  "-f": { option: "service-address", value: "must" },
  "-s": { option: "scheduler", value: "must" },
  "-p": { option: "persistent", value: "may" },
  "-M": { option: "netmask", value: "must" },
  "-r": { option: "real-server", value: "must" },
  "-m": { option: "forwarding-method" },
  "-i": { option: "forwarding-method" },
  "-g": { option: "forwarding-method" },
  "-w": { option: "weight", value: "must" },
  "-x": { option: "u-threshold", value: "must" },
  "-y": { option: "l-threshold", value: "must" },
  "-n": { option: "numeric" },
  "-c": { option: "connection" },
  "-X": { option: "exact" },
  "-o": { option: "ops" },
  "--timeout": { option: "timeout" },
  "--daemon": { option: "daemon" },
  "--stats": { option: "stats" },
  "--rate": { option: "rate" },
  "--thresholds": { option: "thresholds" },
  "--persistent-conn": { option: "persistent-conn" },
  "--nosort": { option: "nosort" },
  "--mcast-interface": { option: "mcast-interface", value: "must" },
  "--syncid": { option: "syncid", value: "must" },
};

const LONG: Readonly<Record<string, string>> = {
  "--tcp-service": "-t", "--udp-service": "-u", "--fwmark-service": "-f", "--scheduler": "-s", "--persistent": "-p",
  "--netmask": "-M", "--real-server": "-r", "--masquerading": "-m", "--ipip": "-i", "--gatewaying": "-g",
  "--weight": "-w", "--u-threshold": "-x", "--l-threshold": "-y", "--numeric": "-n", "--connection": "-c",
  "--exact": "-X", "--ops": "-o", "--ipv6": "-6",
}; // prettier-ignore

export interface Given {
  /** As a short option or, where there is none, the long one. */
  readonly flag: string;
  readonly value?: string;
}

export interface Command {
  readonly name: CommandName | "help" | "version";
  readonly options: ReadonlyMap<OptionName, Given>;
  readonly six: boolean;
  readonly operands: readonly string[];
}

/** What is refused while options are read; the status is that of `fail` (2) or of tryhelp_exit (-1). */
export interface Refusal {
  readonly text: string;
  readonly status: number;
}

export const TRY_HELP: Refusal = {
  text: "Try `ipvsadm -h' or 'ipvsadm --help' for more information.",
  status: 255,
};

function fail(text: string): Refusal {
  return { text, status: 2 };
}

export function isRefusal(value: Command | Refusal): value is Refusal {
  return "text" in value;
}

/** Reads words as popt does: the first option is the command. */
export function readCommand(args: readonly string[]): Command | Refusal {
  const words = takeApart(args);
  const [first, ...rest] = words;
  const name = first === undefined ? undefined : COMMAND_FLAGS[first];
  if (name === undefined) return TRY_HELP;
  const options = new Map<OptionName, Given>();
  const operands: string[] = [];
  let six = false;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!;
    if (!/^-./.test(word)) {
      operands.push(word);
      continue;
    }
    const flag = LONG[word] ?? word;
    if (flag === "-6") {
      six = true;
      continue;
    }
    if (flag === "--sort") continue;
    if (COMMAND_FLAGS[flag]) return fail(`invalid option \`${word}'`);
    const spec = OPTION_FLAGS[flag];
    if (!spec) return { text: `${word}: unknown option`, status: 255 };
    const next = rest[at + 1];
    const takes = spec.value === "must" || (spec.value === "may" && next !== undefined && !next.startsWith("-"));
    if (takes && next === undefined) return { text: `${word}: missing argument`, status: 255 };
    if (takes) at++;
    if (options.has(spec.option)) return fail(`multiple '${spec.option}' options specified`);
    options.set(spec.option, { flag, ...(takes ? { value: next! } : {}) });
  }
  if (name !== "set" && operands.length > 0 && name !== "start-daemon" && name !== "stop-daemon")
    return fail(`unexpected argument ${operands[0]!}`);
  const command: Command = { name, options, six, operands };
  return name === "help" || name === "version" ? command : (checkOptions(name, options) ?? command);
}

/** `-Ln` and `-t10.0.0.1:80` become words of their own. */
function takeApart(args: readonly string[]): string[] {
  const words: string[] = [];
  for (const word of args) {
    const equals = /^(--[a-z-]+)=(.*)$/.exec(word);
    if (equals) words.push(equals[1]!, equals[2]!);
    else if (/^-[A-Za-z0-9]./.test(word)) {
      for (let at = 1; at < word.length; at++) {
        const flag = `-${word[at]!}`;
        words.push(flag);
        if (OPTION_FLAGS[flag]?.value && at + 1 < word.length) {
          words.push(word.slice(at + 1));
          break;
        }
      }
    } else words.push(word);
  }
  return words;
}

function checkOptions(name: CommandName, options: ReadonlyMap<OptionName, Given>): Refusal | undefined {
  let alone: OptionName | undefined;
  for (const [at, option] of OPTIONS.entries()) {
    const rule = TABLE[name][at]!;
    if (!options.has(option)) {
      if (rule === "+") return fail(`You need to supply the '${option}' option for the '${name}' command`);
      continue;
    }
    if (rule === "x") return fail(`Illegal '${option}' option with the '${name}' command`);
    if (rule !== "1") continue;
    if (alone !== undefined)
      return fail(`The option '${option}' conflicts with the '${alone}' option in the '${name}' command`);
    alone = option;
  }
  return undefined;
}
