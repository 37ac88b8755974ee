import { quote } from "../golang/quote.ts";
import { unquote } from "../golang/unquote.ts";
import { characterConstant, numberConstant } from "./constant.ts";
import { isFunction, type Functions } from "./functions.ts";
import { Lexer } from "./lexer.ts";
import {
  nodeText,
  type BranchNode,
  type CommandNode,
  type Operand,
  type PipeNode,
  type TreeNode,
  type VariableNode,
} from "./node.ts";
import { TokenStream } from "./token-stream.ts";
import { tokenText, type Token, type TokenType } from "./token.ts";

/** Why a text is no template, in the words of package template. */
export class TemplateSyntaxError extends Error {}

/** Parsed templates by name: the text's own, and those that it defines. */
export type Templates = ReadonlyMap<string, readonly TreeNode[]>;

/** Deeper nesting than this is refused. */
const DEEPEST = 250;

const OPERANDS: ReadonlySet<TokenType> = new Set<TokenType>([
  ".", "bool", "character constant", "complex", "field", "identifier", "left paren", "nil", "number", "raw string", "string", "variable",
]); // prettier-ignore

/** `functions`: those that a program has beside those of package template and kubectl's. */
export function parseGoTemplate(name: string, text: string, functions: Functions = {}): Templates {
  const templates = new Map<string, readonly TreeNode[]>();
  new Parser(name, name, new TokenStream(new Lexer(text)), templates, functions).parse();
  return templates;
}

/** How a list of nodes ends. */
type End = "end" | "else";

interface EndNode {
  readonly type: End;
}

type Item = TreeNode | EndNode;

function isEnd(item: Item): item is EndNode {
  return item.type === "end" || item.type === "else";
}

/** Parses one template, as text/template/parse/parse.go; definitions in it have parsers of their own. */
class Parser {
  #name: string;
  readonly #fileName: string;
  readonly #tokens: TokenStream;
  readonly #templates: Map<string, readonly TreeNode[]>;
  readonly #functions: Functions;
  #variables = ["$"];
  #actionLine = 0;
  #ranges = 0;
  #depth = 0;

  constructor(
    name: string,
    fileName: string,
    tokens: TokenStream,
    templates: Map<string, readonly TreeNode[]>,
    functions: Functions,
  ) {
    this.#functions = functions;
    this.#name = name;
    this.#fileName = fileName;
    this.#tokens = tokens;
    this.#templates = templates;
  }

  parse(): void {
    const list: TreeNode[] = [];
    while (this.#tokens.peek().type !== "eof") {
      if (this.#tokens.peek().type === "left delimiter") {
        const delimiter = this.#tokens.next();
        if (this.#tokens.nextWord().type === "define") {
          this.#nested("definition").#definition();
          continue;
        }
        this.#tokens.putBack(delimiter);
      }
      const item = this.#item();
      if (isEnd(item)) return this.#fail(`unexpected {{${item.type}}}`);
      list.push(item);
    }
    this.#add(list);
  }

  #nested(name: string): Parser {
    const parser = new Parser(name, this.#fileName, this.#tokens.another(), this.#templates, this.#functions);
    parser.#depth = this.#depth;
    return parser;
  }

