import type { Definition, Expr, Pattern } from "./ast.ts";
import { tokenize, type LexicalProblem, type Token } from "./lexer.ts";
import { parseNumber } from "./number.ts";
import { kindOf, toJson } from "./value.ts";

/** Mistakes of a program, in jq's words, with their places. */
export interface Problem {
  readonly message: string;
  readonly at: number;
}

class SyntaxProblem extends Error {}

const SHELL = "(Unix shell quoting issues?)";

/** Operators from loosest to tightest; those of one line bind alike. */
const LEVELS: readonly { readonly tokens: readonly string[]; readonly side: "left" | "right" | "none" }[] = [
  { tokens: ["'|'"], side: "right" },
  { tokens: ["','"], side: "left" },
  { tokens: ["//"], side: "right" },
  { tokens: ["'='", "|=", "+=", "-=", "*=", "/=", "%=", "//="], side: "none" },
  { tokens: ["or"], side: "left" },
  { tokens: ["and"], side: "left" },
  { tokens: ["==", "!=", "'<'", "'>'", "<=", ">="], side: "none" },
  { tokens: ["'+'", "'-'"], side: "left" },
  { tokens: ["'*'", "'/'", "'%'"], side: "left" },
];
const TIGHTEST = LEVELS.length;
const MULTIPLICATION = 8;

const KEYWORDS = new Set(
  "as import include module def if then else elif and or end reduce foreach try catch label break __loc__".split(" "),
);

/** Parses a program. Its grammar is that of src/parser.y of jq 1.7, and so are the words about mistakes. */
export function parse(program: string): { readonly expr: Expr } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const parser = new Parser(program, problems);
  const expr = parser.program();
  if (problems.length > 0) return { problems };
  return { expr: expr! };
}

class Parser {
  readonly #program: string;
  readonly #tokens: readonly Token[];
  readonly #problems: Problem[];
  #next = 0;

  constructor(program: string, problems: Problem[]) {
    this.#program = program;
    const lexical: LexicalProblem[] = [];
    this.#tokens = tokenize(program, lexical);
    for (const { message, at } of lexical) problems.push({ message, at });
    this.#problems = problems;
  }

