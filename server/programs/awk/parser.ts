import type { AwkProgram, Expression, FunctionNode, Place, Redirection, Rule, Statement } from "./ast.ts";
import { AwkFault } from "./fault.ts";
import { Lexer, type Token } from "./lexer.ts";

/** How many arguments builtins take at least and at most. */
const ARITY: Readonly<Record<string, readonly [number, number]>> = {
  length: [0, 1], substr: [2, 3], index: [2, 2], split: [2, 3], sub: [2, 3], gsub: [2, 3], match: [2, 2], sprintf: [1, 255],
  sin: [1, 1], cos: [1, 1], atan2: [2, 2], exp: [1, 1], log: [1, 1], sqrt: [1, 1], int: [1, 1], rand: [0, 0], srand: [0, 1],
  tolower: [1, 1], toupper: [1, 1], system: [1, 1], close: [1, 1], fflush: [0, 1], systime: [0, 0], strftime: [0, 3], mktime: [1, 1],
}; // prettier-ignore

const ASSIGNMENTS = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^=", "**="]);

/** Reads an awk program (POSIX grammar, errors in mawk's words). Throws AwkFault. */
export function parseAwk(text: string): AwkProgram {
  return new Parser(text).program();
}

class Parser {
  readonly #lexer: Lexer;
  #token: Token;
  /** Inside of `for (…;` or an argument list without parentheses: what `in` and `>` mean. */
  #noIn = 0;
  #noGreater = 0;
  /** Names of functions that were called, with the first line. */
  readonly #called = new Set<string>();
  readonly #functions = new Map<string, FunctionNode>();

  constructor(text: string) {
    this.#lexer = new Lexer(text);
    this.#token = this.#lexer.next();
  }

