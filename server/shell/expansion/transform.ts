import { allKeys, followReferences, parameterData } from "../interpreter/parameters.ts";
import type { Shell } from "../interpreter/shell.ts";
import { AssociativeArray, IndexedArray } from "../variables/index.ts";
import { doubleQuote, hasMetas, reusable } from "./quote.ts";
import { unescape } from "./escapes.ts";

/** `${x@Q}` and the other transformations. */

interface Subject {
  readonly name: string;
  readonly subscript: string | undefined;
}

export function transform(
  shell: Shell,
  subject: Subject,
  text: string | undefined,
  letter: string,
): string | undefined {
  if (letter === "a") return lettersOf(shell, subject.name);
  if (letter === "A") return declaration(shell, subject, text);
  if (text === undefined) return undefined;
  switch (letter) {
    case "Q":
    case "K":
    case "k":
      return reusable(text);
    case "E":
      return unescape(text, "ansi").text;
    case "U":
      return text.toUpperCase();
    case "u":
      return text.slice(0, 1).toUpperCase() + text.slice(1);
    default:
      return text.toLowerCase();
  }
}

/** The same for `${a[@]@Q}`. */
export function transformAll(
  shell: Shell,
  subject: Subject,
  values: readonly string[],
  letter: string,
): readonly string[] {
  const { name } = subject;
  if (letter === "A") {
    if (name === "@" || name === "*") return [`set -- ${values.map(reusable).join(" ")}`];
    const whole = declareArray(shell, name);
    return whole === undefined ? [] : [whole];
  }
  if (letter === "K" || letter === "k") {
    const data = parameterData(shell, name);
    const keys = allKeys(data);
    const key = (text: string): string =>
      letter === "K" && data instanceof AssociativeArray && !/^\w+$/.test(text) ? doubleQuote(text) : text;
    const pairs = keys.flatMap((text, at) => [key(text), letter === "K" ? doubleQuote(values[at]!) : values[at]!]);
    if (letter === "k") return pairs;
    return [pairs.join(" ") + (data instanceof AssociativeArray ? " " : "")];
  }
  return values.map((value) => transform(shell, subject, value, letter) ?? "");
}

/** The letters of `declare`. */
function lettersOf(shell: Shell, name: string): string {
  return shell.variables.find(followReferences(shell, name).name)?.letters ?? "";
}

function declaration(shell: Shell, { name, subscript }: Subject, text: string | undefined): string | undefined {
  const letters = lettersOf(shell, name);
  if (text === undefined) return letters === "" ? undefined : `declare -${letters} ${name}`;
  const place = subscript === undefined ? name : `${name}[${subscript}]`;
  return letters === "" ? `${place}=${reusable(text)}` : `declare -${letters} ${place}=${reusable(text)}`;
}

function declareArray(shell: Shell, name: string): string | undefined {
  const data = parameterData(shell, name);
  const letters = lettersOf(shell, name);
  if (data instanceof IndexedArray || data instanceof AssociativeArray)
    return `declare -${letters} ${name}=${arrayText(data)}`;
  return data === undefined ? undefined : declaration(shell, { name, subscript: undefined }, data);
}

/** `([0]="a" [1]="b")` */
export function arrayText(data: IndexedArray | AssociativeArray): string {
  const entries: readonly (readonly [string | number, string])[] = data.entries();
  const words = entries.map(([key, value]) => `[${keyText(key)}]=${doubleQuote(value)}`);
  return `(${words.join(" ")}${data instanceof AssociativeArray && words.length > 0 ? " " : ""})`;
}

function keyText(key: string | number): string {
  return typeof key === "number" || !(key === "@" || hasMetas(key)) ? String(key) : doubleQuote(key);
}
