import type { AwkProgram, Expression, FunctionNode, Redirection, Rule, Statement } from "./ast.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { AwkFault } from "./fault.ts";
import { Tokens } from "./tokens.ts";

/** Reads an awk program (POSIX grammar, errors in mawk's words). Throws AwkFault. */
export function parseAwk(text: string): AwkProgram {
  return new Parser(text).program();
}

class Parser {
  readonly #tokens: Tokens;
  readonly #expressions: ExpressionParser;
  readonly #functions = new Map<string, FunctionNode>();

  constructor(text: string) {
    this.#tokens = new Tokens(text);
    this.#expressions = new ExpressionParser(this.#tokens);
  }

  program(): AwkProgram {
    const begin: Statement[] = [];
    const end: Statement[] = [];
    const rules: Rule[] = [];
    this.#tokens.terminators();
    while (this.#tokens.current.kind !== "end") {
      if (this.#tokens.isKeyword("function")) this.#function();
      else if (this.#tokens.isKeyword("BEGIN") || this.#tokens.isKeyword("END")) {
        const list = this.#tokens.current.text === "BEGIN" ? begin : end;
        this.#tokens.advance();
        if (!this.#tokens.is("{")) this.#tokens.unexpected();
        list.push(this.#block());
      } else rules.push(this.#rule());
      this.#tokens.terminators();
    }
    for (const name of this.#expressions.called)
      if (!this.#functions.has(name))
        throw new AwkFault(`line ${this.#tokens.line + 1}: function ${name} never defined`);
    return { begin, rules, end, functions: this.#functions };
  }

  #function(): void {
    this.#tokens.advance();
    const name = this.#tokens.advance();
    if (name.kind !== "name" && name.kind !== "call")
      throw new AwkFault(`line ${name.line}: syntax error at or near ${name.text}`);
    this.#tokens.expect("(");
    const parameters: string[] = [];
    while (!this.#tokens.is(")")) {
      const parameter = this.#tokens.advance();
      if (parameter.kind !== "name")
        throw new AwkFault(`line ${parameter.line}: syntax error at or near ${parameter.text}`);
      parameters.push(parameter.text);
      if (!this.#tokens.accept(",")) break;
      this.#tokens.newlines();
    }
    this.#tokens.expect(")");
    this.#tokens.newlines();
    const node: FunctionNode = { name: name.text, parameters, body: { kind: "block", body: [] } };
    this.#functions.set(name.text, node);
    node.body = this.#block();
  }

  #rule(): Rule {
    const patterns: Expression[] = [];
    if (this.#tokens.is("}"))
      throw new AwkFault(
        `line ${this.#tokens.current.line}: extra '}'\nawk: line ${this.#tokens.current.line}: syntax error at or near end of line`,
      );
    if (!this.#tokens.is("{")) {
      patterns.push(this.#expressions.expression());
      if (this.#tokens.accept(",")) {
        this.#tokens.newlines();
        patterns.push(this.#expressions.expression());
      }
    }
    const rule = { patterns, action: this.#tokens.is("{") ? this.#block() : undefined };
    const ends =
      this.#tokens.current.kind === "newline" ||
      this.#tokens.current.kind === "end" ||
      this.#tokens.is(";") ||
      this.#tokens.is("}");
    if (!ends && rule.action === undefined) this.#tokens.unexpected();
    if (
      !ends &&
      this.#tokens.current.kind === "keyword" &&
      !["BEGIN", "END", "function"].includes(this.#tokens.current.text)
    )
      this.#tokens.unexpected();
    return rule;
  }

  #block(): Statement {
    this.#tokens.expect("{");
    const body: Statement[] = [];
    this.#tokens.terminators();
    while (!this.#tokens.is("}")) {
      if (this.#tokens.current.kind === "end") this.#tokens.expect("}");
      body.push(this.#statement());
      this.#tokens.terminators();
    }
    this.#tokens.advance();
    return { kind: "block", body };
  }

  #endsStatement(): boolean {
    return (
      this.#tokens.is(";") ||
      this.#tokens.is("}") ||
      this.#tokens.current.kind === "newline" ||
      this.#tokens.current.kind === "end"
    );
  }

  #endOfSimple(): void {
    if (this.#tokens.is(";") || this.#tokens.current.kind === "newline") {
      this.#tokens.advance();
      return;
    }
    if (this.#tokens.is("}") || this.#tokens.current.kind === "end") return;
    this.#tokens.unexpected();
  }

  #statement(): Statement {
    if (this.#tokens.is("{")) return this.#block();
    if (this.#tokens.is(";")) {
      this.#tokens.advance();
      return { kind: "block", body: [] };
    }
    if (this.#tokens.current.kind === "keyword") {
      switch (this.#tokens.current.text) {
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
    this.#tokens.newlines();
    return this.#statement();
  }

  #if(): Statement {
    this.#tokens.advance();
    this.#tokens.expect("(");
    const test = this.#expressions.expression();
    this.#tokens.expect(")");
    const yes = this.#body();
    // An `else` may stand behind semicolons and newlines.
    this.#tokens.terminators();
    if (!this.#tokens.isKeyword("else")) return { kind: "if", test, yes, no: undefined };
    this.#tokens.advance();
    return { kind: "if", test, yes, no: this.#body() };
  }

  #while(): Statement {
    this.#tokens.advance();
    this.#tokens.expect("(");
    const test = this.#expressions.expression();
    this.#tokens.expect(")");
    if (this.#tokens.accept(";")) return { kind: "while", test, body: { kind: "block", body: [] } };
    return { kind: "while", test, body: this.#body() };
  }

  #do(): Statement {
    this.#tokens.advance();
    const body = this.#body();
    this.#tokens.terminators();
    if (!this.#tokens.isKeyword("while")) this.#tokens.unexpected();
    this.#tokens.advance();
    this.#tokens.expect("(");
    const test = this.#expressions.expression();
    this.#tokens.expect(")");
    this.#endOfSimple();
    return { kind: "do", body, test };
  }

  #for(): Statement {
    this.#tokens.advance();
    this.#tokens.expect("(");
    let start: Statement | undefined;
    if (!this.#tokens.is(";")) {
      const first = this.#simple();
      if (first.kind === "expression" && first.value.kind === "in" && this.#tokens.is(")")) {
        const [key] = first.value.subscripts;
        if (first.value.subscripts.length !== 1 || key?.kind !== "variable") this.#tokens.unexpected();
        this.#tokens.advance();
        return {
          kind: "forIn",
          variable: key,
          array: first.value.array,
          body: this.#body(),
        };
      }
      start = first;
    }
    this.#tokens.expect(";");
    this.#tokens.newlines();
    const test = this.#tokens.is(";") ? undefined : this.#expressions.expression();
    this.#tokens.expect(";");
    this.#tokens.newlines();
    const step = this.#tokens.is(")") ? undefined : this.#simple();
    this.#tokens.expect(")");
    if (this.#tokens.accept(";")) return { kind: "for", start, test, step, body: { kind: "block", body: [] } };
    return { kind: "for", start, test, step, body: this.#body() };
  }

  #simple(): Statement {
    if (this.#tokens.current.kind === "keyword") {
      const { text } = this.#tokens.current;
      switch (text) {
        case "print":
        case "printf":
          return this.#print(text);
        case "next":
        case "nextfile":
        case "break":
        case "continue":
          this.#tokens.advance();
          return { kind: text };
        case "exit":
        case "return": {
          this.#tokens.advance();
          return { kind: text, value: this.#endsStatement() ? undefined : this.#expressions.expression() };
        }
        case "delete":
          return this.#delete();
        case "getline":
          break;
        default:
          this.#tokens.unexpected();
      }
    }
    return { kind: "expression", value: this.#expressions.expression() };
  }

  #delete(): Statement {
    this.#tokens.advance();
    const name = this.#tokens.advance();
    if (name.kind !== "name") throw new AwkFault(`line ${name.line}: syntax error at or near ${name.text}`);
    if (!this.#tokens.accept("[")) return { kind: "delete", array: name.text, subscripts: undefined };
    const subscripts = this.#expressions.list("]");
    return { kind: "delete", array: name.text, subscripts };
  }

  #print(kind: "print" | "printf"): Statement {
    this.#tokens.advance();
    return this.#expressions.withoutRedirection(() => ({ kind, args: this.#printed(), to: this.#redirection() }));
  }

  #printed(): readonly Expression[] {
    const tokens = this.#tokens;
    if (this.#endsStatement() || tokens.is(">") || tokens.is(">>") || tokens.is("|")) return [];
    const first = this.#expressions.expression();
    // `print (a, b) > "x"`: the list was read as a group of several.
    const args = first.kind === "in" && first.array === "" ? [...first.subscripts] : [first];
    while (tokens.accept(",")) {
      tokens.newlines();
      args.push(this.#expressions.expression());
    }
    return args;
  }

  #redirection(): Redirection | undefined {
    for (const how of [">>", ">", "|"] as const)
      if (this.#tokens.accept(how)) return { how, target: this.#expressions.ternary() };
    return undefined;
  }
}