  #definition(): void {
    const clause = "define clause";
    const name = this.#tokens.nextWord();
    if (name.type !== "string" && name.type !== "raw string") this.#unexpected(name, clause);
    this.#name = this.#unquote(name.text);
    this.#expect("right delimiter", clause);
    const { list, end } = this.#list();
    if (end !== "end") this.#fail(`unexpected {{${end}}} in ${clause}`);
    this.#add(list);
  }

  #add(list: readonly TreeNode[]): void {
    const known = this.#templates.get(this.#name);
    if (known === undefined || isBlank(known)) this.#templates.set(this.#name, list);
    else if (!isBlank(list)) this.#fail(`template: multiple definition of template ${quote(this.#name)}`);
  }

  /** Nodes up to an end or an else. */
  #list(): { list: TreeNode[]; end: End } {
    const list: TreeNode[] = [];
    if (++this.#depth > DEEPEST) this.#fail("deeper nesting is not simulated");
    while (this.#tokens.peekWord().type !== "eof") {
      const item = this.#item();
      if (isEnd(item)) {
        this.#depth--;
        return { list, end: item.type };
      }
      list.push(item);
    }
    return this.#fail("unexpected EOF");
  }

  #item(): Item {
    const token = this.#tokens.nextWord();
    if (token.type === "text") return { type: "text", text: token.text };
    if (token.type !== "left delimiter") return this.#unexpected(token, "input");
    this.#actionLine = token.line;
    const action = this.#action();
    this.#actionLine = 0;
    return action;
  }

  #action(): Item {
    const token = this.#tokens.nextWord();
    switch (token.type) {
      case "block":
        return this.#block();
      case "break":
      case "continue": {
        const after = this.#tokens.nextWord();
        if (after.type !== "right delimiter") this.#unexpected(after, `{{${token.type}}}`);
        if (this.#ranges === 0) this.#fail(`{{${token.type}}} outside {{range}}`);
        return { type: token.type };
      }
      case "else": {
        const next = this.#tokens.peekWord().type;
        if (next !== "if" && next !== "with") this.#expect("right delimiter", "else");
        return { type: "else" };
      }
      case "end":
        this.#expect("right delimiter", "end");
        return { type: "end" };
      case "if":
      case "range":
      case "with":
        return this.#branch(token.type);
      case "template":
        return this.#template();
      default:
        this.#tokens.putBack();
        return { type: "action", pipe: this.#pipeline("command", "right delimiter") };
    }
  }

  #branch(type: BranchNode["type"]): BranchNode {
    const variables = this.#variables.length;
    const pipe = this.#pipeline(type, "right delimiter");
    if (type === "range") this.#ranges++;
    const { list, end } = this.#list();
    if (type === "range") this.#ranges--;
    let otherwise: TreeNode[] | undefined;
    if (end === "else") {
      // `else if` and `else with` are branches of their own without an end of their own.
      if (type !== "range" && this.#tokens.peek().type === type) {
        this.#tokens.next();
        if (++this.#depth > DEEPEST) this.#fail("deeper nesting is not simulated");
        otherwise = [this.#branch(type)];
        this.#depth--;
      } else {
        const rest = this.#list();
        if (rest.end !== "end") this.#fail(`expected end; found {{${rest.end}}}`);
        otherwise = rest.list;
      }
    }
    this.#variables.length = variables;
    return { type, pipe, list, otherwise };
  }

  #block(): TreeNode {
    const clause = "block clause";
    const token = this.#tokens.nextWord();
    const name = this.#templateName(token, clause);
    const pipe = this.#pipeline(clause, "right delimiter");
    const block = this.#nested(name);
    const { list, end } = block.#list();
    if (end !== "end") this.#fail(`unexpected {{${end}}} in ${clause}`);
    block.#add(list);
    return { type: "template", at: token.at, name, pipe };
  }

  #template(): TreeNode {
    const clause = "template clause";
    const token = this.#tokens.nextWord();
    const name = this.#templateName(token, clause);
    if (this.#tokens.nextWord().type === "right delimiter")
      return { type: "template", at: token.at, name, pipe: undefined };
    this.#tokens.putBack();
    return { type: "template", at: token.at, name, pipe: this.#pipeline(clause, "right delimiter") };
  }

  #templateName(token: Token, clause: string): string {
    if (token.type !== "string" && token.type !== "raw string") return this.#unexpected(token, clause);
    return this.#unquote(token.text);
  }

  #pipeline(context: string, end: TokenType): PipeNode {
    const { at } = this.#tokens.peekWord();
    const { variables, assigns } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#tokens.nextWord();
      if (token.type === end) break;
      if (!OPERANDS.has(token.type)) this.#unexpected(token, context);
      this.#tokens.putBack();
      commands.push(this.#command());
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    commands.forEach((command, index) => {
      if (index > 0 && ["bool", "dot", "nil", "number", "string"].includes(command.args[0]!.type))
        this.#fail(`non executable command in pipeline stage ${index + 1}`);
    });
    return { type: "pipe", at, assigns, variables, commands };
  }

  /** `$x := `, `$x = `, and with `range` also `$i, $x := `. */
  #declarations(context: string): { variables: VariableNode[]; assigns: boolean } {
    const variables: VariableNode[] = [];
    while (this.#tokens.peekWord().type === "variable") {
      const variable = this.#tokens.next();
      const behind = this.#tokens.peek();
      const next = this.#tokens.peekWord();
      const declares = next.type === "assign" || next.type === "declare";
      if (!declares && !(next.type === "char" && next.text === ",")) {
        if (behind.type === "space") this.#tokens.putBack(variable, behind);
        else this.#tokens.putBack(variable);
        break;
      }
      this.#tokens.nextWord();
      variables.push({ type: "variable", at: variable.at, path: variable.text.split(".") });
      this.#variables.push(variable.text);
      if (declares) return { variables, assigns: next.type === "assign" };
      if (context !== "range" || variables.length > 1) this.#fail(`too many declarations in ${context}`);
      if (!["variable", "right delimiter", "right paren"].includes(this.#tokens.peekWord().type))
        this.#fail("range can only initialize variables");
    }
    return { variables, assigns: false };
  }

  #command(): CommandNode {
    const { at } = this.#tokens.peekWord();
    const args: Operand[] = [];
    for (;;) {
      this.#tokens.peekWord();
      const operand = this.#operand();
      if (operand) args.push(operand);
      const token = this.#tokens.next();
      if (token.type === "space") continue;
      if (token.type === "right delimiter" || token.type === "right paren") this.#tokens.putBack();
      else if (token.type !== "pipe") this.#unexpected(token, "operand");
      break;
    }
    if (args.length === 0) this.#fail("empty command");
    return { type: "command", at, args };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    const { at } = this.#tokens.peek();
    if (!term || this.#tokens.peek().type !== "field") return term;
    const path: string[] = [];
    while (this.#tokens.peek().type === "field") path.push(this.#tokens.next().text.slice(1));
    switch (term.type) {
      case "field":
      case "variable":
        return { type: term.type, at, path: [...term.path, ...path] };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.#fail(`unexpected . after term ${quote(nodeText(term))}`);
      default:
        return { type: "chain", at, node: term, path };
    }
  }

  #term(): Operand | undefined {
    const { type, at, text } = this.#tokens.nextWord();
    switch (type) {
      case "identifier":
        return isFunction(text) || Object.hasOwn(this.#functions, text)
          ? { type, at, name: text }
          : this.#fail(`function ${quote(text)} not defined`);
      case ".":
        return { type: "dot", at };
      case "nil":
        return { type, at };
      case "variable":
        return this.#variables.includes(text)
          ? { type, at, path: [text] }
          : this.#fail(`undefined variable ${quote(text)}`);
      case "field":
        return { type, at, path: [text.slice(1)] };
      case "bool":
        return { type, at, value: text === "true" };
      case "character constant":
      case "complex":
      case "number": {
        const constant = type === "character constant" ? characterConstant(text) : numberConstant(text);
        return "error" in constant ? this.#fail(constant.error) : { type: "number", at, text, value: constant.value };
      }
      case "left paren": {
        if (++this.#depth > DEEPEST) this.#fail("deeper nesting is not simulated");
        const pipe = this.#pipeline("parenthesized pipeline", "right paren");
        this.#depth--;
        return pipe;
      }
      case "raw string":
      case "string":
        return { type: "string", at, quoted: text, value: this.#unquote(text) };
      default:
        this.#tokens.putBack();
        return undefined;
    }
  }

  #unquote(literal: string): string {
    return unquote(literal) ?? this.#fail("invalid syntax");
  }

  #expect(type: TokenType, context: string): void {
    const token = this.#tokens.nextWord();
    if (token.type !== type) this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): never {
    if (token.type !== "error") return this.#fail(`unexpected ${tokenText(token)} in ${context}`);
    const elsewhere = this.#actionLine !== 0 && this.#actionLine !== token.line;
    const action = token.text.endsWith(" action") ? "" : " in action";
    return this.#fail(token.text + (elsewhere ? `${action} started at ${this.#fileName}:${this.#actionLine}` : ""));
  }

  #fail(problem: string): never {
    throw new TemplateSyntaxError(`template: ${this.#fileName}:${this.#tokens.line}: ${problem}`);
  }
}

/** Whether there is nothing but space in a template. */
function isBlank(list: readonly TreeNode[]): boolean {
  return list.every((node) => node.type === "text" && node.text.trim() === "");
}
