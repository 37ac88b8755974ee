import { Pattern } from "../pattern.ts";
import type { Query } from "../query.ts";
import { expressionTokens, problem, type Token } from "./lexer.ts";
import { FUNCTIONS, type Value } from "./functions.ts";

/** An expression made ready; what it comes to for a query. Throws an Error where Go would return one. */
type Expression = (query: Query) => Value;

type Binary = (left: Value, right: Value) => Value;

/** By how tightly they bind, loosest first (expr-lang's parser). */
const LEVELS: readonly (readonly string[])[] = [
  ["||", "or"],
  ["&&", "and"],
  ["==", "!=", "<", ">", "<=", ">=", "in", "not", "matches", "contains", "startsWith", "endsWith"],
  ["+", "-"],
  ["*", "/", "%"],
];

const BINARY: Readonly<Record<string, Binary>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => numeric(a) < numeric(b),
  ">": (a, b) => numeric(a) > numeric(b),
  "<=": (a, b) => numeric(a) <= numeric(b),
  ">=": (a, b) => numeric(a) >= numeric(b),
  in: (a, b) => Array.isArray(b) && b.includes(a),
  matches: (a, b) => new Pattern(string(b)).match(string(a)) !== undefined,
  contains: (a, b) => string(a).includes(string(b)),
  startsWith: (a, b) => string(a).startsWith(string(b)),
  endsWith: (a, b) => string(a).endsWith(string(b)),
  "+": (a, b) => (typeof a === "string" ? a + string(b) : numeric(a) + numeric(b)),
  "-": (a, b) => numeric(a) - numeric(b),
  "*": (a, b) => numeric(a) * numeric(b),
  "/": (a, b) => numeric(a) / numeric(b),
  "%": (a, b) => numeric(a) % numeric(b),
};

const compiled = new Map<string, Expression>();

/** Throws an Error in expr-lang's words if the text is no expression. */
export function checkExpression(text: string): void {
  void compile(text);
}

/** What an expression of the view plugin comes to for a query; undefined where Go would have an error. */
export function evaluate(text: string, query: Query): Value | undefined {
  try {
    return compile(text)(query);
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return undefined;
    throw error;
  }
}

function compile(text: string): Expression {
  let made = compiled.get(text);
  if (!made) {
    if (compiled.size >= 1000) compiled.clear();
    compiled.set(text, (made = new Parser(text).whole()));
  }
  return made;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = expressionTokens(text);
  }

  whole(): Expression {
    const made = this.#binary(0);
    if (this.#token.kind !== "end") throw this.#unexpected();
    return made;
  }

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  #takes(...texts: readonly string[]): string | undefined {
    const { kind, text } = this.#token;
    if ((kind !== "operator" && kind !== "name") || !texts.includes(text)) return undefined;
    this.#at++;
    return text;
  }

  #needs(text: string): void {
    if (this.#takes(text) === undefined) throw this.#unexpected();
  }

  #unexpected(): Error {
    const { kind, text, at } = this.#token;
    const shown = kind === "end" ? "EOF" : `${kind === "name" ? "Identifier" : kind === "operator" ? "Operator" : kind === "string" ? "String" : "Number"}(${JSON.stringify(text)})`; // prettier-ignore
    return problem(this.#text, at, `unexpected token ${shown}`);
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (let found; (found = this.#takes(...operators)) !== undefined;) {
      const not = found === "not";
      if (not) this.#needs("in");
      const right = this.#binary(level + 1);
      left = join(not ? "not in" : found, left, right);
    }
    return left;
  }

  #unary(): Expression {
    if (this.#takes("!", "not")) {
      const inner = this.#unary();
      return (query) => !truth(inner(query));
    }
    if (this.#takes("-")) {
      const inner = this.#unary();
      return (query) => -numeric(inner(query));
    }
    return this.#primary();
  }

  #primary(): Expression {
    const token = this.#token;
    if (this.#takes("(")) {
      const inner = this.#binary(0);
      this.#needs(")");
      return inner;
    }
    if (this.#takes("[")) {
      const members = this.#list("]");
      return (query) => members.map((member) => member(query));
    }
    this.#at++;
    if (token.kind === "string") return () => token.text;
    if (token.kind === "number") return () => Number(token.text);
    if (token.text === "true" || token.text === "false") return () => token.text === "true";
    this.#at--;
    if (token.kind !== "name") throw this.#unexpected();
    return this.#call(token);
  }

  #call(token: Token): Expression {
    const known = Object.hasOwn(FUNCTIONS, token.text) ? FUNCTIONS[token.text] : undefined;
    if (!known) throw problem(this.#text, token.at, `unknown name ${token.text}`);
    this.#at++;
    this.#needs("(");
    const args = this.#list(")");
    if (args.length !== known.takes)
      throw problem(
        this.#text,
        token.at,
        `${args.length < known.takes ? "not enough" : "too many"} arguments to call ${token.text}`,
      );
    return (query) =>
      known.run(
        query,
        args.map((arg) => arg(query)),
      );
  }

  #list(end: string): Expression[] {
    const members: Expression[] = [];
    while (this.#takes(end) === undefined) {
      if (members.length > 0) this.#needs(",");
      members.push(this.#binary(0));
    }
    return members;
  }
}

function join(operator: string, left: Expression, right: Expression): Expression {
  if (operator === "||" || operator === "or") return (query) => truth(left(query)) || truth(right(query));
  if (operator === "&&" || operator === "and") return (query) => truth(left(query)) && truth(right(query));
  if (operator === "not in") return (query) => !truth(BINARY["in"]!(left(query), right(query)));
  const run = BINARY[operator]!;
  return (query) => run(left(query), right(query));
}

function truth(value: Value): boolean {
  if (typeof value !== "boolean") throw new Error("interface conversion: not a bool");
  return value;
}

function numeric(value: Value): number {
  if (typeof value !== "number") throw new Error("interface conversion: not a number");
  return value;
}

function string(value: Value): string {
  if (typeof value !== "string") throw new Error("interface conversion: not a string");
  return value;
}
