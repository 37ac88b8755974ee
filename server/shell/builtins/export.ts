import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { assignmentText } from "../interpreter/prepare.ts";
import { trace } from "../interpreter/trace.ts";
import { declareOne } from "./attributes.ts";
import type { Argument, DeclarationBuiltin } from "./builtin.ts";
import { declarationText, functionHead, functionText, sortedNames } from "./declaration-text.ts";
import { parseOptions } from "./usage.ts";

export const exportBuiltin: DeclarationBuiltin = {
  name: "export",
  synopsis: "[-fn] [name[=value] ...] or export -p",
  summary: "Hands variables or functions on to the commands that are started.",
  special: true,
  declares: true,
  run: (shell, args) => run(shell, args, exportBuiltin, "x"),
};

export const readonly: DeclarationBuiltin = {
  name: "readonly",
  synopsis: "[-aAf] [name[=value] ...] or readonly -p",
  summary: "Fixes the values of variables.",
  special: true,
  declares: true,
  run: (shell, args) => run(shell, args, readonly, "r"),
};

function* run(shell: Shell, args: readonly Argument[], builtin: DeclarationBuiltin, letter: "x" | "r"): Steps<number> {
  const count = args.findIndex((arg) => typeof arg !== "string" || !arg.startsWith("-") || arg === "--");
  const head = args.slice(0, count < 0 ? args.length : count + (args[count] === "--" ? 1 : 0)) as string[];
  const parsed = parseOptions(shell, builtin, head, letter === "x" ? "fnp" : "aAfp");
  if (!parsed) return 2;
  const { options } = parsed;
  const rest = args.slice(head.length);
  if (rest.length === 0) return list(shell, letter, options.has("f"));
  let status = 0;
  for (const argument of rest) {
    if (options.has("f")) status = markFunction(shell, argument, letter, options.has("n")) || status;
    else {
      if (typeof argument !== "string" && shell.options.has("xtrace")) yield* trace(shell, assignmentText(argument));
      const off = options.has("n");
      const attributes = ["a", "A"].filter((name) => options.has(name));
      const on = new Set(off ? attributes : [letter, ...attributes]);
      status = (yield* declareOne(shell, argument, { on, off: new Set(off ? [letter] : []), scope: "here" })) || status;
    }
  }
  return status;
}

function list(shell: Shell, letter: "x" | "r", functions: boolean): number {
  const flag = letter === "x" ? "exported" : "readonly";
  if (functions) {
    for (const name of sortedNames(shell.functions.keys()))
      if (shell.functions.get(name)![flag]) shell.print(`${functionText(shell, name)!}${functionHead(shell, name)}\n`);
    return 0;
  }
  for (const name of sortedNames(shell.variables.names())) {
    if (!shell.variables.find(name)![flag]) continue;
    const text = declarationText(shell, name);
    if (text !== undefined) shell.print(`${shell.dialect.declaration(text, letter)}\n`);
  }
  return 0;
}

function markFunction(shell: Shell, argument: Argument, letter: "x" | "r", off: boolean): number {
  const name = typeof argument === "string" ? argument : argument.name;
  const found = shell.functions.get(name);
  if (!found) {
    shell.complainInBuiltin(`${name}: not a function`);
    return 1;
  }
  shell.functions.set(name, { ...found, [letter === "x" ? "exported" : "readonly"]: !off });
  shell.variables.environmentChanged();
  return 0;
}
