import { CelSyntaxError, type Expression } from "./ast.ts";
import { tokens, type Token } from "./lexer.ts";

/** Parses an expression; throws a CelSyntaxError for what is none. Macros are expanded as they are met. */
export function parseCel(text: string): Expression {
  return new Parser(tokens(text)).whole();
}

const RELATIONS = new Set(["<", "<=", ">=", ">", "==", "!=", "in"]);
const LOOPS = new Set(["all", "exists", "exists_one", "existsOne", "filter", "map"]);
/** The parser of the real server gives up at this depth, too. */
const MAX_DEPTH = 250;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#next.kind !== "end") throw this.#unexpected();
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #is(text: string): boolean {
    const { kind, text: found } = this.#next;
    return found === text && (kind === "symbol" || (kind === "name" && text === "in"));
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (this.#take(text)) return;
    const { at, kind, text: found } = this.#next;
    const shown = kind === "end" ? "<EOF>" : found;
    throw new CelSyntaxError(at, `Syntax error: mismatched input '${shown}' expecting '${text}'`);
  }

  #unexpected(): CelSyntaxError {
    const { at, kind, text } = this.#next;
    return kind === "end"
      ? new CelSyntaxError(at, "Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}") // prettier-ignore
      : new CelSyntaxError(at, `Syntax error: extraneous input '${text}' expecting <EOF>`);
  }

  #expression(): Expression {
    if (++this.#depth > MAX_DEPTH)
      throw new CelSyntaxError(this.#next.at, `expression recursion limit exceeded: ${MAX_DEPTH}`);
    const condition = this.#or();
    const { at } = this.#next;
    let found = condition;
    if (this.#take("?")) {
      const yes = this.#or();
      this.#expect(":");
      found = { kind: "call", at, name: "_?_:_", args: [condition, yes, this.#expression()] };
    }
    this.#depth--;
    return found;
  }

  #or(): Expression {
    return this.#chain(["||"], () => this.#chain(["&&"], () => this.#relation()));
  }

  #chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const { at } = this.#next;
      const operator = operators.find((one) => this.#take(one));
      if (operator === undefined) return left;
      left = { kind: "call", at, name: operator, args: [left, operand()] };
    }
  }

  #relation(): Expression {
    return this.#chain([...RELATIONS], () =>
      this.#chain(["+", "-"], () => this.#chain(["*", "/", "%"], () => this.#unary())),
    );
  }

  #unary(): Expression {
    const { at } = this.#next;
    if (this.#take("!")) return { kind: "call", at, name: "!", args: [this.#unary()] };
    if (!this.#take("-")) return this.#member();
    const { kind } = this.#next;
    if (kind === "int" || kind === "double") {
      const operand = this.#member();
      if (operand.kind === "literal" && typeof operand.value === "bigint")
        return { kind: "literal", at, value: -operand.value };
      if (operand.kind === "literal" && typeof operand.value === "number")
        return { kind: "literal", at, value: -operand.value };
      return { kind: "call", at, name: "-", args: [operand] };
    }
    return { kind: "call", at, name: "-", args: [this.#unary()] };
  }

  #member(): Expression {
    let of = this.#primary();
    for (;;) {
      const { at } = this.#next;
      if (this.#take(".")) {
        const optional = this.#take("?");
        const { kind, text: field } = this.#next;
        if (kind !== "name") throw this.#unexpected();
        this.#at++;
        // A call stands where its parenthesis does, for errors.
        const place = this.#next.at;
        if (!optional && this.#take("(")) of = this.#method(of, field, place);
        else of = { kind: "select", at, of, field, optional };
      } else if (this.#take("[")) {
        const optional = this.#take("?");
        const key = this.#expression();
        this.#expect("]");
        of = { kind: "index", at, of, key, optional };
      } else return of;
    }
  }

  #method(target: Expression, name: string, at: number): Expression {
    const args = this.#arguments();
    if (LOOPS.has(name) && args.length >= 2) return loop(target, name, args, at);
    return { kind: "call", at, name, target, args };
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    while (!this.#take(")")) {
      args.push(this.#expression());
      if (!this.#is(")")) this.#expect(",");
    }
    return args;
  }

  #primary(): Expression {
    const { kind, text, at } = this.#next;
    switch (kind) {
      case "int":
        this.#at++;
        return { kind: "literal", at, value: BigInt(text.replace(/u$/i, "")) };
      case "double":
        this.#at++;
        return { kind: "literal", at, value: Number(text) };
      case "string":
        this.#at++;
        return { kind: "literal", at, value: text };
      case "name":
        this.#at++;
        return this.#named(text, at);
      case "symbol":
        if (this.#take("(")) {
          const inner = this.#expression();
          this.#expect(")");
          return inner;
        }
        if (this.#take("[")) return { kind: "list", at, items: this.#items() };
        if (this.#take("{")) return { kind: "map", at, entries: this.#entries() };
        throw this.#unexpected();
      case "end":
        throw this.#unexpected();
    }
  }

  #named(name: string, at: number): Expression {
    if (name === "true" || name === "false") return { kind: "literal", at, value: name === "true" };
    if (name === "null") return { kind: "literal", at, value: null };
    const place = this.#next.at;
    if (!this.#take("(")) return { kind: "name", at, name };
    const args = this.#arguments();
    if (name !== "has") return { kind: "call", at: place, name, args };
    const [field] = args;
    if (args.length !== 1 || field?.kind !== "select") throw new CelSyntaxError(at, "invalid argument to has() macro");
    return { kind: "has", at, of: field.of, field: field.field };
  }

  #items(): Expression[] {
    const items: Expression[] = [];
    while (!this.#take("]")) {
      items.push(this.#expression());
      if (!this.#is("]")) this.#expect(",");
    }
    return items;
  }

  #entries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    while (!this.#take("}")) {
      const key = this.#expression();
      this.#expect(":");
      entries.push([key, this.#expression()]);
      if (!this.#is("}")) this.#expect(",");
    }
    return entries;
  }
}

function loop(over: Expression, name: string, args: readonly Expression[], at: number): Expression {
  const [variable, first, second] = args;
  const macro = (name === "existsOne" ? "exists_one" : name) as "all";
  if (variable?.kind !== "name" || args.length > 3) throw new CelSyntaxError(at, "argument must be a simple name");
  const base = { kind: "loop", at, macro, over, variable: variable.name } as const;
  if (name === "map")
    return second
      ? { ...base, macro: "map", condition: first!, result: second }
      : { ...base, macro: "map", result: first! };
  if (second) throw new CelSyntaxError(at, `drydock: CEL: '${name}' with two variables is not simulated`);
  return { ...base, condition: first! };
}
