import { ConditionalGrammar } from "./conditional-grammar.ts";
import { opens, RESERVED } from "./reserved-words.ts";
import { Stop, Tokens, type Token } from "./tokens.ts";

/** Where and how a text stops being commands; the command that is being read there starts at `unit`. */
export interface Diagnosis {
  readonly unit: number;
  readonly stop: Stop;
}

const DECLARATIONS = new Set(["declare", "typeset", "local", "export", "readonly", "alias", "eval", "let"]);
const ASSIGNMENT = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=$/;
const REDIRECTIONS = new Set(["<", ">", ">>", "<<", "<<-", "<<<", "<&", ">&", "<>", ">|", "&>", "&>>"]);

/**
 * Reads a text by bash's grammar (parse.y) only to find where it breaks: unbash, which makes the tree, goes on after
 * errors and has its own words for them.
 */
export function diagnose(text: string, options: { extglob: boolean }): Diagnosis | undefined {
  const grammar = new Grammar(text, 0, options.extglob);
  try {
    grammar.program();
    return undefined;
  } catch (stop) {
    if (stop instanceof Stop) return { unit: grammar.unit, stop };
    throw stop;
  }
}

class Grammar {
  readonly tokens: Tokens;
  readonly #extglob: boolean;
  /** Where the command that is being read starts. */
  unit = 0;

  constructor(text: string, at: number, extglob: boolean) {
    this.#extglob = extglob;
    this.tokens = new Tokens(text, at, extglob, (start) => this.#substitution(start));
  }

  program(): void {
    for (;;) {
      this.tokens.skipNewlines();
      this.unit = this.tokens.peek().start;
      if (this.tokens.peek().type === "end") return;
      this.#line();
      const { type } = this.tokens.peek();
      if (type !== "newline" && type !== "end") this.tokens.unexpected();
    }
  }

  /** simple_list: commands up to the end of the line. */
  #line(): void {
    this.#pipelines();
    while (this.tokens.is(";") || this.tokens.is("&")) {
      this.tokens.next();
      const { type } = this.tokens.peek();
      if (type === "newline" || type === "end") return;
      this.#pipelines();
    }
  }

  /** The inside of `$( )`. Returns the position behind the parenthesis. */
  #substitution(start: number): number {
    const inner = new Grammar(this.tokens.text, start, this.#extglob);
    const { tokens } = inner;
    tokens.skipNewlines();
    if (!tokens.is(")")) {
      try {
        inner.#list();
      } catch (stop) {
        // The end of the text within `$(` is always told as the missing parenthesis.
        const ended = stop instanceof Stop && stop.incomplete && stop.position >= tokens.text.length;
        throw ended ? Stop.unclosed(tokens.text.length, ")") : stop;
      }
    }
    if (tokens.peek().type === "end") throw Stop.unclosed(tokens.text.length, ")");
    if (!tokens.is(")")) tokens.unexpected();
    return tokens.next().end;
  }

  /** compound_list: at least one command, separated by `;`, `&` and newlines; `closer` is what must follow. */
  #list(closer?: string): void {
    this.tokens.skipNewlines();
    if (closer !== undefined && this.tokens.peek().type === "end")
      throw Stop.unfinished(this.tokens.text.length, closer);
    for (;;) {
      this.#pipelines();
      const separated = this.tokens.is(";") || this.tokens.is("&") || this.tokens.peek().type === "newline";
      if (!separated) return;
      this.tokens.next();
      this.tokens.skipNewlines();
      if (!this.#startsCommand()) return;
    }
  }

