import type { Shell } from "../interpreter/shell.ts";
import { doubleQuote, quoteIfNeeded } from "../expansion/quote.ts";
import { arrayText } from "../expansion/transform.ts";
import { printFunction } from "../syntax/index.ts";
import { AssociativeArray, IndexedArray } from "../variables/index.ts";

/** `declare -x PATH="/bin"`, as `declare -p` shows a variable; undefined if there is none of that name. */
export function declarationText(shell: Shell, name: string): string | undefined {
  const variable = shell.variables.find(name);
  if (!variable) return undefined;
  const head = `declare -${variable.letters || "-"} ${name}`;
  const data = variable.dynamic ? shell.variables.data(name) : variable.data;
  if (data === undefined || variable.bare) return head;
  if (data instanceof IndexedArray || data instanceof AssociativeArray) return `${head}=${arrayText(data)}`;
  return `${head}=${doubleQuote(data)}`;
}

/** `PATH=/bin`, as `set` shows a variable; undefined if it has no value. */
export function settingText(shell: Shell, name: string): string | undefined {
  const data = shell.variables.data(name);
  if (data === undefined || shell.variables.find(name)!.bare) return undefined;
  return typeof data === "string" ? `${name}=${quoteIfNeeded(data)}` : `${name}=${arrayText(data)}`;
}

export function functionText(shell: Shell, name: string): string | undefined {
  const found = shell.functions.get(name);
  return found && `${printFunction(name, found.body)}\n`;
}

/** `declare -fx f` */
export function functionHead(shell: Shell, name: string): string {
  const found = shell.functions.get(name)!;
  return `declare -f${found.readonly ? "r" : ""}${found.traced ? "t" : ""}${found.exported ? "x" : ""} ${name}`;
}

export function sortedNames(names: Iterable<string>): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
