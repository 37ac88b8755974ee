import { isName, followReferences, splitSubscript, arrayIndex } from "../interpreter/parameters.ts";
import type { Shell } from "../interpreter/shell.ts";
import { AssociativeArray, IndexedArray } from "../variables/index.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const unset: PlainBuiltin = {
  name: "unset",
  synopsis: "[-f] [-v] [-n] [name ...]",
  summary: "Forgets variables or functions.",
  special: true,
  run(shell, args) {
    const parsed = parseOptions(shell, unset, args, "fvn");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (options.has("f") && options.has("v")) {
      shell.complainInBuiltin("cannot simultaneously unset a function and a variable");
      return 1;
    }
    let status = 0;
    for (const name of rest) {
      if (options.has("f")) status = unsetFunction(shell, name) || status;
      else if (options.has("v") && !isName(splitSubscript(name).name)) {
        shell.complainInBuiltin(`\`${name}': not a valid identifier`);
        status = 1;
      } else status = unsetVariable(shell, name, options.has("n"), !options.has("v")) || status;
    }
    return status;
  },
};

function unsetFunction(shell: Shell, name: string): number {
  if (shell.functions.get(name)?.readonly) {
    shell.complainInBuiltin(`${name}: cannot unset: readonly function`);
    return 1;
  }
  shell.functions.delete(name);
  shell.variables.environmentChanged();
  return 0;
}

function unsetVariable(shell: Shell, text: string, reference: boolean, orFunction: boolean): number {
  const typed = splitSubscript(text);
  const target = reference ? typed : { ...followReferences(shell, typed.name) };
  const subscript = typed.subscript ?? target.subscript;
  const variable = shell.variables.find(target.name);
  if (!variable) return orFunction && subscript === undefined ? unsetFunction(shell, text) : 0;
  if (variable.readonly) {
    shell.complainInBuiltin(`${target.name}: cannot unset: readonly variable`);
    return 1;
  }
  if (subscript === undefined) {
    shell.variables.unset(target.name);
    return 0;
  }
  return unsetElement(shell, target.name, subscript);
}

function unsetElement(shell: Shell, name: string, subscript: string): number {
  const variable = shell.variables.writable(name);
  const { data } = variable;
  if (data instanceof AssociativeArray) data.delete(subscript);
  else if (data instanceof IndexedArray) {
    if (subscript === "@" || subscript === "*") data.clear();
    else {
      const index = arrayIndex(shell, subscript);
      if (index < 0 && data.end + index < 0) {
        shell.complainInBuiltin(`[${subscript}]: bad array subscript`);
        return 1;
      }
      data.delete(index < 0 ? data.end + index : index);
    }
  } else if (arrayIndex(shell, subscript) === 0) shell.variables.unset(name);
  else {
    shell.complainInBuiltin(`${name}: not an array variable`);
    return 1;
  }
  return 0;
}
