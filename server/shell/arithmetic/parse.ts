import { ArithmeticError, type BinaryOperator, type Expression, type Place } from "./expression.ts";
import { parseDigits } from "./integer.ts";

/** Reads an arithmetic expression as expr.c does, or throws `ArithmeticError`. */
export function parseArithmetic(text: string): Expression {
  const known = cache.get(text);
  if (known) return known;
  const expression = new Reader(text).read();
  cache.set(text, expression);
  if (cache.size > 1024) cache.delete(cache.keys().next().value!);
  return expression;
}

const cache = new Map<string, Expression>();

const ASSIGNMENTS = new Set(["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="]);
const OPERATORS = [
  "<<=", ">>=", "**", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
  "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=",
  "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "?", ":", ",", "(", ")",
]; // prettier-ignore

/** Binary operators by binding strength, the loosest first; `**` binds to the right. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
  ["**"],
];

class Reader {
  readonly #text: string;
  #at = 0;
  /** The token that is being looked at: an operator, `number`, `name`, or "" at the end. */
  #token = "";
  #value: Expression | undefined;
  /** Where the last token that is not the end starts, and the one before it. */
  #start = 0;
  #before = 0;
  #afterOperand = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Expression {
    this.#next();
    if (this.#token === "") return { type: "number", value: 0 };
    const expression = this.#comma();
    if (this.#token !== "") this.#fail("syntax error in expression");
    return expression;
  }

  #is(token: string): boolean {
    return this.#token === token;
  }

  #fail(message: string, end = this.#text.length): never {
    throw new ArithmeticError(this.#text.slice(0, end), message, this.#text.slice(this.#start, end));
  }

  #next(): void {
    const before = this.#token;
    this.#afterOperand = before === "number" || before === "name" || before === ")";
    while (/[ \t\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
    if (this.#at >= this.#text.length) {
      this.#token = "";
      return;
    }
    this.#before = this.#start;
    this.#start = this.#at;
    const char = this.#text[this.#at]!;
    if (/[A-Za-z_]/.test(char)) this.#name();
    else if (/\d/.test(char)) this.#number();
    else this.#operator();
  }

  #name(): void {
    const name = /^\w+/.exec(this.#text.slice(this.#at))![0];
    let end = this.#at + name.length;
    let subscript: string | undefined;
    if (this.#text[end] === "[") {
      const close = matchingBracket(this.#text, end);
      if (close < 0) this.#fail("bad array subscript");
      subscript = this.#text.slice(end + 1, close);
      end = close + 1;
    }
    this.#token = "name";
    this.#value = { type: "variable", name, subscript, at: this.#start };
    this.#at = end;
  }

  #number(): void {
    const digits = /^[\w@#]+/.exec(this.#text.slice(this.#at))![0];
    this.#at += digits.length;
    this.#token = "number";
    this.#value = { type: "number", value: this.#constant(digits) };
  }

  #constant(text: string): number | bigint {
    const hash = text.indexOf("#");
    let base = 10;
    let digits = text;
    if (hash >= 0) {
      base = Number(text.slice(0, hash));
      digits = text.slice(hash + 1);
      if (!(base >= 2 && base <= 64)) this.#fail("invalid arithmetic base", this.#at);
      if (digits === "") this.#fail("invalid integer constant", this.#at);
      if (digits.includes("#")) this.#fail("invalid number", this.#at);
    } else if (/^0[xX]/.test(text)) {
      base = 16;
      digits = text.slice(2);
    } else if (text.startsWith("0") && text.length > 1) {
      base = 8;
      digits = text.slice(1);
    }
    return parseDigits(digits, base) ?? this.#fail("value too great for base", this.#at);
  }

  #operator(): void {
    const rest = this.#text.slice(this.#at, this.#at + 3);
    let operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
    // `++` and `--` belong to a variable: behind one, or before one.
    if (operator === "++" || operator === "--") {
      const before = this.#token === "name";
      const after = /^[ \t\n]*[A-Za-z_]/.test(this.#text.slice(this.#at + 2));
      if (!before && !after) operator = operator[0]!;
    }
    if (operator === undefined)
      this.#fail(this.#afterOperand ? "syntax error: invalid arithmetic operator" : "syntax error: operand expected");
    this.#token = operator;
    this.#at += operator.length;
  }

  #comma(): Expression {
    let left = this.#assignment();
    while (this.#token === ",") {
      this.#next();
      const rightAt = this.#start;
      left = { type: "binary", operator: ",", left, right: this.#assignment(), rightAt };
    }
    return left;
  }

  #assignment(): Expression {
    const left = this.#choice();
    if (!ASSIGNMENTS.has(this.#token)) return left;
    if (left.type !== "variable") this.#fail("attempted assignment to non-variable");
    const operator = this.#token === "=" ? undefined : (this.#token.slice(0, -1) as BinaryOperator);
    this.#next();
    const at = this.#start;
    return { type: "assign", operator, place: left, value: this.#assignment(), at };
  }

  #choice(): Expression {
    const test = this.#binary(0);
    if (this.#token !== "?") return test;
    this.#next();
    if (this.#is("") || this.#is(":")) this.#fail("expression expected");
    const yes = this.#comma();
    if (!this.#is(":")) this.#fail("`:' expected for conditional expression");
    this.#next();
    if (this.#is("")) this.#fail("expression expected");
    return { type: "choose", test, yes, no: this.#choice() };
  }

  #binary(level: number): Expression {
    if (level === LEVELS.length) return this.#unary();
    const operators = LEVELS[level]!;
    let left = this.#binary(level + 1);
    while (operators.includes(this.#token as BinaryOperator)) {
      const operator = this.#token as BinaryOperator;
      this.#next();
      const first = this.#start;
      const right = this.#binary(operator === "**" ? level : level + 1);
      // A complaint about an exponent shows its last token, one about a divisor all of it.
      const rightAt = operator !== "**" ? first : this.#is("") ? this.#start : this.#before;
      left = { type: "binary", operator, left, right, rightAt };
    }
    return left;
  }

  #unary(): Expression {
    const operator = this.#token;
    if (operator === "!" || operator === "~" || operator === "-" || operator === "+") {
      this.#next();
      return { type: "unary", operator, operand: this.#unary() };
    }
    if (operator === "++" || operator === "--") {
      this.#next();
      const place = this.#value as Place;
      this.#next();
      return { type: "step", by: operator === "++" ? 1 : -1, prefix: true, place };
    }
    return this.#primary();
  }

  #primary(): Expression {
    if (this.#token === "(") {
      this.#next();
      const inner = this.#comma();
      if (!this.#is(")")) this.#fail("missing `)'");
      this.#next();
      return inner;
    }
    const value = this.#value;
    if (this.#token === "number") {
      this.#next();
      return value!;
    }
    if (this.#token !== "name") this.#fail("syntax error: operand expected");
    this.#next();
    if (!this.#is("++") && !this.#is("--")) return value!;
    const by = this.#is("++") ? 1 : -1;
    this.#token = "number";
    this.#next();
    return { type: "step", by, prefix: false, place: value as Place };
  }
}

/** The bracket that closes the one at `open`; -1 if none does. */
export function matchingBracket(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "[") depth++;
    else if (char === "]" && --depth === 0) return at;
  }
  return -1;
}
