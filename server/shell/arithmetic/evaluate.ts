import { ArithmeticError, type BinaryOperator, type Expression, type Place } from "./expression.ts";
import { add, bitwise, divide, multiply, power, remainder, shift, subtract, wrap, type Integer } from "./integer.ts";
import { parseArithmetic } from "./parse.ts";

/** Where an expression finds its variables. Methods throw what ends the evaluation. */
export interface ArithmeticScope {
  /** The text that a variable holds; undefined or "" count as 0. */
  read(name: string, subscript: string | undefined): string | undefined;
  write(name: string, subscript: string | undefined, value: string): void;
}

const DEEPEST = 1024;

/** Computes an expression; throws `ArithmeticError`. */
export function evaluateArithmetic(text: string, scope: ArithmeticScope): Integer {
  return evaluateText(text, scope, 0);
}

function evaluateText(text: string, scope: ArithmeticScope, depth: number): Integer {
  // The usual contents of a variable need no reading.
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (depth > DEEPEST) throw new ArithmeticError(text, "expression recursion level exceeded", text);
  return new Evaluation(text, scope, depth).run(parseArithmetic(text));
}

class Evaluation {
  readonly #text: string;
  readonly #scope: ArithmeticScope;
  readonly #depth: number;

  constructor(text: string, scope: ArithmeticScope, depth: number) {
    this.#text = text;
    this.#scope = scope;
    this.#depth = depth;
  }

  run(expression: Expression): Integer {
    switch (expression.type) {
      case "number":
        return expression.value;
      case "variable":
        return this.#read(expression);
      case "unary":
        return unary(expression.operator, this.run(expression.operand));
      case "step": {
        const before = this.#read(expression.place);
        const after = add(before, expression.by);
        this.#write(expression.place, after);
        return expression.prefix ? after : before;
      }
      case "binary":
        return this.#binary(expression);
      case "assign": {
        const { operator, place } = expression;
        const value = this.run(expression.value);
        const result = operator === undefined ? value : this.#apply(operator, this.#read(place), value, expression.at);
        this.#write(place, result);
        return result;
      }
      case "choose":
        return this.run(this.run(expression.test) ? expression.yes : expression.no);
    }
  }

  #read({ name, subscript }: Place): Integer {
    const text = this.#scope.read(name, subscript);
    return text === undefined || text === "" ? 0 : evaluateText(text, this.#scope, this.#depth + 1);
  }

  #write({ name, subscript }: Place, value: Integer): void {
    this.#scope.write(name, subscript, String(value));
  }

  #binary({ operator, left, right, rightAt }: Extract<Expression, { type: "binary" }>): Integer {
    if (operator === "&&") return this.run(left) && this.run(right) ? 1 : 0;
    if (operator === "||") return this.run(left) || this.run(right) ? 1 : 0;
    const value = this.run(left);
    return this.#apply(operator, value, this.run(right), rightAt);
  }

  #apply(operator: BinaryOperator, a: Integer, b: Integer, rightAt: number): Integer {
    switch (operator) {
      case "+":
        return add(a, b);
      case "-":
        return subtract(a, b);
      case "*":
        return multiply(a, b);
      case "/":
      case "%":
        if (b === 0) this.#fail("division by 0", rightAt);
        return operator === "/" ? divide(a, b) : remainder(a, b);
      case "**":
        if (b < 0) this.#fail("exponent less than 0", rightAt);
        return power(a, b);
      case "<<":
      case ">>":
        return shift(a, b, operator);
      case "&":
      case "|":
      case "^":
        return bitwise(a, b, operator);
      case "<":
        return a < b ? 1 : 0;
      case ">":
        return a > b ? 1 : 0;
      case "<=":
        return a <= b ? 1 : 0;
      case ">=":
        return a >= b ? 1 : 0;
      case "==":
        return a === b ? 1 : 0;
      case "!=":
        return a === b ? 0 : 1;
      case "&&":
      case "||":
      case ",":
        return b;
    }
  }

  #fail(message: string, at: number): never {
    throw new ArithmeticError(this.#text, message, this.#text.slice(at));
  }
}

function unary(operator: "!" | "~" | "-" | "+", value: Integer): Integer {
  switch (operator) {
    case "!":
      return value ? 0 : 1;
    case "~":
      return typeof value === "number" ? subtract(-1, value) : wrap(~value);
    case "-":
      return subtract(0, value);
    case "+":
      return value;
  }
}
