import { evaluateArithmetic, ArithmeticError, matchingBracket, type Integer } from "../arithmetic/index.ts";
import { AssociativeArray, IndexedArray, type Data } from "../variables/index.ts";
import { specialParameter } from "./special-parameters.ts";
import type { Shell } from "./shell.ts";
import { Discard, Exit } from "./unwinding.ts";

/** Reading parameters: `$x`, `$1`, `$?`, `${a[i]}`. */

/** What a name stands for once name references are followed: a variable, or an element of one. */
export interface Target {
  readonly name: string;
  readonly subscript: string | undefined;
}

const MOST_REFERENCES = 8;

export function followReferences(shell: Shell, name: string): Target {
  let target: Target = { name, subscript: undefined };
  for (let count = 0; count < MOST_REFERENCES; count++) {
    const variable = shell.variables.find(target.name);
    if (!variable?.reference || typeof variable.data !== "string" || variable.data === "") return target;
    target = splitSubscript(variable.data);
    if (target.subscript !== undefined) return target;
  }
  shell.complain(`warning: ${name}: circular name reference`);
  return { name, subscript: undefined };
}

/** Takes `a[1]` apart. */
export function splitSubscript(text: string): Target {
  const open = text.indexOf("[");
  if (open <= 0 || matchingBracket(text, open) !== text.length - 1) return { name: text, subscript: undefined };
  return { name: text.slice(0, open), subscript: text.slice(open + 1, -1) };
}

export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

/** The value of `$name`; undefined if it is not set. Not for `@` and `*`. */
export function parameter(shell: Shell, name: string): string | undefined {
  const code = name.charCodeAt(0);
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code === 95 && name.length > 1))
    return variableValue(shell, name);
  if (code >= 48 && code <= 57) {
    const index = Number(name);
    return index === 0 ? shell.name : shell.positional[index - 1];
  }
  return specialParameter(shell, name);
}

export function variableValue(shell: Shell, name: string): string | undefined {
  const { variables } = shell;
  if (variables.find(name)?.reference !== true) return variables.get(name);
  const target = followReferences(shell, name);
  return target.subscript === undefined ? variables.get(target.name) : element(shell, target.name, target.subscript);
}

/** All that an array variable (or a plain one) holds. */
export function parameterData(shell: Shell, name: string): Data | undefined {
  return shell.variables.data(followReferences(shell, name).name);
}

/** The value of `${name[subscript]}`, the subscript being expanded already. */
export function element(shell: Shell, name: string, subscript: string): string | undefined {
  const data = parameterData(shell, name);
  if (data instanceof AssociativeArray) return data.get(subscript);
  const index = arrayIndex(shell, subscript);
  if (data === undefined) return undefined;
  if (typeof data === "string") return index === 0 || index === -1 ? data : undefined;
  if (index >= 0) return data.get(index);
  if (data.end + index < 0) {
    shell.complain(`${name}: bad array subscript`);
    return undefined;
  }
  return data.get(data.end + index);
}

/** Computes the subscript of an indexed array. An error gives the command up. */
export function arrayIndex(shell: Shell, subscript: string): number {
  if (/^\d{1,15}$/.test(subscript) && !/^0\d/.test(subscript)) return Number(subscript);
  return Number(evaluate(shell, subscript, { everything: true }));
}

/** All values of an array, or of a plain variable the one. */
export function allValues(data: Data | undefined): string[] {
  if (data === undefined) return [];
  return typeof data === "string" ? [data] : data.values();
}

export function allKeys(data: Data | undefined): string[] {
  if (data === undefined) return [];
  if (typeof data === "string") return ["0"];
  return data instanceof IndexedArray ? data.keys().map(String) : [...data.keys()];
}

/** Computes an arithmetic expression. Errors are told and give the line up. */
export function evaluate(shell: Shell, text: string, { everything = false } = {}): Integer {
  try {
    return compute(shell, text);
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    shell.complain(error.words);
    throw giveUp(shell, everything);
  }
}

/** What an error in an expansion or assignment throws: the line is given up, in a strict shell everything. */
export function giveUp(shell: Shell, everything = false): Error {
  return shell.dialect.strict && !shell.start.interactive ? new Exit(2) : new Discard(1, everything);
}

/** Computes an arithmetic expression; throws `ArithmeticError`. */
export function compute(shell: Shell, text: string): Integer {
  return evaluateArithmetic(text, shell.arithmetic);
}

/** Says that a parameter is not set, for `set -u`; what is returned ends the shell, or at a prompt the line. */
export function unbound(shell: Shell, name: string): Error {
  shell.complain(`${/^\d/.test(name) ? `$${name}` : name}: unbound variable`);
  return fatal(shell);
}

/** After such an error a script ends, `bash -c` with 127; a shell with a prompt gives the line up. */
export function fatal(shell: Shell): Error {
  if (shell.start.interactive && !shell.isSubshell) return new Discard(1);
  if (shell.dialect.strict) return new Exit(2);
  return new Exit(!shell.isSubshell && shell.start.letters.includes("c") ? 127 : 1);
}
