import type { Expression, Place } from "./ast.ts";
import { AwkFault } from "./fault.ts";
import type { Tokens } from "./tokens.ts";

/** How many arguments builtins take at least and at most. */
const ARITY: Readonly<Record<string, readonly [number, number]>> = {
  length: [0, 1], substr: [2, 3], index: [2, 2], split: [2, 3], sub: [2, 3], gsub: [2, 3], match: [2, 2], sprintf: [1, 255],
  sin: [1, 1], cos: [1, 1], atan2: [2, 2], exp: [1, 1], log: [1, 1], sqrt: [1, 1], int: [1, 1], rand: [0, 0], srand: [0, 1],
  tolower: [1, 1], toupper: [1, 1], system: [1, 1], close: [1, 1], fflush: [0, 1], systime: [0, 0], strftime: [0, 3], mktime: [1, 1],
}; // prettier-ignore

const ASSIGNMENTS = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^=", "**="]);

/** Reads expressions, from the weakest operator to the strongest. */
export class ExpressionParser {
  readonly #tokens: Tokens;
  /** Names of functions that were called. */
  readonly called = new Set<string>();
  /** Above 0 within the arguments of a print without parentheses: `>` redirects. */
  #noGreater = 0;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  /** Reads where `>` and `|` redirect. */
  withoutRedirection<Result>(read: () => Result): Result {
    this.#noGreater++;
    const result = read();
    this.#noGreater--;
    return result;
  }

  expression(): Expression {
    return this.ternary();
  }

