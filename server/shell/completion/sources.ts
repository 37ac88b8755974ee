import { attempt, Errno, SIGNAL_NAMES } from "../../sim/host/index.ts";
import { KEYWORDS } from "../builtins/lookup.ts";
import { SET_OPTIONS, SHOPT_OPTIONS } from "../interpreter/options.ts";
import { expandTilde } from "../expansion/tilde.ts";
import type { Shell } from "../interpreter/shell.ts";
import { IndexedArray } from "../variables/index.ts";

/** The lists that completion chooses from, by the names of `compgen -A`. */
export type Source = (shell: Shell, prefix: string) => string[];

function from(list: (shell: Shell) => Iterable<string>): Source {
  return (shell, prefix) => unique([...list(shell)].filter((name) => name.startsWith(prefix)).sort(byCode));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const variables = from((shell) => shell.variables.names().filter((name) => shell.variables.data(name) !== undefined));

export const SOURCES: Readonly<Record<string, Source>> = {
  alias: from((shell) => shell.aliases.keys()),
  arrayvar: from((shell) => shell.variables.names().filter((name) => shell.variables.find(name)!.data instanceof IndexedArray)), // prettier-ignore
  binding: from(() => []),
  builtin: from((shell) => shell.builtins.names()),
  command: commands,
  directory: (shell, prefix) => files(shell, prefix, true),
  disabled: from((shell) => shell.builtins.names().filter((name) => !shell.builtins.isEnabled(name))),
  enabled: from((shell) => shell.builtins.names().filter((name) => shell.builtins.isEnabled(name))),
  export: from((shell) => shell.variables.names().filter((name) => shell.variables.find(name)!.exported)),
  file: (shell, prefix) => files(shell, prefix, false),
  function: from((shell) => shell.functions.keys()),
  group: from((shell) => shell.host.users.groups().map((group) => group.name)),
  helptopic: from((shell) => shell.builtins.names()),
  hostname: from(hostNames),
  job: from((shell) => shell.jobs.all.map((job) => job.text.split(" ")[0]!)),
  keyword: from(() => KEYWORDS),
  running: from((shell) =>
    shell.jobs.all.filter((job) => job.state === "running").map((job) => job.text.split(" ")[0]!),
  ),
  service: from(() => []),
  setopt: from(() => Object.keys(SET_OPTIONS)),
  shopt: from(() => Object.keys(SHOPT_OPTIONS)),
  signal: from(() => SIGNAL_NAMES),
  stopped: from((shell) =>
    shell.jobs.all.filter((job) => job.state === "stopped").map((job) => job.text.split(" ")[0]!),
  ),
  user: from((shell) => shell.host.users.all().map((user) => user.name)),
  variable: variables,
};

/** The short options of `compgen` and `complete`. */
export const ACTION_LETTERS: Readonly<Record<string, string>> = {
  a: "alias",
  b: "builtin",
  c: "command",
  d: "directory",
  e: "export",
  f: "file",
  g: "group",
  j: "job",
  k: "keyword",
  s: "service",
  u: "user",
  v: "variable",
};

function hostNames(shell: Shell): string[] {
  const text = shell.host.readText(shell.variables.get("HOSTFILE") ?? "/etc/hosts") ?? "";
  return text
    .split("\n")
    .filter((line) => !line.trim().startsWith("#"))
    .flatMap((line) => line.trim().split(/\s+/).slice(1));
}

/** Everything that can be called: aliases, keywords, functions, builtins and the programs in PATH. */
function commands(shell: Shell, prefix: string): string[] {
  if (prefix.includes("/")) return files(shell, prefix, false).filter((name) => isCallable(shell, name));
  const names = [
    ...shell.aliases.keys(),
    ...KEYWORDS,
    ...shell.functions.keys(),
    ...shell.builtins.names(),
    ...programs(shell, prefix),
  ];
  return unique(names.filter((name) => name.startsWith(prefix)).sort(byCode));
}

function isCallable(shell: Shell, name: string): boolean {
  const { files: tree } = shell.host;
  const path = withHome(shell, name);
  return tree.access(path, 1, shell.process);
}

function programs(shell: Shell, prefix: string): string[] {
  const found: string[] = [];
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const names = attempt(() => shell.host.files.list(directory || ".", shell.process));
    if (names instanceof Errno) continue;
    for (const name of names) {
      if (!name.startsWith(prefix)) continue;
      const path = `${directory || "."}/${name}`;
      const { files: tree } = shell.host;
      if (tree.access(path, 1, shell.process) && tree.stat(path, shell.process).type === "file") found.push(name);
    }
  }
  return found;
}

/** `~/x` and `$HOME/x` as a path. */
export function withHome(shell: Shell, path: string): string {
  const tilde = /^~([^/]*)/.exec(path);
  if (tilde) return expandTilde(shell, tilde[1]!) + path.slice(tilde[0].length);
  return path.replace(/^\$(?:\{(\w+)\}|(\w+))(?=\/)/, (whole, braced?: string, bare?: string) => shell.variables.get(braced ?? bare!) ?? whole); // prettier-ignore
}

/** Files (or only directories) whose path starts so; the directory stays as it was typed. */
export function files(shell: Shell, prefix: string, onlyDirectories: boolean): string[] {
  const slash = prefix.lastIndexOf("/") + 1;
  const directory = prefix.slice(0, slash);
  const start = prefix.slice(slash);
  const path = directory === "" ? "." : withHome(shell, directory);
  const names = attempt(() => shell.host.files.list(path, shell.process));
  if (names instanceof Errno) return [];
  return names
    .filter((name) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
    .filter((name) => !onlyDirectories || isDirectory(shell, directory + name))
    .sort(byCode)
    .map((name) => directory + name);
}

export function isDirectory(shell: Shell, name: string): boolean {
  const stat = attempt(() => shell.host.files.stat(withHome(shell, name), shell.process));
  return !(stat instanceof Errno) && stat.type === "dir";
}
