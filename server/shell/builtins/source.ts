import { attempt, basename, Errno, join } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { open, readAll } from "../../sim/host/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import { wait, type Steps } from "../interpreter/steps.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { usage } from "./usage.ts";

export const source: PlainBuiltin = {
  name: "source",
  synopsis: "filename [arguments]",
  summary: "Runs the commands of a file in this shell.",
  *run(shell, args) {
    const [name, ...rest] = args[0] === "--" ? args.slice(1) : args;
    if (name === undefined) {
      shell.complainInBuiltin("filename argument required");
      return usage(shell, shell.builtin === "." ? dot : source);
    }
    const path = findFile(shell, name);
    return yield* runFile(shell, path, rest.length > 0 ? rest : undefined);
  },
};

export const dot: PlainBuiltin = { ...source, name: ".", special: true };

/** Names without a slash are looked for in PATH, then in the working directory. */
function findFile(shell: Shell, name: string): string {
  if (name.includes("/") || !shell.options.shopt("sourcepath")) return name;
  const { files } = shell.host;
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const path = join(directory || ".", name);
    if (files.access(path, 4, shell.process) && files.stat(path, shell.process).type === "file") return path;
  }
  return name;
}

/** Runs a file in this shell; `args` take the place of the positional parameters meanwhile. */
export function* runFile(shell: Shell, path: string, args: readonly string[] | undefined): Steps<number> {
  const text = yield* readScript(shell, path);
  if (text === undefined) return 1;
  if (shell.depth >= shell.kernel.limits.shellDepth) {
    shell.complain(`${path}: maximum source nesting level exceeded (${shell.kernel.limits.shellDepth})`);
    return 1;
  }
  const { positional, calls, line, builtin } = shell;
  shell.builtin = undefined;
  shell.depth++;
  shell.traceLevel++;
  if (args) shell.positional = args;
  shell.calls = [...calls, { kind: "source", name: "source", source: path, line }];
  try {
    let status = yield* shell.interpreter.text(shell, text, { name: undefined, line: 1 });
    if (shell.jump?.type === "return") {
      status = shell.jump.status;
      shell.jump = undefined;
    }
    if (shell.signals.get("RETURN")) yield* shell.signals.run("RETURN");
    return status;
  } finally {
    shell.depth--;
    shell.traceLevel--;
    shell.calls = calls;
    shell.line = line;
    shell.builtin = builtin;
    if (args) shell.positional = positional;
  }
}

/** The text of a script; undefined after telling why it cannot be read. */
function* readScript(shell: Shell, path: string): Steps<string | undefined> {
  const { host, process } = shell;
  const complain = (words: string): void => shell.complain(`${path}: ${words}`);
  const stat = attempt(() => host.files.stat(path, process));
  if (!(stat instanceof Errno) && stat.type === "dir") {
    shell.complainInBuiltin(`${path}: is a directory`);
    return undefined;
  }
  const file = attempt(() => open(host, path, { read: true }, process).retain());
  if (file instanceof Errno) {
    if (shell.dialect.strict)
      shell.complainInBuiltin(`cannot open ${path}: ${file.message.replace(/ or directory$/, "")}`);
    else complain(file.message);
    return undefined;
  }
  const bytes = yield* wait(readAll(process, file, shell.kernel.limits.memory));
  file.drop();
  if (bytes === undefined) {
    complain("file is too large");
    return undefined;
  }
  if (bytes.slice(0, 80).split("\n")[0]!.includes("\0")) {
    shell.complainInBuiltin(`${basename(path) === path ? path : path}: cannot execute binary file`);
    return undefined;
  }
  return decode(bytes);
}
