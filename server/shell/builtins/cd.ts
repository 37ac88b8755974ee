import { attempt, Errno, join, resolve } from "../../sim/host/index.ts";
import { assign } from "../interpreter/assignment.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const cd: PlainBuiltin = {
  name: "cd",
  synopsis: "[-L|[-P [-e]] [-@]] [dir]",
  summary: "Changes the working directory, by default to $HOME.",
  run(shell, args) {
    const parsed = parseOptions(shell, cd, args, "LPe@");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (rest.length > 1) {
      shell.complainInBuiltin("too many arguments");
      return 1;
    }
    const last = [...options.keys()].findLast((letter) => letter === "L" || letter === "P");
    const physical = last === undefined ? shell.options.has("physical") : last === "P";
    const target = destination(shell, rest[0]);
    if (target === undefined) return 1;
    const found = target.search ? searchCdpath(shell, target.path) : undefined;
    const failure = changeDirectory(shell, found ?? target.path, physical);
    if (failure) {
      shell.complainInBuiltin(`${target.path}: ${failure}`);
      return 1;
    }
    if (target.show || found !== undefined) shell.print(`${shell.variables.get("PWD")}\n`);
    return 0;
  },
};

interface Destination {
  readonly path: string;
  /** `cd -` shows where it went. */
  readonly show: boolean;
  /** Is it to be looked for in CDPATH? */
  readonly search: boolean;
}

function destination(shell: Shell, arg: string | undefined): Destination | undefined {
  if (arg !== undefined && arg !== "-") return { path: arg, show: false, search: !/^\.{0,2}(\/|$)/.test(arg) };
  const name = arg === "-" ? "OLDPWD" : "HOME";
  const path = shell.variables.get(name);
  if (path === undefined) {
    shell.complainInBuiltin(`${name} not set`);
    return undefined;
  }
  return { path, show: arg === "-", search: false };
}

function searchCdpath(shell: Shell, path: string): string | undefined {
  const cdpath = shell.variables.get("CDPATH");
  if (!cdpath) return undefined;
  for (const directory of cdpath.split(":")) {
    const candidate = directory === "" ? path : join(directory, path);
    const stat = attempt(() => shell.host.files.stat(resolve(logicalDirectory(shell), candidate), shell.process));
    if (!(stat instanceof Errno) && stat.type === "dir") return directory === "" ? undefined : candidate;
  }
  return undefined;
}

/** The working directory as the user went to it, symbolic links and all. */
export function logicalDirectory(shell: Shell): string {
  const pwd = shell.variables.get("PWD");
  return pwd?.startsWith("/") ? pwd : shell.process.cwd;
}

/** Goes to a directory and keeps PWD and OLDPWD. Returns the words of the error, if there is one. */
export function changeDirectory(shell: Shell, path: string, physical: boolean): string | undefined {
  const before = logicalDirectory(shell);
  const logical = resolve(before, path);
  const { files } = shell.host;
  // Without links that `..` would leave differently, both ways lead to the same place.
  const place = physical ? path : logical;
  const result = attempt(() => {
    const stat = files.stat(place, shell.process);
    if (stat.type !== "dir") throw new Errno("ENOTDIR");
    if (!files.access(place, 1, shell.process)) throw new Errno("EACCES");
    return files.realpath(place, shell.process);
  });
  if (result instanceof Errno) return result.message;
  shell.process.update({ cwd: result });
  assign(shell, { name: "OLDPWD", subscript: undefined }, before);
  shell.variables.setExported("OLDPWD", true);
  assign(shell, { name: "PWD", subscript: undefined }, physical ? result : logical);
  return undefined;
}
