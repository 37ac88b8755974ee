import {
  isSetOption,
  isShoptOption,
  setOptionByLetter,
  type SetOption,
  type ShoptOption,
} from "../interpreter/options.ts";
import type { Dialect } from "../interpreter/dialect.ts";

/** How a shell was called. */
export interface Invocation {
  readonly login: boolean;
  readonly interactive: boolean;
  /** `-c`: the first argument is the command. */
  readonly command: boolean;
  /** `-s`: commands come from standard input although there are arguments. */
  readonly standardInput: boolean;
  readonly readRc: boolean;
  readonly readProfile: boolean;
  readonly rcFile: string | undefined;
  readonly set: readonly (readonly [SetOption, boolean])[];
  readonly shopt: readonly (readonly [ShoptOption, boolean])[];
  readonly rest: readonly string[];
  readonly action: "run" | "version" | "help";
}

/** What is wrong with the arguments: the words behind the shell's name, and whether the usage follows. */
export interface InvocationFault {
  readonly words: string;
  readonly usage: boolean;
}

const LONG = new Set([
  "debug", "debugger", "dump-po-strings", "dump-strings", "help", "init-file", "login", "noediting", "noprofile",
  "norc", "posix", "pretty-print", "rcfile", "restricted", "verbose", "version",
]); // prettier-ignore

/** Reads the arguments of a shell, without its name. */
export function readInvocation(name: string, args: readonly string[], dialect: Dialect): Invocation | InvocationFault {
  const state = {
    login: name.startsWith("-"),
    interactive: false,
    command: false,
    standardInput: false,
    readRc: true,
    readProfile: true,
    rcFile: undefined as string | undefined,
    set: [] as [SetOption, boolean][],
    shopt: [] as [ShoptOption, boolean][],
    action: "run" as Invocation["action"],
  };
  let at = 0;
  const longest = dialect.name === "bash" ? args.length : 0;
  for (; at < longest; at++) {
    const long = /^--?([a-z-]+)$/.exec(args[at]!)?.[1];
    if (long === undefined || !LONG.has(long)) break;
    if (long === "login") state.login = true;
    else if (long === "norc") state.readRc = false;
    else if (long === "noprofile") state.readProfile = false;
    else if (long === "posix") state.set.push(["posix", true]);
    else if (long === "verbose") state.set.push(["verbose", true]);
    else if (long === "version" || long === "help") state.action = long;
    else if (long === "rcfile" || long === "init-file") {
      state.rcFile = args[++at];
      if (state.rcFile === undefined) return { words: `${args[at - 1]!}: option requires an argument`, usage: false };
    }
  }
  const firstShort = at;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--" || arg === "-") {
      at++;
      break;
    }
    if (!/^[-+]./.test(arg)) break;
    // busybox's shell passes over long options that it does not know (shell/ash.c plus_minus_o, options).
    if (arg.startsWith("--") && dialect.name === "ash") {
      if (arg === "--login") state.login = true;
      continue;
    }
    if (arg.startsWith("--")) return { words: `${at === firstShort ? arg : "--"}: invalid option`, usage: true };
    const on = arg.startsWith("-");
    for (const letter of arg.slice(1)) {
      if (letter === "c") state.command = true;
      else if (letter === "i") state.interactive = true;
      else if (letter === "l") state.login = true;
      else if (letter === "s") state.standardInput = true;
      else if (letter === "o" || letter === "O") {
        const option = args[++at];
        if (option === undefined) return { words: `-${letter}: option requires an argument`, usage: false };
        if (letter === "o" && isSetOption(option)) state.set.push([option, on]);
        else if (letter === "O" && isShoptOption(option)) state.shopt.push([option, on]);
        else {
          const words = `${option}: invalid ${letter === "o" ? "option" : "shell option"} name`;
          return { words: `line 0: ${name}: ${words}`, usage: false };
        }
      } else {
        const option = setOptionByLetter(letter);
        if (!option) return { words: `${arg[0]}${letter}: invalid option`, usage: true };
        state.set.push([option, on]);
      }
    }
  }
  return { ...state, rest: args.slice(at) };
}

export function isFault(result: Invocation | InvocationFault): result is InvocationFault {
  return "words" in result;
}

/** What `bash` shows after an option that it does not know. */
export function usageLines(name: string): string {
  return [
    `Usage:\t${name} [GNU long option] [option] ...`,
    `\t${name} [GNU long option] [option] script-file ...`,
    "GNU long options:",
    ...[...LONG].sort().map((option) => `\t--${option}`),
    "Shell options:",
    "\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)",
    "\t-abefhkmnptuvxBCEHPT or -o option",
    "",
  ].join("\n");
}
