import { carryOut, prepareAssignment } from "../interpreter/prepare.ts";
import { followReferences, isName, splitSubscript } from "../interpreter/parameters.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { AssignmentFault } from "../interpreter/unwinding.ts";
import { parse } from "../syntax/index.ts";
import { AssociativeArray, IndexedArray, type Variable } from "../variables/index.ts";
import type { Argument, PreparedAssignment } from "./builtin.ts";

/** What `declare` and its like do with one name: make it local, give it attributes and a value. */
export interface Declaration {
  /** Attribute letters to set and to take away. */
  readonly on: ReadonlySet<string>;
  readonly off: ReadonlySet<string>;
  readonly scope: "local" | "global" | "here";
  /** Keep the value of an outer variable (`-I`). */
  readonly inherit?: boolean;
}

/** Carries a declaration out for one argument. Returns its status; errors are told. */
export function* declareOne(shell: Shell, argument: Argument, declaration: Declaration): Steps<number> {
  const wanted = typeof argument === "string" ? splitArgument(argument) : argument;
  const { name } = wanted;
  if (!isName(name)) {
    shell.complainInBuiltin(`\`${typeof argument === "string" ? argument : argument.text}': not a valid identifier`);
    return 1;
  }
  try {
    if (declaration.scope === "global") return yield* declareGlobal(shell, wanted, declaration);
    if (declaration.scope === "local" && !shell.variables.isLocal(name)) makeLocal(shell, name, declaration);
    return yield* apply(shell, wanted, declaration);
  } catch (error) {
    if (!(error instanceof AssignmentFault)) throw error;
    const inBuiltin = /readonly variable|cannot convert|reference/.test(error.message) && shell.builtin !== "export" && shell.builtin !== "readonly"; // prettier-ignore
    if (inBuiltin) shell.complainInBuiltin(error.message);
    else shell.complain(error.message);
    return 1;
  }
}

type Wanted = Omit<PreparedAssignment, "value" | "text"> & { readonly value: PreparedAssignment["value"] | undefined };

/** `name`, `name=value`, `name+=value`, `name[subscript]=value` as one word. */
function splitArgument(text: string): Wanted {
  const equals = assignmentSign(text);
  if (equals < 0) return { ...splitSubscript(text), append: false, value: undefined };
  const append = text[equals - 1] === "+";
  const target = splitSubscript(text.slice(0, append ? equals - 1 : equals));
  return { ...target, append, value: text.slice(equals + 1) };
}

/** The `=` of an assignment: not one within a subscript. */
function assignmentSign(text: string): number {
  const match = /^[^=[]*(?:\[[^\]]*\])?\+?=/.exec(text);
  return match ? match[0].length - 1 : text.indexOf("=");
}

function makeLocal(shell: Shell, name: string, { inherit }: Declaration): void {
  const outer = shell.variables.find(name);
  if (outer?.readonly) throw new AssignmentFault(`${name}: readonly variable`);
  const variable = shell.variables.makeLocal(name);
  if (!outer || !(inherit || shell.options.shopt("localvar_inherit"))) return;
  const copy = outer.copy(shell.variables.owner);
  Object.assign(variable, { ...copy, exported: outer.exported });
}

/** `declare -g` in a function: the variable that its callers' local ones hide. */
function* declareGlobal(shell: Shell, wanted: Wanted, declaration: Declaration): Steps<number> {
  const { variable, replace } = shell.variables.global(wanted.name);
  const here = shell.variables.find(wanted.name);
  if (variable === here) return yield* apply(shell, wanted, declaration);
  const undo = shell.variables.override(variable ? [[wanted.name, variable]] : []);
  if (!variable) shell.variables.unset(wanted.name);
  try {
    const status = yield* apply(shell, wanted, declaration);
    const made = shell.variables.find(wanted.name);
    if (made) replace(made);
    return status;
  } finally {
    undo();
    if (!variable && here) shell.variables.override([[wanted.name, here]]);
  }
}

