import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { AssociativeArray, IndexedArray } from "../variables/index.ts";
import { declareOne, type Declaration } from "./attributes.ts";
import type { Argument, Builtin, DeclarationBuiltin } from "./builtin.ts";
import { declarationText, functionHead, functionText, settingText, sortedNames } from "./declaration-text.ts";
import { help, usage } from "./usage.ts";

const SYNOPSIS = "[-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]";

export const declare: DeclarationBuiltin = {
  name: "declare",
  synopsis: SYNOPSIS,
  summary: "Shows variables and functions, or gives variables values and attributes.",
  declares: true,
  run: (shell, args) => runDeclare(shell, args, declare, "here"),
};

export const typeset: DeclarationBuiltin = {
  ...declare,
  name: "typeset",
  synopsis: "[-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]",
  run: (shell, args) => runDeclare(shell, args, typeset, "here"),
};

export const local: DeclarationBuiltin = {
  name: "local",
  synopsis: "[option] name[=value] ...",
  summary: "Makes variables that only the running function and what it calls can see.",
  declares: true,
  *run(shell, args) {
    if (shell.variables.depth === 0) {
      shell.complainInBuiltin("can only be used in a function");
      return 1;
    }
    return yield* runDeclare(shell, args, local, "local");
  },
};

interface Letters {
  readonly on: Set<string>;
  readonly off: Set<string>;
  readonly rest: readonly Argument[];
}

function* runDeclare(
  shell: Shell,
  args: readonly Argument[],
  builtin: Builtin,
  usual: "here" | "local",
): Steps<number> {
  const letters = readLetters(shell, args, builtin);
  if (!letters) return 2;
  const { on, off, rest } = letters;
  if (on.has("f") || on.has("F")) return functions(shell, letters);
  if (on.has("p") || rest.length === 0) return show(shell, letters, usual === "local");
  const inFunction = shell.variables.depth > 0;
  const scope = on.has("g") && inFunction ? "global" : inFunction ? "local" : "here";
  const declaration: Declaration = { on, off, scope, inherit: on.has("I") };
  let status = 0;
  for (const argument of rest) {
    if (usual === "local" && argument === "-") continue;
    status = (yield* declareOne(shell, argument, declaration)) || status;
  }
  return status;
}

/** `-x` and `+x`; other than elsewhere `+` takes an attribute away. */
function readLetters(shell: Shell, args: readonly Argument[], builtin: Builtin): Letters | undefined {
  const on = new Set<string>();
  const off = new Set<string>();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (typeof arg !== "string" || !/^[-+]./.test(arg)) break;
    if (arg === "--") {
      at++;
      break;
    }
    if (arg === "--help") {
      help(shell, builtin);
      return undefined;
    }
    for (const letter of arg.slice(1)) {
      if (!"aAcfFgiIlnprtux".includes(letter)) {
        shell.complainInBuiltin(`${arg[0]}${letter}: invalid option`);
        usage(shell, builtin);
        return undefined;
      }
      (arg.startsWith("-") ? on : off).add(letter);
    }
  }
  return { on, off, rest: args.slice(at) };
}

function functions(shell: Shell, { on, off, rest }: Letters): number {
  const names = on.has("F");
  if (rest.length === 0) {
    for (const name of sortedNames(shell.functions.keys())) {
      const found = shell.functions.get(name)!;
      if ((on.has("x") && !found.exported) || (on.has("r") && !found.readonly)) continue;
      if (!names) shell.print(functionText(shell, name)!);
      if (names || on.has("x") || found.exported || found.readonly) shell.print(`${functionHead(shell, name)}\n`);
    }
    return 0;
  }
  let status = 0;
  for (const argument of rest) {
    const name = typeof argument === "string" ? argument : argument.name;
    const found = shell.functions.get(name);
    if (!found) {
      status = 1;
      if (on.has("p")) shell.complainInBuiltin(`${name}: not found`);
      continue;
    }
    const changes = ["x", "r", "t"].filter((letter) => on.has(letter) || off.has(letter));
    if (changes.length > 0) {
      const set = (letter: string, before: boolean): boolean =>
        on.has(letter) ? true : off.has(letter) ? false : before;
      shell.functions.set(name, {
        ...found,
        exported: set("x", found.exported),
        readonly: set("r", found.readonly),
        traced: set("t", found.traced),
      });
      shell.variables.environmentChanged();
    } else if (!names) shell.print(functionText(shell, name)!);
    else if (shell.options.shopt("extdebug")) shell.print(`${name} ${found.line} ${found.source}\n`);
    else shell.print(`${on.has("p") ? functionHead(shell, name) : name}\n`);
  }
  return status;
}

function show(shell: Shell, { on, rest }: Letters, locals: boolean): number {
  let status = 0;
  for (const argument of rest) {
    const name = typeof argument === "string" ? argument : argument.name;
    const text = locals && !shell.variables.isLocal(name) ? undefined : declarationText(shell, name);
    if (text !== undefined) shell.print(`${text}\n`);
    else {
      shell.complainInBuiltin(`${name}: not found`);
      status = 1;
    }
  }
  if (rest.length > 0) return status;
  const wanted = [..."aAilnrtux"].filter((letter) => on.has(letter));
  const names = sortedNames(locals ? shell.variables.localNames() : shell.variables.names());
  if (!on.has("p") && wanted.length === 0 && !locals) return showSettings(shell, names);
  for (const name of names) {
    if (!hasLetters(shell, name, wanted)) continue;
    const text = declarationText(shell, name);
    if (text !== undefined) shell.print(`${text}\n`);
  }
  return 0;
}

/** `declare` alone shows what `set` shows. */
function showSettings(shell: Shell, names: readonly string[]): number {
  for (const name of names) {
    const text = settingText(shell, name);
    if (text !== undefined) shell.print(`${text}\n`);
  }
  for (const name of sortedNames(shell.functions.keys())) shell.print(functionText(shell, name)!);
  return 0;
}

function hasLetters(shell: Shell, name: string, wanted: readonly string[]): boolean {
  const variable = shell.variables.find(name)!;
  const { letters, data } = variable;
  return wanted.every((letter) => {
    if (letter === "a") return data instanceof IndexedArray;
    return letter === "A" ? data instanceof AssociativeArray : letters.includes(letter);
  });
}
