import { CelSyntaxError } from "./ast.ts";

export interface Token {
  readonly kind: "int" | "double" | "string" | "name" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

const SPACE = /(?:[\s\f]|\/\/[^\n]*)+/y;
const DOUBLE = /(?:\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\.\d+(?:[eE][-+]?\d+)?)/y;
const INT = /(?:0x[0-9a-fA-F]+|\d+)[uU]?/y;
const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()[\]{}]/y;
const STRING = /([rR]?)("""|'''|"|')/y;

/** The words of an expression (cel-spec, Syntax). */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const space = read(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    const quoted = read(STRING);
    if (quoted) {
      const { value, end } = readString(text, at, quoted[1] !== "", quoted[2]!, at + quoted[0].length);
      found.push({ kind: "string", text: value, at });
      at = end;
      continue;
    }
    const match = (
      [
        ["double", DOUBLE],
        ["int", INT],
        ["name", NAME],
        ["symbol", SYMBOL],
      ] as const
    ).flatMap(([kind, pattern]) => {
      const one = read(pattern);
      return one ? [{ kind, text: one[0], at }] : [];
    })[0];
    if (!match) throw new CelSyntaxError(at, `Syntax error: token recognition error at: '${text[at]!}'`);
    found.push(match);
    at += match.text.length;
  }
  found.push({ kind: "end", text: "<EOF>", at });
  return found;
}

const ESCAPES: Record<string, string> = {
  a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}; // prettier-ignore

function readString(
  text: string,
  start: number,
  raw: boolean,
  quote: string,
  from: number,
): { readonly value: string; readonly end: number } {
  let value = "";
  for (let at = from; at < text.length;) {
    if (text.startsWith(quote, at)) return { value, end: at + quote.length };
    if (text[at] === "\\" && !raw) {
      const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/.exec(
        text.slice(at, at + 10),
      );
      if (hex) {
        const code =
          hex[4] === undefined ? Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16) : Number.parseInt(hex[4], 8);
        value += String.fromCodePoint(code);
        at += hex[0].length;
        continue;
      }
      const escaped = ESCAPES[text[at + 1] ?? ""];
      if (escaped === undefined)
        throw new CelSyntaxError(start, `Syntax error: token recognition error at: '${text.slice(start, at + 2)}'`);
      value += escaped;
      at += 2;
    } else {
      if (text[at] === "\n" && quote.length === 1) break;
      value += text[at++]!;
    }
  }
  throw new CelSyntaxError(start, `Syntax error: token recognition error at: '${text.slice(start)}'`);
}