function* apply(shell: Shell, wanted: Wanted, declaration: Declaration): Steps<number> {
  const { on, off } = declaration;
  const isReference = on.has("n") || off.has("n");
  const name = isReference ? wanted.name : followReferences(shell, wanted.name).name;
  const variable = shell.variables.writable(name);
  if (variable.readonly && (wanted.value !== undefined || off.has("r")))
    throw new AssignmentFault(`${name}: readonly variable`);
  convert(variable, name, on, off, wanted);
  setAttributes(shell, variable, name, on, off);
  if (wanted.value !== undefined) yield* assignValue(shell, { ...wanted, name }, on);
  if (on.has("n")) checkReference(shell, variable, name);
  if (on.has("r")) shell.variables.writable(name).readonly = true;
  return 0;
}

function convert(
  variable: Variable<Shell>,
  name: string,
  on: ReadonlySet<string>,
  off: ReadonlySet<string>,
  { subscript }: Wanted,
): void {
  const { data } = variable;
  if (on.has("A")) {
    if (data instanceof IndexedArray) throw new AssignmentFault(`${name}: cannot convert indexed to associative array`);
    if (!(data instanceof AssociativeArray))
      makeArray(variable, new AssociativeArray(data === undefined ? [] : [["0", data]]));
  } else if (on.has("a") || subscript !== undefined) {
    if (data instanceof AssociativeArray) {
      if (on.has("a")) throw new AssignmentFault(`${name}: cannot convert associative to indexed array`);
    } else if (!(data instanceof IndexedArray)) makeArray(variable, new IndexedArray(data === undefined ? [] : [data]));
  }
  if ((off.has("a") && data instanceof IndexedArray) || (off.has("A") && data instanceof AssociativeArray))
    throw new AssignmentFault(`${name}: cannot destroy array variables in this way`);
}

function makeArray(variable: Variable<Shell>, array: IndexedArray | AssociativeArray): void {
  variable.bare = variable.data === undefined;
  variable.data = array;
}

function setAttributes(
  shell: Shell,
  variable: Variable<Shell>,
  name: string,
  on: ReadonlySet<string>,
  off: ReadonlySet<string>,
): void {
  if (on.has("i") || off.has("i")) variable.integer = on.has("i");
  if (on.has("t") || off.has("t")) variable.traced = on.has("t");
  if (on.has("n") || off.has("n")) variable.reference = on.has("n");
  for (const [letter, fold] of [
    ["l", "lower"],
    ["u", "upper"],
    ["c", "capitalize"],
  ] as const) {
    // prettier-ignore
    if (on.has(letter)) variable.fold = fold;
    else if (off.has(letter) && variable.fold === fold) variable.fold = undefined;
  }
  if (on.has("x") || off.has("x")) shell.variables.setExported(name, on.has("x"));
}

function* assignValue(shell: Shell, wanted: Wanted, on: ReadonlySet<string>): Steps<void> {
  const { name, value, append, subscript } = wanted;
  const isArray = typeof shell.variables.find(name)?.data === "object";
  if (on.has("n")) {
    shell.variables.put(name, value as string);
    return;
  }
  if (typeof value === "string" && subscript === undefined && isArray && /^\(.*\)$/s.test(value)) {
    const [unit] = parse(`${name}${append ? "+" : ""}=${value}`).units;
    const command = unit?.list[0]?.command;
    if (command?.type === "simple" && command.assignments[0])
      return carryOut(shell, yield* prepareAssignment(shell, command.assignments[0]));
  }
  carryOut(shell, { name, subscript, append, value: value!, text: "" });
}

function checkReference(shell: Shell, variable: Variable<Shell>, name: string): void {
  const target = variable.data;
  if (target === undefined) return;
  if (typeof target !== "string") throw new AssignmentFault(`${name}: reference variable cannot be an array`);
  if (target !== "" && !isName(splitSubscript(target).name)) {
    variable.reference = false;
    shell.variables.unset(name);
    throw new AssignmentFault(`\`${target}': invalid variable name for name reference`);
  }
  if (target === name) throw new AssignmentFault(`${name}: nameref variable self references not allowed`);
}