  #startsCommand(): boolean {
    const token = this.tokens.peek();
    if (token.type === "word") return !token.bare || !RESERVED.has(token.text) || opens(token.text);
    return token.text === "(" || REDIRECTIONS.has(token.text);
  }

  #pipelines(): void {
    this.#pipeline();
    while (this.tokens.is("&&") || this.tokens.is("||")) {
      this.tokens.next();
      this.tokens.skipNewlines();
      this.#pipeline();
    }
  }

  #pipeline(): void {
    let prefixed = false;
    while (this.tokens.is("!") || this.tokens.is("time")) {
      const word = this.tokens.next();
      prefixed = true;
      if (word.text === "time" && this.tokens.is("-p")) this.tokens.next();
      if (word.text === "time" && this.tokens.is("--")) this.tokens.next();
    }
    const { type, text } = this.tokens.peek();
    if (prefixed && (type === "newline" || type === "end" || text === ";")) return;
    this.#command();
    while (this.tokens.is("|") || this.tokens.is("|&")) {
      this.tokens.next();
      this.tokens.skipNewlines();
      this.#command();
    }
  }

  #command(): void {
    const token = this.tokens.peek();
    if (this.#compound(token)) {
      while (this.#redirection());
      return;
    }
    if (token.type === "word" && token.bare && RESERVED.has(token.text)) {
      if (token.text === "function") return this.#function();
      if (token.text === "coproc") return this.#coproc();
      this.tokens.unexpected();
    }
    this.#simple();
  }

  /** A compound command, if the token starts one. */
  #compound(token: Token): boolean {
    if (token.text === "(" && token.type === "operator") {
      if (this.tokens.text[token.end] === "(" && this.#arithmetic(token)) return true;
      this.tokens.next();
      this.#list(")");
      this.#expect(")");
      return true;
    }
    if (token.type !== "word" || !token.bare) return false;
    switch (token.text) {
      case "{":
        this.tokens.next();
        this.#list("}");
        this.#expect("}");
        return true;
      case "if":
        this.#if();
        return true;
      case "while":
      case "until":
        this.tokens.next();
        this.#list("do");
        this.#body();
        return true;
      case "for":
      case "select":
        this.#for();
        return true;
      case "case":
        this.#case();
        return true;
      case "[[":
        new ConditionalGrammar(this.tokens).read();
        return true;
      default:
        return false;
    }
  }

  #expect(text: string): void {
    if (this.tokens.peek().type === "end") throw Stop.unfinished(this.tokens.text.length, text);
    if (!this.tokens.is(text)) this.tokens.unexpected();
    this.tokens.next();
  }

  #body(): void {
    this.#expect("do");
    this.#list("done");
    this.#expect("done");
  }

  #if(): void {
    do {
      this.tokens.next();
      this.#list("then");
      this.#expect("then");
      this.#list("fi");
    } while (this.tokens.is("elif"));
    if (this.tokens.is("else")) {
      this.tokens.next();
      this.#list("fi");
    }
    this.#expect("fi");
  }

  #word(): void {
    if (this.tokens.peek().type === "end") throw Stop.unexpected(this.tokens.text.length, "newline");
    if (this.tokens.peek().type !== "word") this.tokens.unexpected();
    this.tokens.next();
  }

  #for(): void {
    this.tokens.next();
    const start = this.tokens.peek();
    if (start.text === "(" && this.tokens.text[start.end] === "(") {
      const from = start.start;
      this.#arithmetic(start);
      const header = this.tokens.text.slice(from, this.tokens.at);
      if (header.split(";").length !== 3) {
        const complaints = ["syntax error: arithmetic expression required", `syntax error: \`${header}'`];
        throw new Stop(from, complaints, { status: 2 });
      }
      if (this.tokens.is(";")) this.tokens.next();
      this.tokens.skipNewlines();
    } else {
      this.#word();
      if (this.tokens.is(";")) this.tokens.next();
      this.tokens.skipNewlines();
      if (this.tokens.is("in")) {
        this.tokens.next();
        while (this.tokens.peek().type === "word") this.tokens.next();
        if (!this.tokens.is(";") && this.tokens.peek().type !== "newline") this.tokens.unexpected();
        this.tokens.next();
        this.tokens.skipNewlines();
      }
    }
    if (!this.tokens.is("{")) return this.#body();
    this.tokens.next();
    this.#list();
    this.#expect("}");
  }

  #case(): void {
    this.tokens.next();
    this.#word();
    this.tokens.skipNewlines();
    this.#expect("in");
    for (;;) {
      this.tokens.skipNewlines();
      if (this.tokens.is("esac")) break;
      if (this.tokens.is("(")) this.tokens.next();
      else if (this.tokens.peek().type === "end") throw Stop.unfinished(this.tokens.text.length, ")");
      this.#word();
      while (this.tokens.is("|")) {
        this.tokens.next();
        this.#word();
      }
      if (!this.tokens.is(")")) throw Stop.unexpected(this.tokens.peek().start, this.tokens.peek().text || "newline");
      this.tokens.next();
      this.tokens.skipNewlines();
      const ends = (): boolean => [";;", ";&", ";;&"].some((end) => this.tokens.is(end));
      if (!ends() && !this.tokens.is("esac")) this.#list();
      if (!ends()) {
        this.tokens.skipNewlines();
        if (this.tokens.peek().type === "end") throw Stop.unfinished(this.tokens.text.length, ";;");
        break;
      }
      this.tokens.next();
    }
    this.#expect("esac");
  }

  #function(): void {
    this.tokens.next();
    this.#word();
    if (this.tokens.is("(")) {
      const open = this.tokens.next();
      if (!this.tokens.is(")")) {
        // A subshell as the body.
        this.#list();
        this.#expect(")");
        return void open;
      }
      this.tokens.next();
    }
    this.#functionBody();
  }

  #functionBody(): void {
    this.tokens.skipNewlines();
    if (!this.#compound(this.tokens.peek())) this.tokens.unexpected();
    while (this.#redirection());
  }

  #coproc(): void {
    this.tokens.next();
    if (this.tokens.peek().type === "end") this.#word();
    if (this.#compound(this.tokens.peek())) return;
    this.#word();
    if (!this.#compound(this.tokens.peek())) this.#arguments("");
  }

  #simple(): void {
    let empty = true;
    let name = "";
    for (;;) {
      const token = this.tokens.peek();
      if (token.type === "word" && ASSIGNMENT.test(token.text) && this.tokens.text[token.end] === "(") {
        this.tokens.next();
        this.#array();
      } else if (token.type === "word" && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(token.text)) this.tokens.next();
      else if (token.type === "word") {
        this.tokens.next();
        if (this.#isDescriptor(token)) this.#redirection();
        else {
          name = token.text;
          break;
        }
      } else if (!this.#redirection()) {
        if (empty) this.tokens.unexpected();
        return;
      }
      empty = false;
    }
    if (this.tokens.is("(")) {
      this.tokens.next();
      if (!this.tokens.is(")")) {
        if (this.tokens.peek().type === "end") this.#word();
        this.tokens.unexpected();
      }
      this.tokens.next();
      return this.#functionBody();
    }
    this.#arguments(name);
  }

  /** `2` before `>`, `{fd}` before `>`. */
  #isDescriptor(token: Token): boolean {
    return /^(\d+|\{[A-Za-z_]\w*\})$/.test(token.text) && /[<>]/.test(this.tokens.text[token.end] ?? "");
  }

  #arguments(name: string): void {
    for (;;) {
      const token = this.tokens.peek();
      if (token.type !== "word") {
        if (!this.#redirection()) return;
        continue;
      }
      this.tokens.next();
      if (DECLARATIONS.has(name) && ASSIGNMENT.test(token.text) && this.tokens.text[token.end] === "(") this.#array();
    }
  }

  #array(): void {
    const open = this.tokens.next().start;
    for (;;) {
      const token = this.tokens.peek();
      if (token.type === "end") throw Stop.unclosed(open, ")", 1);
      if (token.type === "operator" && token.text !== ")") throw Stop.unexpected(token.start, token.text, 1);
      this.tokens.next();
      if (token.type === "operator") return;
    }
  }

  #redirection(): boolean {
    const token = this.tokens.peek();
    if (token.type === "word" && this.#isDescriptor(token)) {
      this.tokens.next();
      return this.#redirection();
    }
    if (token.type !== "operator" || !REDIRECTIONS.has(token.text)) return false;
    this.tokens.next();
    const target = this.tokens.peek();
    this.#word();
    if (token.text === "<<" || token.text === "<<-") {
      const delimiter = target.text.replace(/\\(.)/gs, "$1").replace(/["']/g, "");
      this.tokens.pending.push({ delimiter, tabs: token.text === "<<-" });
    }
    return true;
  }

  /** `((…))`; false if the parentheses do not close as such. */
  #arithmetic(open: Token): boolean {
    let depth = 0;
    for (let at = open.start; at < this.tokens.text.length; at++) {
      const char = this.tokens.text[at];
      if (char === "\\") at++;
      else if (char === "(") depth++;
      else if (char === ")" && --depth === 0) {
        if (this.tokens.text[at - 1] !== ")") return false;
        this.tokens.next();
        this.tokens.at = at + 1;
        return true;
      }
    }
    throw Stop.unclosed(open.start, ")");
  }
}