  program(): Expr | undefined {
    try {
      if (this.#is("import") || this.#is("include")) return this.#module();
      const definitions: Definition[] = [];
      while (this.#is("def")) definitions.push(this.#definition());
      if (this.#is("end of file") && definitions.length > 0) {
        this.#problems.push({ message: 'Top-level program not given (try ".")', at: -1 });
        return undefined;
      }
      const body = this.#is("end of file") ? ({ kind: "identity" } as const) : this.#expression(0, true);
      if (!this.#is("end of file")) this.#unexpected("end of file");
      return definitions.reduceRight<Expr>((rest, definition) => ({ kind: "def", definition, body: rest }), body);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      return undefined;
    }
  }

  /** There are no modules on any of our hosts. */
  #module(): never {
    const include = this.#take().type === "include";
    if (!this.#is("QQSTRING_START") && !this.#is("FORMAT")) this.#unexpected("FORMAT or QQSTRING_START");
    const from = this.#string("text");
    if (!include) {
      this.#expect("as", "as");
      if (!this.#is("IDENT") && !this.#is("BINDING")) this.#unexpected("IDENT or BINDING");
      this.#take();
    }
    if (!this.#is("';'")) this.#expression(0);
    this.#expect("';'");
    const path = from.kind === "literal" && typeof from.value === "string" ? from.value : "";
    this.#problems.push({ message: `module not found: ${path}\n`, at: -1 });
    throw new SyntaxProblem();
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #is(type: string): boolean {
    return this.#token.type === type;
  }

  #take(): Token {
    const token = this.#token;
    if (token.type !== "end of file") this.#next++;
    return token;
  }

  #accept(type: string): boolean {
    if (!this.#is(type)) return false;
    this.#take();
    return true;
  }

  #expect(type: string, expecting?: string): Token {
    if (!this.#is(type)) this.#unexpected(expecting);
    return this.#take();
  }

  #unexpected(expecting?: string, token = this.#token): never {
    const more = expecting === undefined ? "" : `, expecting ${expecting}`;
    this.#problems.push({ message: `syntax error, unexpected ${token.type}${more} ${SHELL}`, at: token.start });
    throw new SyntaxProblem();
  }

  /** Runs a part of a rule; if it is wrong, says what may be the reason too. */
  #hint<T>(message: string, at: number, parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (error instanceof SyntaxProblem) this.#problems.push({ message, at });
      throw error;
    }
  }

  #expression(level = 0, first = false): Expr {
    if (this.#is("def")) {
      const definition = this.#definition();
      return { kind: "def", definition, body: this.#expression(0) };
    }
    if (level === TIGHTEST) return this.#prefixed(first);
    const { tokens, side } = LEVELS[level]!;
    let left = this.#expression(level + 1, first);
    for (let repeated = false; tokens.includes(this.#token.type); repeated = true) {
      if (side === "none" && repeated) this.#unexpected();
      const operator = this.#take().text;
      left = combine(operator, left, this.#expression(side === "right" ? level : level + 1));
      if (side === "right") break;
    }
    return left;
  }

  #prefixed(first: boolean): Expr {
    const token = this.#token;
    switch (token.type) {
      case "'-'":
        this.#take();
        return { kind: "negate", body: this.#expression(MULTIPLICATION) };
      case "try": {
        this.#take();
        const body = this.#prefixed(false);
        if (!this.#accept("catch")) return { kind: "try", body, handler: undefined };
        const handler = this.#hint("Possibly unterminated 'try' statement", token.start, () => this.#prefixed(false));
        return { kind: "try", body, handler };
      }
      case "label": {
        this.#take();
        const name = this.#expect("BINDING", "BINDING").text.slice(1);
        this.#expect("'|'", "'|'");
        return { kind: "label", name, body: this.#expression(0) };
      }
      default: {
        const term = this.#postfix(this.#term(first));
        if (!this.#accept("as")) return term;
        const patterns = this.#patterns();
        this.#expect("'|'", "'|'");
        return { kind: "as", source: term, patterns, body: this.#expression(0) };
      }
    }
  }

  #postfix(start: Expr): Expr {
    let term = start;
    for (;;) {
      if (this.#is("FIELD")) term = index(term, this.#take().text.slice(1));
      else if (this.#is("'['")) term = this.#bracket(term);
      else if (this.#is("'?'")) {
        this.#take();
        term = { kind: "try", body: term, handler: undefined };
      } else if (this.#is("'.'")) {
        this.#take();
        if (this.#is("'['")) term = this.#bracket(term);
        else if (this.#is("QQSTRING_START") || this.#is("FORMAT"))
          term = { kind: "index", term, key: this.#stringTerm() };
        else this.#unexpected("FORMAT or QQSTRING_START or '['");
      } else return term;
    }
  }

  /** `[KEY]`, `[FROM:TO]` or `[]` behind a term. */
  #bracket(term: Expr): Expr {
    this.#take();
    if (this.#accept("']'")) return { kind: "iterate", term };
    if (this.#accept("':'")) {
      const to = this.#expression(0);
      this.#expect("']'");
      return { kind: "slice", term, to };
    }
    const key = this.#expression(0);
    if (!this.#accept("':'")) {
      this.#expect("']'");
      return { kind: "index", term, key };
    }
    if (this.#accept("']'")) return { kind: "slice", term, from: key };
    const to = this.#expression(0);
    this.#expect("']'");
    return { kind: "slice", term, from: key, to };
  }

  #term(first: boolean): Expr {
    const token = this.#token;
    switch (token.type) {
      case "LITERAL":
        this.#take();
        return { kind: "literal", value: parseNumber(token.text)! };
      case "QQSTRING_START":
      case "FORMAT":
        return this.#stringTerm();
      case "FIELD":
        this.#take();
        return index({ kind: "identity" }, token.text.slice(1));
      case "..":
        this.#take();
        return { kind: "recurse" };
      case "'.'":
        return this.#dot();
      case "'('": {
        this.#take();
        const body = this.#expression(0);
        this.#expect("')'");
        return body;
      }
      case "'['": {
        this.#take();
        if (this.#accept("']'")) return { kind: "array", body: undefined };
        const body = this.#expression(0);
        this.#expect("']'");
        return { kind: "array", body };
      }
      case "'{'":
        return this.#object();
      case "$__loc__":
        this.#take();
        return { kind: "literal", value: this.#location(token.start) };
      case "BINDING":
        this.#take();
        return { kind: "variable", name: token.text.slice(1), at: token.start };
      case "'$'":
        this.#take();
        return this.#unexpected("'$'");
      case "IDENT":
        return this.#call();
      case "if":
        return this.#conditional();
      case "reduce":
      case "foreach":
        return this.#fold();
      case "break": {
        this.#take();
        if (!this.#is("BINDING")) {
          const problem = "break requires a label to break to";
          return this.#hint(problem, token.start, () => this.#unexpected("BINDING"));
        }
        return { kind: "break", name: this.#take().text.slice(1), at: token.start };
      }
      default:
        return this.#unexpected(first ? "end of file" : undefined);
    }
  }

  #location(at: number): ReadonlyMap<string, string | number> {
    return new Map<string, string | number>([
      ["file", "<top-level>"],
      ["line", this.#program.slice(0, at).split("\n").length],
    ]);
  }

  /** `.`, `."name"` and `.[…]`. */
  #dot(): Expr {
    const { start } = this.#take();
    const here: Expr = { kind: "identity" };
    if (this.#is("QQSTRING_START") || this.#is("FORMAT"))
      return this.#hint(UNUSUAL, start, () => ({ kind: "index", term: here, key: this.#fieldString() }));
    if (AFTER_DOT.has(this.#token.type)) return here;
    // A name here is taken, and what follows is what is wrong.
    if (this.#is("IDENT")) this.#take();
    return this.#hint(UNUSUAL, start, () => this.#unexpected());
  }

  #fieldString(): Expr {
    if (!this.#is("FORMAT")) return this.#string("text");
    const format = this.#take().text.slice(1);
    if (!this.#is("QQSTRING_START")) this.#unexpected("QQSTRING_START");
    return this.#string(format);
  }

  /** A string, or a format with or without one. */
  #stringTerm(): Expr {
    if (!this.#is("FORMAT")) return this.#string("text");
    const name = this.#take().text.slice(1);
    return this.#is("QQSTRING_START") ? this.#string(name) : { kind: "format", name };
  }

  #string(format: string): Expr {
    this.#expect("QQSTRING_START");
    const parts: (string | Expr)[] = [];
    while (!this.#accept("QQSTRING_END")) {
      if (this.#is("QQSTRING_TEXT")) parts.push(this.#take().value!);
      else if (this.#accept("QQSTRING_INTERP_START")) {
        parts.push(this.#expression(0));
        this.#expect("QQSTRING_INTERP_END");
      } else this.#unexpected("QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END");
    }
    if (parts.every((part) => typeof part === "string")) return { kind: "literal", value: parts.join("") };
    return { kind: "string", format, parts };
  }

  #object(): Expr {
    this.#take();
    const pairs: { key: Expr; value: Expr }[] = [];
    while (!this.#is("'}'")) {
      pairs.push(this.#pair());
      if (this.#accept("','")) continue;
      if (!this.#is("'}'")) this.#unexpected("'}'");
    }
    this.#take();
    return { kind: "object", pairs };
  }

  #pair(): { key: Expr; value: Expr } {
    const token = this.#token;
    const { type, text, start } = token;
    if (type === "BINDING" || type === "$__loc__") {
      this.#take();
      const value: Expr =
        type === "BINDING"
          ? { kind: "variable", name: text.slice(1), at: start }
          : { kind: "literal", value: this.#location(start) };
      if (type === "BINDING" && this.#accept("':'")) return { key: value, value: this.#pairValue() };
      return { key: { kind: "literal", value: text.slice(1) }, value };
    }
    if (type === "IDENT" || KEYWORDS.has(type)) {
      this.#take();
      const key: Expr = { kind: "literal", value: text };
      return { key, value: this.#accept("':'") ? this.#pairValue() : index({ kind: "identity" }, text) };
    }
    if (type === "QQSTRING_START" || type === "FORMAT") {
      const key = this.#fieldString();
      return {
        key,
        value: this.#accept("':'") ? this.#pairValue() : { kind: "index", term: { kind: "identity" }, key },
      };
    }
    if (type === "'('") {
      this.#take();
      const key = this.#expression(0);
      this.#expect("')'");
      this.#expect("':'", "':'");
      this.#checkKey(key, start);
      return { key, value: this.#pairValue() };
    }
    if (type === "LITERAL")
      return this.#hint("May need parentheses around object key expression", start, () => this.#unexpected());
    return this.#unexpected();
  }

  #checkKey(key: Expr, at: number): void {
    if (key.kind !== "literal" || typeof key.value === "string") return;
    this.#problems.push({ message: `Cannot use ${kindOf(key.value)} (${toJson(key.value)}) as object key`, at });
  }

  /** Values in objects are terms, joined with `|` at most. */
  #pairValue(): Expr {
    const value: Expr = this.#accept("'-'")
      ? { kind: "negate", body: this.#pairValue() }
      : this.#postfix(this.#term(false));
    return this.#accept("'|'") ? { kind: "pipe", left: value, right: this.#pairValue() } : value;
  }

  #call(): Expr {
    const { text, start } = this.#take();
    const args: Expr[] = [];
    if (this.#accept("'('")) {
      do args.push(this.#expression(0));
      while (this.#accept("';'"));
      this.#expect("')'", "';' or ')'");
    }
    const constant = args.length === 0 ? CONSTANTS.get(text) : undefined;
    if (constant !== undefined) return { kind: "literal", value: constant };
    return { kind: "call", name: text, args, at: start };
  }

  #conditional(): Expr {
    const { start } = this.#take();
    const test = this.#expression(0);
    this.#expect("then");
    return this.#hint("Possibly unterminated 'if' statement", start, () => this.#branches(test));
  }

  #branches(test: Expr): Expr {
    const then = this.#expression(0);
    if (this.#accept("elif")) {
      const second = this.#expression(0);
      this.#expect("then");
      return { kind: "if", test, whenTrue: then, otherwise: this.#branches(second) };
    }
    const otherwise = this.#accept("else") ? this.#expression(0) : undefined;
    this.#expect("end");
    return { kind: "if", test, whenTrue: then, otherwise };
  }

  #fold(): Expr {
    const kind = this.#take().type as "reduce" | "foreach";
    const source = this.#postfix(this.#term(false));
    this.#expect("as");
    const patterns = this.#patterns();
    this.#expect("'('", "'('");
    const start = this.#expression(0);
    this.#expect("';'");
    const update = this.#expression(0);
    const extract = kind === "foreach" && this.#accept("';'") ? this.#expression(0) : undefined;
    this.#expect("')'");
    return kind === "reduce"
      ? { kind, source, patterns, start, update }
      : { kind, source, patterns, start, update, extract };
  }

  #patterns(): Pattern[] {
    const patterns = [this.#pattern()];
    while (this.#accept("?//")) patterns.push(this.#pattern());
    return patterns;
  }

  #pattern(): Pattern {
    if (this.#is("BINDING")) return { kind: "variable", name: this.#take().text.slice(1) };
    if (this.#accept("'['")) {
      const items: Pattern[] = [];
      do items.push(this.#pattern());
      while (this.#accept("','"));
      this.#expect("']'", "',' or ']'");
      return { kind: "array", items };
    }
    if (!this.#accept("'{'")) this.#unexpected("BINDING or '[' or '{'");
    const pairs: { key: Expr; variable?: string; value?: Pattern }[] = [];
    do pairs.push(this.#patternPair());
    while (this.#accept("','"));
    this.#expect("'}'", "',' or '}'");
    return { kind: "object", pairs };
  }

  #patternPair(): { key: Expr; variable?: string; value?: Pattern } {
    const { type, text, start } = this.#token;
    if (type === "BINDING") {
      this.#take();
      const variable = text.slice(1);
      const key: Expr = { kind: "literal", value: variable };
      return this.#accept("':'") ? { key, variable, value: this.#pattern() } : { key, variable };
    }
    let key: Expr;
    if (type === "IDENT" || KEYWORDS.has(type)) {
      this.#take();
      key = { kind: "literal", value: text };
    } else if (type === "QQSTRING_START" || type === "FORMAT") key = this.#fieldString();
    else {
      this.#expect("'('");
      key = this.#expression(0);
      this.#expect("')'");
      this.#checkKey(key, start);
    }
    this.#expect("':'", "':'");
    return { key, value: this.#pattern() };
  }

  #definition(): Definition {
    this.#take();
    if (!this.#is("IDENT") && !KEYWORDS.has(this.#token.type)) this.#unexpected("IDENT");
    const name = this.#take().text;
    const params: string[] = [];
    if (this.#accept("'('")) {
      do {
        if (!this.#is("IDENT") && !this.#is("BINDING")) this.#unexpected("IDENT or BINDING");
        params.push(this.#take().text);
      } while (this.#accept("';'"));
      this.#expect("')'", "';' or ')'");
      this.#expect("':'", "':'");
    } else this.#expect("':'", "'(' or ':'");
    const body = this.#expression(0);
    this.#expect("';'");
    return { name, params, body };
  }
}

const UNUSUAL = 'try .["field"] instead of .field for unusually named fields';

/** What may follow a lone `.`: everything that goes on from a finished term, or ends it. */
const AFTER_DOT = new Set([
  ...LEVELS.flatMap(({ tokens }) => tokens),
  ..."'[' FIELD '?' '.' as ')' ']' '}' ';' ':' then else elif end catch ?// QQSTRING_INTERP_END".split(" "),
  "end of file",
  "INVALID_CHARACTER",
]);

const CONSTANTS = new Map<string, null | boolean>([
  ["null", null],
  ["true", true],
  ["false", false],
]);

function index(term: Expr, name: string): Expr {
  return { kind: "index", term, key: { kind: "literal", value: name } };
}

function combine(operator: string, left: Expr, right: Expr): Expr {
  switch (operator) {
    case "|":
      return { kind: "pipe", left, right };
    case ",":
      return { kind: "comma", left, right };
    case "//":
      return { kind: "alternative", left, right };
    case "and":
    case "or":
      return { kind: operator, left, right };
    default:
      if (operator.endsWith("=") && !["==", "!=", "<=", ">="].includes(operator))
        return { kind: "assign", operator, target: left, value: right };
      return { kind: "binary", operator, left, right };
  }
}
