import { attempt, Errno } from "../../sim/host/index.ts";
import { WORD_BREAKS } from "../completion/current-word.ts";
import type { Shell } from "../interpreter/shell.ts";
import { parse } from "../syntax/index.ts";
import type { Variable } from "../variables/index.ts";
import { IndexedArray, type Data } from "../variables/index.ts";
import { makeDynamicVariables } from "./dynamic-variables.ts";

const VERSION = "5.2.21(1)-release";
const MACHINE = "x86_64-pc-linux-gnu";
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The variables that a shell starts with: its environment, and what it sets itself. As initialize_shell_variables. */
export function setInitialVariables(shell: Shell): void {
  const { process, variables } = shell;
  importEnvironment(shell);
  const set = (name: string, value: Data, attributes: Partial<Variable> = {}): void => {
    variables.put(name, value);
    Object.assign(variables.writable(name), attributes);
  };
  const unlessSet = (name: string, value: string): void => {
    if (variables.get(name) === undefined) set(name, value);
  };
  set("IFS", " \t\n", { exported: false });
  set("PS4", variables.get("PS4") ?? "+ ");
  set("OPTIND", "1", { integer: true });
  set("OPTERR", "1");
  const pwd = workingDirectory(shell);
  set("PWD", pwd, { exported: true });
  if (variables.find("OLDPWD")?.exported !== true) Object.assign(variables.writable("OLDPWD"), { exported: true });
  const level = Number(variables.get("SHLVL"));
  if (shell.dialect.name !== "dash")
    set("SHLVL", String((Number.isInteger(level) && level >= 0 && level < 1000 ? level : 0) + 1), { exported: true });
  unlessSet("PATH", DEFAULT_PATH);
  const { row, host } = process;
  const user = host.users.byUid(process.uid);
  if (shell.dialect.name === "bash") {
    unlessSet("TERM", "dumb");
    unlessSet("SHELL", user?.shell ?? "/bin/sh");
    set("BASH", row.exe);
    set("BASH_VERSION", VERSION);
    set("BASH_VERSINFO", new IndexedArray(["5", "2", "21", "1", "release", MACHINE]), { readonly: true });
    set("COMP_WORDBREAKS", WORD_BREAKS);
    set("HOSTNAME", host.hostname);
    set("HOSTTYPE", "x86_64");
    set("MACHTYPE", MACHINE);
    set("OSTYPE", "linux-gnu");
    set("UID", String(row.uid), { readonly: true, integer: true });
    set("EUID", String(row.uid), { readonly: true, integer: true });
    makeDynamicVariables(shell, undefined);
  } else {
    makeDynamicVariables(shell, shell.dialect.name === "ash" ? ["LINENO", "RANDOM"] : ["LINENO"]);
    if (shell.dialect.name === "ash") set("HOSTNAME", host.hostname);
  }
  const parent = host.machine.process(row.ppid);
  const visible = parent !== undefined && host.sees(parent);
  set("PPID", String(visible ? host.pidOf(parent) : host.isContainer ? 0 : row.ppid), {
    readonly: shell.dialect.name === "bash",
    integer: shell.dialect.name === "bash",
  });
}

/** Everything in the environment becomes an exported variable, or a function. */
function importEnvironment(shell: Shell): void {
  for (const [name, value] of Object.entries(shell.process.env)) {
    const called = /^BASH_FUNC_(.+)%%$/.exec(name)?.[1];
    if (called !== undefined) importFunction(shell, called, value);
    else if (/^[A-Za-z_]\w*$/.test(name)) {
      shell.variables.put(name, value);
      shell.variables.setExported(name, true);
    }
  }
}

function importFunction(shell: Shell, name: string, text: string): void {
  const [unit, ...more] = parse(`${name} ${text}`).units;
  const command = unit?.list[0]?.command;
  if (command?.type !== "function" || more.length > 0) return;
  const { body, line } = command;
  shell.functions.set(name, {
    name,
    body,
    line,
    source: "environment",
    exported: true,
    readonly: false,
    traced: false,
  });
}

/** `$PWD`, if it leads to where the shell is; else the directory without links. */
function workingDirectory(shell: Shell): string {
  const { cwd } = shell.process;
  const inherited = shell.variables.get("PWD");
  if (!inherited?.startsWith("/")) return cwd;
  const real = attempt(() => shell.host.files.realpath(inherited, shell.process));
  return real instanceof Errno || real !== cwd ? cwd : inherited;
}