  program(): AwkProgram {
    const begin: Statement[] = [];
    const end: Statement[] = [];
    const rules: Rule[] = [];
    this.#terminators();
    while (this.#token.kind !== "end") {
      if (this.#isKeyword("function")) this.#function();
      else if (this.#isKeyword("BEGIN") || this.#isKeyword("END")) {
        const list = this.#token.text === "BEGIN" ? begin : end;
        this.#advance();
        if (!this.#is("{")) this.#unexpected();
        list.push(this.#block());
      } else rules.push(this.#rule());
      this.#terminators();
    }
    for (const name of this.#called)
      if (!this.#functions.has(name))
        throw new AwkFault(`line ${this.#lexer.line + 1}: function ${name} never defined`);
    return { begin, rules, end, functions: this.#functions };
  }

  // Tokens

  #advance(): Token {
    const token = this.#token;
    this.#token = this.#lexer.next();
    return token;
  }

  #is(symbol: string): boolean {
    return this.#token.kind === "symbol" && this.#token.text === symbol;
  }

  #isKeyword(word: string): boolean {
    return this.#token.kind === "keyword" && this.#token.text === word;
  }

  #accept(symbol: string): boolean {
    if (!this.#is(symbol)) return false;
    this.#advance();
    return true;
  }

  #expect(symbol: string): void {
    if (this.#accept(symbol)) return;
    if (symbol === ")" || symbol === "}") {
      const near = this.#near();
      const line = this.#token.kind === "end" && symbol === "}" ? this.#token.line + 1 : this.#token.line;
      throw new AwkFault(`line ${line}: missing ${symbol} near ${near}`);
    }
    this.#unexpected();
  }

  #near(): string {
    const { kind, text } = this.#token;
    return kind === "end" ? "end of file" : kind === "newline" ? "end of line" : text;
  }

  #unexpected(): never {
    throw new AwkFault(`line ${this.#token.line}: syntax error at or near ${this.#near()}`);
  }

  #newlines(): void {
    while (this.#token.kind === "newline") this.#advance();
  }

  #terminators(): void {
    while (this.#token.kind === "newline" || this.#is(";")) this.#advance();
  }

  // Items

  #function(): void {
    this.#advance();
    const name = this.#advance();
    if (name.kind !== "name" && name.kind !== "call")
      throw new AwkFault(`line ${name.line}: syntax error at or near ${name.text}`);
    this.#expect("(");
    const parameters: string[] = [];
    while (!this.#is(")")) {
      const parameter = this.#advance();
      if (parameter.kind !== "name")
        throw new AwkFault(`line ${parameter.line}: syntax error at or near ${parameter.text}`);
      parameters.push(parameter.text);
      if (!this.#accept(",")) break;
      this.#newlines();
    }
    this.#expect(")");
    this.#newlines();
    const node: FunctionNode = { name: name.text, parameters, body: { kind: "block", body: [] } };
    this.#functions.set(name.text, node);
    node.body = this.#block();
  }

  #rule(): Rule {
    const patterns: Expression[] = [];
    if (this.#is("}"))
      throw new AwkFault(
        `line ${this.#token.line}: extra '}'\nawk: line ${this.#token.line}: syntax error at or near end of line`,
      );
    if (!this.#is("{")) {
      patterns.push(this.#expression());
      if (this.#accept(",")) {
        this.#newlines();
        patterns.push(this.#expression());
      }
    }
    const rule = { patterns, action: this.#is("{") ? this.#block() : undefined };
    const ends = this.#token.kind === "newline" || this.#token.kind === "end" || this.#is(";") || this.#is("}");
    if (!ends && rule.action === undefined) this.#unexpected();
    if (!ends && this.#token.kind === "keyword" && !["BEGIN", "END", "function"].includes(this.#token.text))
      this.#unexpected();
    return rule;
  }

  #block(): Statement {
    this.#expect("{");
    const body: Statement[] = [];
    this.#terminators();
    while (!this.#is("}")) {
      if (this.#token.kind === "end") this.#expect("}");
      body.push(this.#statement());
      this.#terminators();
    }
    this.#advance();
    return { kind: "block", body };
  }

  #endsStatement(): boolean {
    return this.#is(";") || this.#is("}") || this.#token.kind === "newline" || this.#token.kind === "end";
  }

  #endOfSimple(): void {
    if (this.#is(";") || this.#token.kind === "newline") {
      this.#advance();
      return;
    }
    if (this.#is("}") || this.#token.kind === "end") return;
    this.#unexpected();
  }

  #statement(): Statement {
    if (this.#is("{")) return this.#block();
    if (this.#is(";")) {
      this.#advance();
      return { kind: "block", body: [] };
    }
    if (this.#token.kind === "keyword") {
      switch (this.#token.text) {
        case "if":
          return this.#if();
        case "while":
          return this.#while();
        case "do":
          return this.#do();
        case "for":
          return this.#for();
      }
    }
    const statement = this.#simple();
    this.#endOfSimple();
    return statement;
  }

  #body(): Statement {
    this.#newlines();
    return this.#statement();
  }

  #if(): Statement {
    this.#advance();
    this.#expect("(");
    const test = this.#expression();
    this.#expect(")");
    const yes = this.#body();
    // An `else` may stand behind semicolons and newlines.
    this.#terminators();
    if (!this.#isKeyword("else")) return { kind: "if", test, yes, no: undefined };
    this.#advance();
    return { kind: "if", test, yes, no: this.#body() };
  }

  #while(): Statement {
    this.#advance();
    this.#expect("(");
    const test = this.#expression();
    this.#expect(")");
    if (this.#accept(";")) return { kind: "while", test, body: { kind: "block", body: [] } };
    return { kind: "while", test, body: this.#body() };
  }

  #do(): Statement {
    this.#advance();
    const body = this.#body();
    this.#terminators();
    if (!this.#isKeyword("while")) this.#unexpected();
    this.#advance();
    this.#expect("(");
    const test = this.#expression();
    this.#expect(")");
    this.#endOfSimple();
    return { kind: "do", body, test };
  }

  #for(): Statement {
    this.#advance();
    this.#expect("(");
    let start: Statement | undefined;
    if (!this.#is(";")) {
      const first = this.#simple();
      if (first.kind === "expression" && first.value.kind === "in" && this.#is(")")) {
        const [key] = first.value.subscripts;
        if (first.value.subscripts.length !== 1 || key?.kind !== "variable") this.#unexpected();
        this.#advance();
        return {
          kind: "forIn",
          variable: key,
          array: first.value.array,
          body: this.#body(),
        };
      }
      start = first;
    }
    this.#expect(";");
    this.#newlines();
    const test = this.#is(";") ? undefined : this.#expression();
    this.#expect(";");
    this.#newlines();
    const step = this.#is(")") ? undefined : this.#simple();
    this.#expect(")");
    if (this.#accept(";")) return { kind: "for", start, test, step, body: { kind: "block", body: [] } };
    return { kind: "for", start, test, step, body: this.#body() };
  }

  #simple(): Statement {
    if (this.#token.kind === "keyword") {
      const { text } = this.#token;
      switch (text) {
        case "print":
        case "printf":
          return this.#print(text);
        case "next":
        case "nextfile":
        case "break":
        case "continue":
          this.#advance();
          return { kind: text };
        case "exit":
        case "return": {
          this.#advance();
          return { kind: text, value: this.#endsStatement() ? undefined : this.#expression() };
        }
        case "delete":
          return this.#delete();
        case "getline":
          break;
        default:
          this.#unexpected();
      }
    }
    return { kind: "expression", value: this.#expression() };
  }

  #delete(): Statement {
    this.#advance();
    const name = this.#advance();
    if (name.kind !== "name") throw new AwkFault(`line ${name.line}: syntax error at or near ${name.text}`);
    if (!this.#accept("[")) return { kind: "delete", array: name.text, subscripts: undefined };
    const subscripts = this.#list("]");
    return { kind: "delete", array: name.text, subscripts };
  }

  #print(kind: "print" | "printf"): Statement {
    this.#advance();
    let args: Expression[] = [];
    const ends = (): boolean => this.#endsStatement() || this.#is(">") || this.#is(">>") || this.#is("|");
    this.#noGreater++;
    if (!ends()) {
      args.push(this.#expression());
      const [first] = args;
      // `print (a, b) > "x"`: the list was read as a group of several.
      if (first?.kind === "in" && first.array === "") args = [...first.subscripts];
      while (this.#accept(",")) {
        this.#newlines();
        args.push(this.#expression());
      }
    }
    let to: Redirection | undefined;
    for (const how of [">>", ">", "|"] as const)
      if (this.#is(how)) {
        this.#advance();
        to = { how, target: this.#ternary() };
        break;
      }
    this.#noGreater--;
    return { kind, args, to };
  }

  // Expressions, from the weakest operator to the strongest

  #expression(): Expression {
    return this.#ternary();
  }

  #assignable(left: Expression): Place | undefined {
    return left.kind === "variable" || left.kind === "field" || left.kind === "element" ? left : undefined;
  }

  #ternary(): Expression {
    const test = this.#or();
    const place = this.#assignable(test);
    if (place && this.#token.kind === "symbol" && ASSIGNMENTS.has(this.#token.text)) return this.#assignment(place);
    if (!this.#accept("?")) return test;
    this.#newlines();
    const yes = this.#ternary();
    this.#newlines();
    this.#expect(":");
    this.#newlines();
    return { kind: "conditional", test, yes, no: this.#ternary() };
  }

  #assignment(to: Place): Expression {
    const operator = this.#advance().text.slice(0, -1).replace("**", "^");
    this.#newlines();
    return { kind: "assign", operator, to, value: this.#ternary() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#is("||")) {
      this.#advance();
      this.#newlines();
      left = { kind: "or", left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.#is("&&")) {
      this.#advance();
      this.#newlines();
      left = { kind: "and", left, right: this.#in() };
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (this.#noIn === 0 && this.#isKeyword("in")) {
      this.#advance();
      const array = this.#advance();
      if (array.kind !== "name") throw new AwkFault(`line ${array.line}: syntax error at or near ${array.text}`);
      const subscripts =
        left.kind === "in" && left.array === "" ? left.subscripts : [left.kind === "group" ? left.of : left];
      left = { kind: "in", subscripts, array: array.text };
    }
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    while (this.#is("~") || this.#is("!~")) {
      const negated = this.#advance().text === "!~";
      left = { kind: "match", negated, left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): Expression {
    const left = this.#concatenation();
    const operator = this.#token.text;
    const compares = this.#token.kind === "symbol" && ["<", "<=", "==", "!=", ">=", ">"].includes(operator);
    if (!compares || (operator === ">" && this.#noGreater > 0)) return left;
    this.#advance();
    return { kind: "binary", operator, left, right: this.#concatenation() };
  }

  #concatenation(): Expression {
    let left = this.#additive();
    while (this.#beginsOperand()) left = { kind: "binary", operator: " ", left, right: this.#additive() };
    while (this.#is("|") && this.#noGreater === 0) {
      const piped = this.#pipedGetline(left);
      if (!piped) break;
      left = piped;
    }
    return left;
  }

  /** `command | getline`; elsewhere a bar is a redirection. */
  #pipedGetline(source: Expression): Expression | undefined {
    this.#advance();
    if (!this.#isKeyword("getline")) this.#unexpected();
    this.#advance();
    return { kind: "getline", from: "command", source, to: this.#optionalPlace() };
  }

  #optionalPlace(): Place | undefined {
    if (this.#is("$") || this.#token.kind === "name") {
      const place = this.#assignable(this.#primary());
      if (place) return place;
      this.#unexpected();
    }
    return undefined;
  }

  #beginsOperand(): boolean {
    const { kind, text } = this.#token;
    if (kind === "symbol") return ["$", "!", "(", "-", "+", "++", "--"].includes(text);
    if (kind === "keyword") return false;
    return kind === "number" || kind === "string" || kind === "name" || kind === "call" || kind === "builtin";
  }

  #additive(): Expression {
    let left = this.#multiplicative();
    while (this.#is("+") || this.#is("-"))
      left = { kind: "binary", operator: this.#advance().text, left, right: this.#multiplicative() };
    return left;
  }

  #multiplicative(): Expression {
    let left = this.#unary();
    while (this.#is("*") || this.#is("/") || this.#is("%"))
      left = { kind: "binary", operator: this.#advance().text, left, right: this.#unary() };
    return left;
  }

  #unary(): Expression {
    for (const operator of ["!", "-", "+"] as const) {
      if (!this.#is(operator)) continue;
      this.#advance();
      return { kind: "unary", operator, of: this.#unary() };
    }
    return this.#power();
  }

  #power(): Expression {
    const left = this.#postfix();
    if (!this.#is("^")) return left;
    this.#advance();
    // The operand on the right may have a sign, and powers group to the right.
    const right = this.#is("-") || this.#is("+") || this.#is("!") ? this.#unary() : this.#power();
    return { kind: "binary", operator: "^", left, right };
  }

  #postfix(): Expression {
    const of = this.#primary();
    const place = this.#assignable(of);
    if (place && (this.#is("++") || this.#is("--")))
      return { kind: "increment", to: place, by: this.#advance().text === "++" ? 1 : -1, before: false };
    return of;
  }

  #primary(): Expression {
    const token = this.#token;
    switch (token.kind) {
      case "number":
        this.#advance();
        return { kind: "number", value: Number(token.text) };
      case "string":
        this.#advance();
        return { kind: "string", value: token.text };
      case "name":
        return this.#named();
      case "call":
        return this.#call();
      case "builtin":
        return this.#builtin();
      case "keyword":
        if (token.text === "getline") return this.#getline();
        return this.#unexpected();
      case "symbol":
        return this.#symbol();
      default:
        return this.#unexpected();
    }
  }

  #symbol(): Expression {
    const { text } = this.#token;
    if (text === "/" || text === "/=") {
      const source = this.#lexer.regex(text === "/=" ? "=" : "");
      this.#token = this.#lexer.next();
      return { kind: "regex", source };
    }
    if (text === "$") {
      this.#advance();
      const increments = this.#is("++") || this.#is("--");
      const negative = this.#is("-") || this.#is("!") || this.#is("+");
      const number = increments ? this.#increment() : negative ? this.#unary() : this.#primary();
      return { kind: "field", number };
    }
    if (text === "++" || text === "--") return this.#increment();
    if (text === "(") return this.#group();
    if (text === "-" || text === "+" || text === "!") return this.#unary();
    return this.#unexpected();
  }

  #increment(): Expression {
    const by = this.#advance().text === "++" ? 1 : -1;
    const to = this.#assignable(this.#primary());
    if (!to) this.#unexpected();
    return { kind: "increment", to, by, before: true };
  }

  #group(): Expression {
    this.#advance();
    const [noIn, noGreater] = [this.#noIn, this.#noGreater];
    this.#noIn = this.#noGreater = 0;
    const first = this.#expression();
    const all = [first];
    while (this.#accept(",")) {
      this.#newlines();
      all.push(this.#expression());
    }
    this.#expect(")");
    [this.#noIn, this.#noGreater] = [noIn, noGreater];
    if (all.length === 1) return { kind: "group", of: first };
    // Subscripts of `(i, j) in a`, or the arguments of print.
    return { kind: "in", subscripts: all, array: "" };
  }

  #named(): Expression {
    const { text: name } = this.#advance();
    if (!this.#accept("[")) return { kind: "variable", name };
    return { kind: "element", array: name, subscripts: this.#list("]") };
  }

  /** Expressions with commas between them, up to a closing symbol. */
  #list(close: string): Expression[] {
    const [noIn, noGreater] = [this.#noIn, this.#noGreater];
    this.#noIn = this.#noGreater = 0;
    const all: Expression[] = [];
    this.#newlines();
    while (!this.#is(close)) {
      all.push(this.#expression());
      this.#newlines();
      if (!this.#accept(",")) break;
      this.#newlines();
    }
    this.#expect(close);
    [this.#noIn, this.#noGreater] = [noIn, noGreater];
    return all;
  }

  #call(): Expression {
    const { text: name } = this.#advance();
    this.#advance();
    this.#called.add(name);
    return { kind: "call", name, args: this.#list(")") };
  }

  #builtin(): Expression {
    const { text: name, line } = this.#advance();
    if (!this.#is("(")) {
      if (name !== "length") this.#unexpected();
      return { kind: "builtin", name, args: [] };
    }
    this.#advance();
    const args = this.#list(")");
    const [least, most] = ARITY[name]!;
    if (args.length < least)
      throw new AwkFault(`line ${line}: not enough arguments in call to ${name}: ${args.length} (need ${least})`);
    if (args.length > most)
      throw new AwkFault(`line ${line}: too many arguments in call to ${name}: ${args.length} (maximum ${most})`);
    return { kind: "builtin", name, args };
  }

  #getline(): Expression {
    this.#advance();
    const to = this.#optionalPlace();
    if (!this.#accept("<")) return { kind: "getline", from: "main", source: undefined, to };
    return { kind: "getline", from: "file", source: this.#postfix(), to };
  }
}
