import { unescape } from "./parse-json.ts";

export interface Token {
  /** As in the messages of jq's parser: `IDENT`, `'|'`, `==`, `end of file`. */
  readonly type: string;
  readonly text: string;
  /** The text of a string part, with escapes resolved. */
  readonly value?: string;
  readonly start: number;
}

export interface LexicalProblem {
  readonly message: string;
  readonly at: number;
}

const KEYWORDS = new Set(
  "as import include module def if then else elif and or end reduce foreach try catch label break __loc__".split(" "),
);

/** Word-like tokens, longest first where one begins another. */
const PATTERNS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/@[a-zA-Z0-9_]+/y, () => "FORMAT"],
  [/(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y, () => "LITERAL"],
  [/\.[a-zA-Z_][a-zA-Z_0-9]*/y, () => "FIELD"],
  [/\$__loc__(?![a-zA-Z_0-9])/y, () => "$__loc__"],
  [/\$(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*/y, () => "BINDING"],
  [/(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*/y, (text) => (KEYWORDS.has(text) ? text : "IDENT")],
  [/!=|==|\/\/=|\?\/\/|\/\/|\|=|\+=|-=|\*=|\/=|%=|<=|>=|\.\./y, (text) => text],
  [/[.?=;,:|+\-*/%$<>]/y, (text) => `'${text}'`],
];

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "\\(": ")" };

/** Splits a program into tokens; the last is `end of file`, which begins where the token before it did (as jq reports it). */
export function tokenize(program: string, problems: LexicalProblem[]): Token[] {
  const tokens: Token[] = [];
  /** What is open: `"` for a string, `\(` for code inside of one, or a bracket. */
  const open: string[] = [];
  let last = 0;
  for (let at = 0; at < program.length;) {
    const push = (type: string, text: string, value?: string) => {
      tokens.push({ type, text, start: at, ...(value === undefined ? {} : { value }) });
      last = at;
      at += text.length;
    };
    const char = program[at]!;
    if (open.at(-1) === '"') {
      const text = take(/(?:\\u[a-zA-Z0-9]{0,4}|\\[^u(])+|[^\\"]+/y, program, at);
      if (char === '"') {
        open.pop();
        push("QQSTRING_END", char);
      } else if (program.startsWith("\\(", at)) {
        open.push("\\(");
        push("QQSTRING_INTERP_START", "\\(");
      } else if (text === undefined) push("INVALID_CHARACTER", char);
      else push("QQSTRING_TEXT", text, stringPart(text, at, problems));
      continue;
    }
    const skipped = take(/[ \n\t\r]+|#[^\n\r]*/y, program, at);
    if (skipped !== undefined) {
      last = at;
      at += skipped.length;
    } else if (char === '"') {
      open.push('"');
      push("QQSTRING_START", char);
    } else if (char in CLOSERS) {
      open.push(char);
      push(`'${char}'`, char);
    } else if (")]}".includes(char)) {
      const opener = open.at(-1);
      if (opener === undefined || CLOSERS[opener] !== char) push("INVALID_CHARACTER", char);
      else push(open.pop() === "\\(" ? "QQSTRING_INTERP_END" : `'${char}'`, char);
    } else {
      const found = word(program, at);
      push(found?.type ?? "INVALID_CHARACTER", found?.text ?? char);
    }
  }
  tokens.push({ type: "end of file", text: "", start: last });
  return tokens;
}

function take(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function word(program: string, at: number): { type: string; text: string } | undefined {
  for (const [pattern, typeOf] of PATTERNS) {
    const text = take(pattern, program, at);
    const type = text && typeOf(text);
    if (text && type) return { type, text };
  }
  return undefined;
}

function stringPart(text: string, at: number, problems: LexicalProblem[]): string {
  if (!text.startsWith("\\")) return text;
  const value = unescape(text);
  if (typeof value === "string") return value;
  // jq hands the escapes to its JSON reader, in quotes, and that reports where it stood.
  problems.push({ message: `${value.problem} at line 1, column ${text.length + 2} (while parsing '"${text}"')`, at });
  return "";
}