  #assignable(left: Expression): Place | undefined {
    return left.kind === "variable" || left.kind === "field" || left.kind === "element" ? left : undefined;
  }

  ternary(): Expression {
    const test = this.#or();
    const place = this.#assignable(test);
    if (place && this.#tokens.current.kind === "symbol" && ASSIGNMENTS.has(this.#tokens.current.text))
      return this.#assignment(place);
    if (!this.#tokens.accept("?")) return test;
    this.#tokens.newlines();
    const yes = this.ternary();
    this.#tokens.newlines();
    this.#tokens.expect(":");
    this.#tokens.newlines();
    return { kind: "conditional", test, yes, no: this.ternary() };
  }

  #assignment(to: Place): Expression {
    const operator = this.#tokens.advance().text.slice(0, -1).replace("**", "^");
    this.#tokens.newlines();
    return { kind: "assign", operator, to, value: this.ternary() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#tokens.is("||")) {
      this.#tokens.advance();
      this.#tokens.newlines();
      left = { kind: "or", left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.#tokens.is("&&")) {
      this.#tokens.advance();
      this.#tokens.newlines();
      left = { kind: "and", left, right: this.#in() };
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (this.#tokens.isKeyword("in")) {
      this.#tokens.advance();
      const array = this.#tokens.advance();
      if (array.kind !== "name") throw new AwkFault(`line ${array.line}: syntax error at or near ${array.text}`);
      const subscripts =
        left.kind === "in" && left.array === "" ? left.subscripts : [left.kind === "group" ? left.of : left];
      left = { kind: "in", subscripts, array: array.text };
    }
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    while (this.#tokens.is("~") || this.#tokens.is("!~")) {
      const negated = this.#tokens.advance().text === "!~";
      left = { kind: "match", negated, left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): Expression {
    const left = this.#concatenation();
    const operator = this.#tokens.current.text;
    const compares = this.#tokens.current.kind === "symbol" && ["<", "<=", "==", "!=", ">=", ">"].includes(operator);
    if (!compares || (operator === ">" && this.#noGreater > 0)) return left;
    this.#tokens.advance();
    return { kind: "binary", operator, left, right: this.#concatenation() };
  }

  #concatenation(): Expression {
    let left = this.#additive();
    while (this.#beginsOperand()) left = { kind: "binary", operator: " ", left, right: this.#additive() };
    while (this.#tokens.is("|") && this.#noGreater === 0) {
      const piped = this.#pipedGetline(left);
      if (!piped) break;
      left = piped;
    }
    return left;
  }

  /** `command | getline`; elsewhere a bar is a redirection. */
  #pipedGetline(source: Expression): Expression | undefined {
    this.#tokens.advance();
    if (!this.#tokens.isKeyword("getline")) this.#tokens.unexpected();
    this.#tokens.advance();
    return { kind: "getline", from: "command", source, to: this.#optionalPlace() };
  }

  #optionalPlace(): Place | undefined {
    if (this.#tokens.is("$") || this.#tokens.current.kind === "name") {
      const place = this.#assignable(this.#primary());
      if (place) return place;
      this.#tokens.unexpected();
    }
    return undefined;
  }

  #beginsOperand(): boolean {
    const { kind, text } = this.#tokens.current;
    if (kind === "symbol") return ["$", "!", "(", "-", "+", "++", "--"].includes(text);
    if (kind === "keyword") return false;
    return kind === "number" || kind === "string" || kind === "name" || kind === "call" || kind === "builtin";
  }

  #additive(): Expression {
    let left = this.#multiplicative();
    while (this.#tokens.is("+") || this.#tokens.is("-"))
      left = { kind: "binary", operator: this.#tokens.advance().text, left, right: this.#multiplicative() };
    return left;
  }

  #multiplicative(): Expression {
    let left = this.#unary();
    while (this.#tokens.is("*") || this.#tokens.is("/") || this.#tokens.is("%"))
      left = { kind: "binary", operator: this.#tokens.advance().text, left, right: this.#unary() };
    return left;
  }

  #unary(): Expression {
    for (const operator of ["!", "-", "+"] as const) {
      if (!this.#tokens.is(operator)) continue;
      this.#tokens.advance();
      return { kind: "unary", operator, of: this.#unary() };
    }
    return this.#power();
  }

  #power(): Expression {
    const left = this.#postfix();
    if (!this.#tokens.is("^")) return left;
    this.#tokens.advance();
    // The operand on the right may have a sign, and powers group to the right.
    const right = this.#tokens.is("-") || this.#tokens.is("+") || this.#tokens.is("!") ? this.#unary() : this.#power();
    return { kind: "binary", operator: "^", left, right };
  }

  #postfix(): Expression {
    const of = this.#primary();
    const place = this.#assignable(of);
    if (place && (this.#tokens.is("++") || this.#tokens.is("--")))
      return { kind: "increment", to: place, by: this.#tokens.advance().text === "++" ? 1 : -1, before: false };
    return of;
  }

  #primary(): Expression {
    const token = this.#tokens.current;
    switch (token.kind) {
      case "number":
        this.#tokens.advance();
        return { kind: "number", value: Number(token.text) };
      case "string":
        this.#tokens.advance();
        return { kind: "string", value: token.text };
      case "name":
        return this.#named();
      case "call":
        return this.#call();
      case "builtin":
        return this.#builtin();
      case "keyword":
        if (token.text === "getline") return this.#getline();
        return this.#tokens.unexpected();
      case "symbol":
        return this.#symbol();
      default:
        return this.#tokens.unexpected();
    }
  }

  #symbol(): Expression {
    const { text } = this.#tokens.current;
    if (text === "/" || text === "/=") {
      return { kind: "regex", source: this.#tokens.regex(text === "/=" ? "=" : "") };
    }
    if (text === "$") {
      this.#tokens.advance();
      const increments = this.#tokens.is("++") || this.#tokens.is("--");
      const negative = this.#tokens.is("-") || this.#tokens.is("!") || this.#tokens.is("+");
      const number = increments ? this.#increment() : negative ? this.#unary() : this.#primary();
      return { kind: "field", number };
    }
    if (text === "++" || text === "--") return this.#increment();
    if (text === "(") return this.#group();
    if (text === "-" || text === "+" || text === "!") return this.#unary();
    return this.#tokens.unexpected();
  }

  #increment(): Expression {
    const by = this.#tokens.advance().text === "++" ? 1 : -1;
    const to = this.#assignable(this.#primary());
    if (!to) this.#tokens.unexpected();
    return { kind: "increment", to, by, before: true };
  }

  #group(): Expression {
    this.#tokens.advance();
    const noGreater = this.#noGreater;
    this.#noGreater = 0;
    const first = this.expression();
    const all = [first];
    while (this.#tokens.accept(",")) {
      this.#tokens.newlines();
      all.push(this.expression());
    }
    this.#tokens.expect(")");
    this.#noGreater = noGreater;
    if (all.length === 1) return { kind: "group", of: first };
    // Subscripts of `(i, j) in a`, or the arguments of print.
    return { kind: "in", subscripts: all, array: "" };
  }

  #named(): Expression {
    const { text: name } = this.#tokens.advance();
    if (!this.#tokens.accept("[")) return { kind: "variable", name };
    return { kind: "element", array: name, subscripts: this.list("]") };
  }

  /** Expressions with commas between them, up to a closing symbol. */
  list(close: string): Expression[] {
    const noGreater = this.#noGreater;
    this.#noGreater = 0;
    const all: Expression[] = [];
    this.#tokens.newlines();
    while (!this.#tokens.is(close)) {
      all.push(this.expression());
      this.#tokens.newlines();
      if (!this.#tokens.accept(",")) break;
      this.#tokens.newlines();
    }
    this.#tokens.expect(close);
    this.#noGreater = noGreater;
    return all;
  }

  #call(): Expression {
    const { text: name } = this.#tokens.advance();
    this.#tokens.advance();
    this.called.add(name);
    return { kind: "call", name, args: this.list(")") };
  }

  #builtin(): Expression {
    const { text: name, line } = this.#tokens.advance();
    if (!this.#tokens.is("(")) {
      if (name !== "length") this.#tokens.unexpected();
      return { kind: "builtin", name, args: [] };
    }
    this.#tokens.advance();
    const args = this.list(")");
    const [least, most] = ARITY[name]!;
    if (args.length < least)
      throw new AwkFault(`line ${line}: not enough arguments in call to ${name}: ${args.length} (need ${least})`);
    if (args.length > most)
      throw new AwkFault(`line ${line}: too many arguments in call to ${name}: ${args.length} (maximum ${most})`);
    return { kind: "builtin", name, args };
  }

  #getline(): Expression {
    this.#tokens.advance();
    const to = this.#optionalPlace();
    if (!this.#tokens.accept("<")) return { kind: "getline", from: "main", source: undefined, to };
    return { kind: "getline", from: "file", source: this.#postfix(), to };
  }
}
