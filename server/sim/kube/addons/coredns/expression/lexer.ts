/** A piece of an expression, and where it begins. */
export interface Token {
  readonly kind: "name" | "string" | "number" | "operator" | "end";
  readonly text: string;
  readonly at: number;
}

const PIECE =
  /\s*(?:([A-Za-z_]\w*)|(\d+(?:\.\d+)?)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(==|!=|<=|>=|&&|\|\||[<>!()[\],+\-*/%?:]))/y;

/** Words of an expression (expr-lang's lexer). Throws an Error in its words. */
export function expressionTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    PIECE.lastIndex = at;
    const found = PIECE.exec(text);
    const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (!found) throw problem(text, start, `unrecognized character: U+${hex(text[start]!)} '${text[start]!}'`);
    const [, name, number, string, operator] = found;
    const kind = name === undefined ? (number === undefined ? (string === undefined ? "operator" : "string") : "number") : "name"; // prettier-ignore
    tokens.push({ kind, text: string === undefined ? (name ?? number ?? operator)! : unquoted(string), at: start });
    at = PIECE.lastIndex;
  }
  return [...tokens, { kind: "end", text: "EOF", at: text.length }];
}

/** `unexpected token EOF (1:5)`, the line and a mark below the place. */
export function problem(text: string, at: number, words: string): Error {
  return new Error(`${words} (1:${at + 1})\n | ${text}\n | ${".".repeat(at)}^`);
}

function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/g, (_, char: string) => ({ n: "\n", t: "\t", r: "\r" })[char] ?? char);
}

function hex(char: string): string {
  return char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
}
