import type { Dialect } from "../interpreter/dialect.ts";
import { alias, unalias } from "./alias.ts";
import { bg } from "./bg.ts";
import { bind } from "./bind.ts";
import { breakBuiltin, continueBuiltin } from "./break.ts";
import { builtinCommand } from "./builtin-command.ts";
import type { Builtin, BuiltinTable } from "./builtin.ts";
import { caller } from "./caller.ts";
import { cd } from "./cd.ts";
import { colon } from "./colon.ts";
import { command } from "./command.ts";
import { compgen } from "./compgen.ts";
import { complete } from "./complete.ts";
import { compopt } from "./compopt.ts";
import { declare, local, typeset } from "./declare.ts";
import { dirs } from "./dirs.ts";
import { disown } from "./disown.ts";
import { echo } from "./echo.ts";
import { enable } from "./enable.ts";
import { evalBuiltin } from "./eval.ts";
import { exec } from "./exec.ts";
import { exit, logout } from "./exit.ts";
import { exportBuiltin, readonly } from "./export.ts";
import { falseBuiltin } from "./false.ts";
import { fc } from "./fc.ts";
import { fg } from "./fg.ts";
import { getopts } from "./getopts.ts";
import { hash } from "./hash.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { jobs } from "./jobs.ts";
import { kill } from "./kill.ts";
import { letBuiltin } from "./let.ts";
import { mapfile, readarray } from "./mapfile.ts";
import { popd } from "./popd.ts";
import { printf } from "./printf.ts";
import { pushd } from "./pushd.ts";
import { pwd } from "./pwd.ts";
import { read } from "./read.ts";
import { returnBuiltin } from "./return.ts";
import { set } from "./set.ts";
import { shift } from "./shift.ts";
import { shopt } from "./shopt.ts";
import { dot, source } from "./source.ts";
import { suspend } from "./suspend.ts";
import { bracket, test } from "./test.ts";
import { times } from "./times.ts";
import { trap } from "./trap.ts";
import { trueBuiltin } from "./true.ts";
import { type } from "./type.ts";
import { ulimit } from "./ulimit.ts";
import { umask } from "./umask.ts";
import { unset } from "./unset.ts";
import { wait } from "./wait.ts";

const ALL: readonly Builtin[] = [
  dot, colon, bracket, alias, bg, bind, breakBuiltin, builtinCommand, caller, cd, command, compgen, complete, compopt, continueBuiltin, declare, dirs,
  disown, echo, enable, evalBuiltin, exec, exit, exportBuiltin, falseBuiltin, fc, fg, getopts, hash, help, history, jobs, kill,
  letBuiltin, local, logout, mapfile, popd, printf, pushd, pwd, read, readarray, readonly, returnBuiltin, set, shift,
  shopt, source, suspend, test, times, trap, trueBuiltin, type, typeset, ulimit, umask, unalias, unset, wait,
]; // prettier-ignore

const BY_NAME: ReadonlyMap<string, Builtin> = new Map(ALL.map((builtin) => [builtin.name, builtin]));

/** The builtins of one shell. */
export class Builtins implements BuiltinTable {
  readonly #offered: ReadonlySet<string> | undefined;
  readonly #disabled = new Set<string>();

  constructor(dialect: Dialect) {
    this.#offered = dialect.builtins;
  }

  find(name: string): Builtin | undefined {
    const builtin = BY_NAME.get(name === "chdir" ? "cd" : name);
    return builtin && this.isEnabled(name) ? builtin : undefined;
  }

  names(): readonly string[] {
    const names = this.#offered ? [...this.#offered].filter((name) => BY_NAME.has(name)) : [...BY_NAME.keys()];
    return names.sort((a, b) => (a < b ? -1 : 1));
  }

  isEnabled(name: string): boolean {
    return !this.#disabled.has(name) && (this.#offered === undefined || this.#offered.has(name));
  }

  enable(name: string, enabled: boolean): boolean {
    if (!BY_NAME.has(name) || (this.#offered && !this.#offered.has(name))) return false;
    if (enabled) this.#disabled.delete(name);
    else this.#disabled.add(name);
    return true;
  }
}
