import { AssociativeArray, IndexedArray, Variable, type Data } from "../variables/index.ts";
import { add } from "../arithmetic/index.ts";
import { arrayIndex, evaluate, followReferences, type Target } from "./parameters.ts";
import type { Shell } from "./shell.ts";
import { AssignmentFault } from "./unwinding.ts";
import { chargeValue, checkElements, checkSize } from "./value-size.ts";

/** Assignments with everything that attributes make of them. They throw `AssignmentFault`. */

/** `name=value`, `name+=value`, `name[subscript]=value`; the subscript is expanded already. */
export function assign(shell: Shell, target: Target, value: string, append = false): void {
  const { variables } = shell;
  const known = variables.find(target.name);
  if (known?.reference) {
    const { data } = known;
    if (data === undefined || data === "") {
      if (target.subscript === undefined) return variables.put(target.name, value);
    } else {
      const followed = followReferences(shell, target.name);
      return assignTo(shell, followed.name, followed.subscript ?? target.subscript, value, append);
    }
  }
  assignTo(shell, target.name, target.subscript, value, append);
}

function assignTo(shell: Shell, name: string, subscript: string | undefined, value: string, append: boolean): void {
  const known = shell.variables.find(name);
  if (known?.readonly) throw new AssignmentFault(`${name}: readonly variable`);
  chargeValue(shell, value);
  if (!known) checkElements(shell, shell.variables.count + 1);
  const plain = known === undefined || (known.data === undefined ? !known.dynamic : typeof known.data === "string");
  if (subscript === undefined && plain && !append && !hasAttributes(known)) {
    const variable = shell.variables.writable(name);
    variable.data = value;
  } else if (subscript === undefined) assignWhole(shell, name, value, append);
  else assignElement(shell, name, subscript, value, append);
  if (shell.options.has("allexport")) shell.variables.setExported(name, true);
}

function hasAttributes(variable: Variable<Shell> | undefined): boolean {
  return variable !== undefined && (variable.integer || variable.fold !== undefined);
}

function assignWhole(shell: Shell, name: string, value: string, append: boolean): void {
  const data = shell.variables.data(name);
  if (data instanceof IndexedArray) return assignElement(shell, name, "0", value, append);
  if (data instanceof AssociativeArray) return assignElement(shell, name, "0", value, append);
  const variable = shell.variables.writable(name);
  shell.variables.put(name, attributed(shell, variable, data, value, append));
}

function assignElement(shell: Shell, name: string, subscript: string, value: string, append: boolean): void {
  if (subscript === "" || (subscript === "@" || subscript === "*" ? !isAssociative(shell, name) : false))
    throw new AssignmentFault(`${name}[${subscript}]: bad array subscript`);
  const variable = shell.variables.writable(name);
  const data = arrayOf(variable);
  checkElements(shell, data.size + 1);
  if (data instanceof AssociativeArray)
    return data.set(subscript, attributed(shell, variable, data.get(subscript), value, append));
  let index = arrayIndex(shell, subscript);
  if (index < 0) {
    if (data.end + index < 0) throw new AssignmentFault(`${name}[${subscript}]: bad array subscript`);
    index += data.end;
  }
  data.set(index, attributed(shell, variable, data.get(index), value, append));
}

function isAssociative(shell: Shell, name: string): boolean {
  return shell.variables.find(name)?.data instanceof AssociativeArray;
}

/** The array that a variable holds; a plain value becomes its first element. */
function arrayOf(variable: Variable<Shell>): IndexedArray | AssociativeArray {
  const { data } = variable;
  variable.bare = false;
  if (data instanceof IndexedArray || data instanceof AssociativeArray) return data;
  const array = new IndexedArray(data === undefined ? [] : [data]);
  variable.data = array;
  return array;
}

/** The value that a variable takes: computed if it is an integer, in the case that it asks for. */
function attributed(
  shell: Shell,
  variable: Variable<Shell>,
  before: Data | undefined,
  value: string,
  append: boolean,
): string {
  const old = typeof before === "string" ? before : "";
  if (variable.integer) {
    const number = evaluate(shell, value, { everything: true });
    return String(append ? add(evaluate(shell, old || "0", { everything: true }), number) : number);
  }
  const text = append ? checkSize(shell, old + value) : value;
  switch (variable.fold) {
    case "lower":
      return text.toLowerCase();
    case "upper":
      return text.toUpperCase();
    case "capitalize":
      return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
    case undefined:
      return text;
  }
}

/** One element of `name=(…)`; without a key it comes behind the one before. */
export interface Element {
  readonly key: string | undefined;
  readonly append: boolean;
  readonly value: string;
}

/** `name=(…)` and `name+=(…)`. */
export function assignArray(shell: Shell, name: string, elements: readonly Element[], append: boolean): void {
  const target = followReferences(shell, name).name;
  const known = shell.variables.find(target);
  if (known?.readonly) throw new AssignmentFault(`${target}: readonly variable`);
  const variable = shell.variables.writable(target);
  const associative = variable.data instanceof AssociativeArray;
  const before = append ? variable.data : undefined;
  const fresh = associative ? new AssociativeArray() : new IndexedArray();
  // The new value is complete before it takes the old one's place: `a=("${a[@]}" x)`.
  const scratch = new Variable<Shell>(variable.owner, before === undefined ? fresh : before);
  Object.assign(scratch, { integer: variable.integer, fold: variable.fold });
  const data = arrayOf(scratch);
  checkElements(shell, data.size + elements.length);
  if (data instanceof AssociativeArray) fillAssociative(shell, scratch, data, target, elements);
  else fillIndexed(shell, scratch, data, target, elements);
  variable.data = data;
  variable.bare = false;
  if (shell.options.has("allexport")) shell.variables.setExported(target, true);
}

function fillIndexed(
  shell: Shell,
  variable: Variable<Shell>,
  data: IndexedArray,
  name: string,
  elements: readonly Element[],
): void {
  let next = data.end;
  for (const { key, append, value } of elements) {
    let index = next;
    if (key !== undefined) {
      if (key === "") throw new AssignmentFault(`[]=${value}: bad array subscript`);
      index = arrayIndex(shell, key);
      if (index < 0) index += data.end;
      if (index < 0) throw new AssignmentFault(`${name}: [${key}]=${value}: bad array subscript`);
    }
    chargeValue(shell, value);
    data.set(index, attributed(shell, variable, data.get(index), value, append));
    next = index + 1;
  }
}

function fillAssociative(
  shell: Shell,
  variable: Variable<Shell>,
  data: AssociativeArray,
  name: string,
  elements: readonly Element[],
): void {
  // Without keys the words are keys and values in turn.
  if (elements[0] && elements[0].key === undefined) {
    for (let at = 0; at < elements.length; at += 2)
      data.set(elements[at]!.value, attributed(shell, variable, undefined, elements[at + 1]?.value ?? "", false));
    return;
  }
  for (const { key, append, value } of elements) {
    if (key === undefined) {
      shell.complain(`${name}: ${value}: must use subscript when assigning associative array`);
      continue;
    }
    if (key === "") throw new AssignmentFault(`[]=${value}: bad array subscript`);
    chargeValue(shell, value);
    data.set(key, attributed(shell, variable, data.get(key), value, append));
  }
}
