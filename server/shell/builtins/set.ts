import { isSetOption, SET_OPTIONS, setOptionByLetter, type SetOption } from "../interpreter/options.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { functionText, settingText, sortedNames } from "./declaration-text.ts";
import { help, usage } from "./usage.ts";

export const set: PlainBuiltin = {
  name: "set",
  synopsis: "[-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]",
  summary: "Shows variables, sets options and positional parameters.",
  special: true,
  run(shell, args) {
    if (args.length === 0) {
      showAll(shell);
      return 0;
    }
    if (args[0] === "--help") {
      help(shell, set);
      return 2;
    }
    let at = 0;
    for (; at < args.length; at++) {
      const arg = args[at]!;
      if (arg === "--") {
        shell.positional = args.slice(at + 1);
        return 0;
      }
      if (arg === "-") {
        shell.options.set("xtrace", false);
        shell.options.set("verbose", false);
        at++;
        break;
      }
      if (!/^[-+]./.test(arg)) break;
      const taken = applyLetters(shell, arg, args[at + 1]);
      if (taken === undefined) return 2;
      at += taken;
    }
    if (at < args.length) shell.positional = args.slice(at);
    return 0;
  },
};

/** Sets the options of one argument. Returns how many of the next it used, or undefined after an error. */
function applyLetters(shell: Shell, arg: string, next: string | undefined): 0 | 1 | undefined {
  const on = arg.startsWith("-");
  let taken: 0 | 1 = 0;
  for (const letter of arg.slice(1)) {
    if (letter === "o") {
      if (next === undefined || /^[-+]/.test(next)) {
        showOptions(shell, on);
        continue;
      }
      if (!setByName(shell, next, on)) return undefined;
      taken = 1;
      continue;
    }
    const option = setOptionByLetter(letter);
    if (!option) {
      shell.complainInBuiltin(`${arg[0]}${letter}: invalid option`);
      if (shell.dialect.name === "bash") usage(shell, set);
      return undefined;
    }
    setOption(shell, option, on);
  }
  return taken;
}

/** Sets an option by its long name; false, and told, if there is none of that name. */
export function setByName(shell: Shell, name: string, on: boolean): boolean {
  if (!isSetOption(name)) {
    shell.complainInBuiltin(`${name}: invalid option name`);
    return false;
  }
  setOption(shell, name, on);
  return true;
}

export function setOption(shell: Shell, option: SetOption, on: boolean): void {
  shell.options.set(option, on);
  if (option === "history") shell.history.enabled = on;
}

function showAll(shell: Shell): void {
  for (const name of sortedNames(shell.variables.names())) {
    if (shell.variables.find(name)!.dynamic) continue;
    const text = settingText(shell, name);
    if (text !== undefined) shell.print(`${text}\n`);
  }
  for (const name of sortedNames(shell.functions.keys())) shell.print(functionText(shell, name)!);
}

/** What `set -o` of busybox's shell lists (shell/ash.c optletters_optnames). */
const ASH_OPTIONS: readonly SetOption[] = [
  "errexit", "noglob", "ignoreeof", "monitor", "noexec", "xtrace", "verbose", "noclobber", "allexport", "notify",
  "nounset", "errtrace", "vi", "pipefail",
]; // prettier-ignore

export function showOptions(shell: Shell, readable: boolean): void {
  if (shell.dialect.name === "ash" && readable) {
    for (const name of ASH_OPTIONS) shell.print(`${name.padEnd(15)} ${shell.options.has(name) ? "on" : "off"}\n`);
    return;
  }
  for (const name of Object.keys(SET_OPTIONS) as SetOption[]) {
    const on = shell.options.has(name);
    shell.print(readable ? `${name.padEnd(15)}\t${on ? "on" : "off"}\n` : `set ${on ? "-" : "+"}o ${name}\n`);
  }
}
