import { attempt, Errno, open, readAll, type Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import type { Dialect } from "../interpreter/dialect.ts";
import { runToEnd } from "../interpreter/fork.ts";
import type { Shell } from "../interpreter/shell.ts";
import { drive, wait, type Steps } from "../interpreter/steps.ts";
import { Exit } from "../interpreter/unwinding.ts";
import { createShell } from "./create.ts";
import { runStartupFiles } from "./files.ts";
import { isFault, readInvocation, usageLines, type Invocation, type InvocationFault } from "./invocation.ts";
import { runInteractive } from "./interactive.ts";
import { runStandardInput } from "./standard-input.ts";
import { shells } from "./shells.ts";

/** Runs a shell as a program. */
export async function runShell(process: Process, args: readonly string[], dialect: Dialect): Promise<number> {
  const name = process.argv[0] ?? dialect.name;
  const invocation = readInvocation(name, args, dialect);
  if (isFault(invocation)) {
    await process.error(faultLines(name, invocation, dialect));
    return 2;
  }
  if (invocation.action !== "run") return await showVersion(process, invocation.action, name);
  const shell = createShell(process, startOf(process, invocation, name, dialect));
  shells.set(process, shell);
  for (const [option, on] of invocation.set) shell.options.set(option, on);
  for (const [option, on] of invocation.shopt) shell.options.setShopt(option, on);
  return drive(runToEnd(shell, run(shell, invocation)));
}

function faultLines(name: string, { words, usage }: InvocationFault, dialect: Dialect): string {
  const letter = /^[-+](.): invalid option$/.exec(words)?.[1];
  if (dialect.name === "ash" && letter !== undefined) return `${name}: illegal option -${letter}\n`;
  if (dialect.name === "dash" && /^--.*: invalid option$/.test(words)) return `${name}: 0: Illegal option --\n`;
  if (dialect.name === "dash" && letter !== undefined) return `${name}: 0: Illegal option -${letter}\n`;
  return `${name}: ${words}\n${usage && dialect.name === "bash" ? usageLines(name) : ""}`;
}

async function showVersion(process: Process, action: "version" | "help", name: string): Promise<number> {
  const version = "5.2.21(1)-release (x86_64-pc-linux-gnu)";
  if (action === "help") await process.print(`GNU bash, version ${version}\n${usageLines(name)}`);
  else
    await process.print(
      [
        `GNU bash, version ${version}`,
        "Copyright (C) 2022 Free Software Foundation, Inc.",
        "License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>",
        "",
        "This is free software; you are free to change and redistribute it.",
        "There is NO WARRANTY, to the extent permitted by law.",
        "",
      ].join("\n"),
    );
  return 0;
}

function startOf(process: Process, invocation: Invocation, name: string, dialect: Dialect) {
  const { command, standardInput, rest, login } = invocation;
  const fromInput = !command && (standardInput || rest.length === 0);
  // A login shell whose errors go elsewhere is still one with a prompt: sessions take them apart from the terminal.
  // Where the output of a terminal's programs is captured apart, shells are interactive all the same.
  const apart = process.fds.find(0)?.tty?.outputApart === true;
  const atTerminal = process.isTty(0) && (process.isTty(2) || login || apart);
  const interactive = invocation.interactive || (fromInput && atTerminal);
  const zero = command ? (rest[1] ?? name) : fromInput ? name : rest[0]!;
  return { dialect, name: zero, interactive, login, letters: command ? "c" : fromInput ? "s" : "" };
}

function* run(shell: Shell, invocation: Invocation): Steps<number> {
  const { command, rest } = invocation;
  shell.options.setShopt("login_shell", shell.start.login);
  if (shell.start.interactive) {
    shell.options.setShopt("expand_aliases", true);
    if (!command && rest.length === 0) shell.positional = [];
  } else if (shell.dialect.name !== "bash") shell.options.setShopt("expand_aliases", true);
  if (command) {
    if (rest[0] === undefined) {
      const words = shell.dialect.strict ? "-c requires an argument" : "-c: option requires an argument";
      shell.writeError(`${shell.start.name}: ${shell.dialect.name === "dash" ? "0: " : ""}${words}\n`);
      return 2;
    }
    shell.positional = rest.slice(2);
    shell.variables.put("BASH_EXECUTION_STRING", rest[0]);
    yield* runStartupFiles(shell, invocation);
    return yield* shell.interpreter.text(shell, rest[0], { name: "-c", line: 1, last: true });
  }
  if (shell.start.letters === "s") {
    shell.positional = rest;
    if (shell.start.interactive) return yield* runInteractive(shell, invocation);
    yield* runStartupFiles(shell, invocation);
    return yield* runStandardInput(shell);
  }
  shell.positional = rest.slice(1);
  yield* runStartupFiles(shell, invocation);
  return yield* runScript(shell, rest[0]!);
}

/** `bash file`: the file is looked for here, then in PATH. */
function* runScript(shell: Shell, name: string): Steps<number> {
  const { host, process } = shell;
  const found = host.files.exists(name, process) || name.includes("/") ? name : shell.hash.find(shell, name);
  const path = found ?? name;
  const fail = (words: string, status: number): never => {
    shell.writeError(`${status === 127 ? shell.process.argv[0] : path}: ${path}: ${words}\n`);
    throw new Exit(status);
  };
  const stat = attempt(() => host.files.stat(path, process));
  if (stat instanceof Errno && shell.dialect.strict) {
    const zero = shell.process.argv[0]!;
    if (shell.dialect.name === "ash") shell.writeError(`${zero}: can't open '${path}': ${stat.message}\n`);
    else shell.writeError(`${zero}: 0: ${shell.dialect.redirectPhrase(path, stat.message, true)}\n`);
    throw new Exit(2);
  }
  if (stat instanceof Errno) return fail(stat.message, 127);
  if (stat.type === "dir") return fail("Is a directory", 126);
  const file = attempt(() => open(host, path, { read: true }, process).retain());
  if (file instanceof Errno) return fail(file.message, 126);
  const bytes = yield* wait(readAll(process, file, shell.kernel.limits.memory));
  file.drop();
  if (bytes === undefined) return fail("file is too large", 126);
  if (bytes.startsWith("\x7fELF") || bytes.slice(0, 80).split("\n")[0]!.includes("\0"))
    return fail("cannot execute binary file", 126);
  return yield* shell.interpreter.text(shell, decode(bytes), { name: undefined, line: 1 });
}
