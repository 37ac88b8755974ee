import { encode } from "../../../../sim/kernel/index.ts";
import { quote } from "../golang/quote.ts";

/** The words with a meaning of their own, and the cursor `.`. */
const KEYWORDS = [
  ".", "block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with",
] as const; // prettier-ignore

export type Keyword = (typeof KEYWORDS)[number];

export type TokenType =
  | Keyword
  | "assign"
  | "bool"
  | "char"
  | "character constant"
  | "complex"
  | "declare"
  | "eof"
  | "error"
  | "field"
  | "identifier"
  | "left delimiter"
  | "left paren"
  | "number"
  | "pipe"
  | "raw string"
  | "right delimiter"
  | "right paren"
  | "space"
  | "string"
  | "text"
  | "variable";

export interface Token {
  readonly type: TokenType;
  /** Where it starts in the template, in UTF-16 units. */
  readonly at: number;
  /** Its text, or what is wrong. */
  readonly text: string;
  readonly line: number;
}

export function isKeyword(word: string): word is Keyword {
  return (KEYWORDS as readonly string[]).includes(word);
}

/** The token as error messages show it. */
export function tokenText(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (token.type === "error") return token.text;
  if (isKeyword(token.type)) return `<${token.text}>`;
  if (encode(token.text).length <= 10) return quote(token.text);
  return `${quote(Array.from(token.text).slice(0, 10).join(""))}...`;
}
