import { isSetOption, isShoptOption, SET_OPTIONS, SHOPT_OPTIONS, type SetOption, type ShoptOption } from "../interpreter/options.ts"; // prettier-ignore
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { setOption } from "./set.ts";
import { parseOptions } from "./usage.ts";

export const shopt: PlainBuiltin = {
  name: "shopt",
  synopsis: "[-pqsu] [-o] [optname ...]",
  summary: "Shows or sets options of the shell.",
  run(shell, args) {
    const parsed = parseOptions(shell, shopt, args, "pqsuo");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (options.has("s") && options.has("u")) {
      shell.complainInBuiltin("cannot set and unset shell options simultaneously");
      return 1;
    }
    const table = options.has("o") ? setTable(shell) : shoptTable(shell);
    const wanted = options.has("s") ? true : options.has("u") ? false : undefined;
    if (rest.length > 0 && wanted !== undefined) return change(shell, table, rest, wanted);
    const names = rest.length > 0 ? rest : table.names;
    let status = 0;
    for (const name of names) {
      if (!table.has(name)) {
        shell.complainInBuiltin(`${name}: ${table.unknown}`);
        status = 1;
        continue;
      }
      const on = table.get(name);
      if (rest.length === 0 && wanted !== undefined && on !== wanted) continue;
      if (rest.length > 0 && !on) status = 1;
      if (!options.has("q")) shell.print(options.has("p") ? table.command(name, on) : `${name.padEnd(15)}\t${on ? "on" : "off"}\n`); // prettier-ignore
    }
    return status;
  },
};

interface OptionTable {
  readonly names: readonly string[];
  readonly unknown: string;
  has(name: string): boolean;
  get(name: string): boolean;
  set(name: string, on: boolean): void;
  command(name: string, on: boolean): string;
}

function shoptTable(shell: Shell): OptionTable {
  return {
    names: Object.keys(SHOPT_OPTIONS),
    unknown: "invalid shell option name",
    has: isShoptOption,
    get: (name) => shell.options.shopt(name as ShoptOption),
    set: (name, on) => shell.options.setShopt(name as ShoptOption, on),
    command: (name, on) => `shopt -${on ? "s" : "u"} ${name}\n`,
  };
}

function setTable(shell: Shell): OptionTable {
  return {
    names: Object.keys(SET_OPTIONS),
    unknown: "invalid option name",
    has: isSetOption,
    get: (name) => shell.options.has(name as SetOption),
    set: (name, on) => setOption(shell, name as SetOption, on),
    command: (name, on) => `set ${on ? "-" : "+"}o ${name}\n`,
  };
}

function change(shell: Shell, table: OptionTable, names: readonly string[], on: boolean): number {
  let status = 0;
  for (const name of names) {
    if (table.has(name)) table.set(name, on);
    else {
      shell.complainInBuiltin(`${name}: ${table.unknown}`);
      status = 1;
    }
  }
  return status;
}
