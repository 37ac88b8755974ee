import { Fatal } from "../command.ts";

export type Variables = Readonly<Record<string, string>>;

/** Splits at blanks that are not quoted; the words keep their quotes (parser.parseWords). */
export function splitWords(text: string): string[] {
  return text.match(/(?:\\.|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s"'\\])+|\\$/gs) ?? [];
}

/** A word with its variables replaced and its quotes and backslashes taken away (frontend/dockerfile/shell/lex.go ProcessWord). */
export function processWord(text: string, variables: Variables): string {
  let out = "";
  let at = 0;
  while (at < text.length) {
    const letter = text[at]!;
    if (letter === "'") {
      const end = text.indexOf("'", at + 1);
      out += text.slice(at + 1, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end + 1;
    } else if (letter === '"') {
      const quoted = inQuotes(text, at + 1, variables);
      out += quoted.value;
      at = quoted.end;
    } else if (letter === "\\") {
      out += text[at + 1] ?? "\\";
      at += 2;
    } else if (letter === "$") {
      const found = variable(text, at, variables);
      out += found.value;
      at = found.end;
    } else {
      out += letter;
      at++;
    }
  }
  return out;
}

interface Piece {
  readonly value: string;
  readonly end: number;
}

function inQuotes(text: string, start: number, variables: Variables): Piece {
  let value = "";
  let at = start;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === "$") {
      const found = variable(text, at, variables);
      value += found.value;
      at = found.end;
      continue;
    }
    // Only these lose their backslash between quotes.
    if (text[at] === "\\" && '"$\\'.includes(text[at + 1] ?? " ")) at++;
    value += text[at++];
  }
  return { value, end: at + 1 };
}

/** `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME:+word}`. */
function variable(text: string, at: number, variables: Variables): Piece {
  const plain = /^\$([A-Za-z_]\w*|\d)/.exec(text.slice(at));
  if (plain) return { value: variables[plain[1]!] ?? "", end: at + plain[0].length };
  if (text[at + 1] !== "{") return { value: "$", end: at + 1 };
  const braced = /^\$\{([A-Za-z_]\w*)(?::?([-+])([^}]*))?\}/.exec(text.slice(at));
  if (!braced) throw new Fatal(`drydock: docker: '${text.slice(at)}' in a Dockerfile is not simulated`, 64);
  const [whole, name, operator, word = ""] = braced;
  const known = variables[name!] ?? "";
  const value = operator === "-" ? known || processWord(word, variables) : operator === "+" ? (known === "" ? "" : processWord(word, variables)) : known; // prettier-ignore
  return { value, end: at + whole.length };
}

/** `A=b C="d e"`, or the old `A b c`; undefined where the second part is missing. */
export function readPairs(
  keyword: string,
  rest: string,
  variables: Variables,
): readonly (readonly [name: string, value: string])[] | { readonly error: string } {
  const words = splitWords(rest);
  if (!words[0]!.includes("=")) {
    const [, name = "", value = ""] = /^(\S+)\s*(.*)$/s.exec(rest)!;
    if (value === "") return { error: `${keyword} must have two arguments` };
    return [[processWord(name, variables), processWord(value, variables)]];
  }
  const pairs: (readonly [string, string])[] = [];
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 0)
      return { error: `Syntax error - can't find = in ${JSON.stringify(word)}. Must be of the form: name=value` };
    if (at === 0) return { error: `${keyword} names can not be blank` };
    pairs.push([processWord(word.slice(0, at), variables), processWord(word.slice(at + 1), variables)]);
  }
  return pairs;
}
