import {
  parse,
  type Assignment as AssignmentNode,
  type CommandNode,
  type CompoundList,
  type HereDoc,
  type PipelineNode,
  type AndOr as AndOrNode,
  type Redirection,
  type Statement,
  type TestExpression,
  type Word as WordNode,
  type WordPart,
} from "unbash";
import { Lines, type LineFinder } from "./lines.ts";
import type {
  ArrayElement,
  Assignment,
  Command,
  List,
  ListItem,
  Redirect,
  Script,
  SimpleCommand,
  Test,
  Unit,
  Word,
} from "./tree.ts";
import { EMPTY_WORD, WordReader } from "./words.ts";

type SubstitutionPart = Extract<WordPart, { type: "CommandExpansion" | "ProcessSubstitution" }>;

/** Turns unbash's tree of one source text into commands. */
export class Compiler {
  readonly #source: string;
  #lines: LineFinder;
  readonly #words: WordReader;
  #warnings: { line: number; text: string; wants: string }[] = [];
  #broken = false;

  constructor(source: string, line: number) {
    this.#source = source;
    this.#lines = new Lines(source, line);
    this.#words = new WordReader((part, text) =>
      text === undefined ? this.#substitution(part) : new Compiler(text, line).#substitution(part),
    );
  }

  /** A text in which only expansions are looked for: a prompt. */
  quoted(text: string): Word {
    return this.#words.readQuoted(text);
  }

  /** True if something within was not bash, or is not without `extglob`: the text must be looked at again. */
  doubtful(extglob: boolean): boolean {
    return this.#broken || (this.#words.sawExtglob && !extglob);
  }

  /** The statements of a script, those that stand between the same newlines together. */
  units(statements: readonly Statement[], end: number): Unit[] {
    const units: Unit[] = [];
    const outer = this.#warnings;
    this.#warnings = [];
    for (let at = 0; at < statements.length;) {
      const first = at++;
      while (at < statements.length && !this.#newlineBetween(statements[at - 1]!.end, statements[at]!.pos)) at++;
      const start = statements[first]!.pos;
      const next = at < statements.length ? statements[at]!.pos : end;
      const list = statements.slice(first, at).map((statement) => this.#statement(statement));
      units.push({
        list,
        source: this.#source.slice(start, next),
        end: next,
        line: this.#lines.at(start),
        warnings: this.#warnings,
      });
      this.#warnings = [];
    }
    this.#warnings = outer;
    return units;
  }

  #newlineBetween(from: number, to: number): boolean {
    const newline = this.#source.indexOf("\n", from);
    return newline >= 0 && newline < to;
  }

  #substitution({ script }: SubstitutionPart): Script {
    if (!script) return [];
    if (script.errors) this.#broken = true;
    return this.units(script.commands, script.end);
  }

  #statement({ command, background, end }: Statement): ListItem {
    // unbash reads `f(` as `f`.
    if (this.#source[end] === "(" || (this.#source[end] === " " && this.#source[end + 1] === "(")) this.#broken = true;
    return { command: this.#command(command), background: background === true };
  }

  #list(list: CompoundList): List {
    return list.commands.map((statement) => this.#statement(statement));
  }

  #command(node: PipelineNode | AndOrNode | CompoundList, redirects: readonly Redirect[] = []): Command {
    const line = this.#lines.at(node.pos);
    switch (node.type) {
      case "Command":
        return this.#simple(node, this.#lines.at(lookedAt(node)));
      case "Pipeline":
        return {
          type: "pipeline",
          negated: node.prefixes.filter((prefix) => prefix.type === "Negation").length % 2 === 1,
          time: node.prefixes.flatMap((prefix) =>
            prefix.type === "Time" ? [prefix.posix ? ("posix" as const) : ("bash" as const)] : [],
          )[0],
          commands: node.commands.map((command) => this.#command(command)),
          errors: node.operators.map((operator) => operator === "|&"),
        };
      case "AndOr": {
        const [first, ...rest] = node.commands.map((command) => this.#command(command));
        return {
          type: "and-or",
          first: first!,
          rest: rest.map((command, at) => ({ operator: node.operators[at]!, command })),
        };
      }
      case "Redirected":
        return this.#command(
          node.command,
          node.redirects.map((redirect) => this.#redirect(redirect)),
        );
      case "If": {
        const branches = [node, ...node.elif].map(({ clause, then }) => ({
          test: this.#list(clause),
          body: this.#list(then),
        }));
        return { type: "if", line, branches, otherwise: node.else && this.#list(node.else), redirects };
      }
      case "While":
        return { type: node.kind, line, test: this.#list(node.clause), body: this.#list(node.body), redirects };
      case "For":
      case "Select": {
        const words = node.wordlist?.map((word) => this.#words.read(word));
        const type = node.type === "For" ? "for" : "select";
        return { type, line, name: node.name.text, words, body: this.#list(node.body), redirects };
      }
      case "ArithmeticFor": {
        const [initialize, test, update] = this.#forHeader(node.pos).map((text) => this.#words.readArithmetic(text));
        return {
          type: "arithmetic-for",
          line,
          initialize: initialize!,
          test: test!,
          update: update!,
          body: this.#list(node.body),
          redirects,
        };
      }
      case "Case":
        return {
          type: "case",
          line,
          word: this.#words.read(node.word, "value"),
          items: node.items.map((item) => ({
            patterns: item.pattern.map((word) => this.#words.read(word, "pattern")),
            body: this.#list(item.body),
            end: item.terminator ?? ";;",
          })),
          redirects,
        };
      case "BraceGroup":
        return { type: "group", line, body: this.#list(node.body), redirects };
      case "Subshell":
        return { type: "subshell", line, body: this.#list(node.body), redirects };
      case "CompoundList":
        return { type: "group", line, body: this.#list(node), redirects };
      case "ArithmeticCommand":
        return {
          type: "arithmetic",
          line,
          text: node.body,
          expression: this.#words.readArithmetic(node.body),
          redirects,
        };
      case "TestCommand":
        return { type: "conditional", line, test: this.#conditional(node.expression), redirects };
      case "Function":
        return { type: "function", line, name: node.name.text, body: this.#command(node.body) };
      case "Coproc":
        return {
          type: "coproc",
          line,
          name: node.name?.text ?? "COPROC",
          body: this.#command(node.body),
          redirects,
        };
    }
  }

  #simple(node: Extract<CommandNode, { type: "Command" }>, line: number): SimpleCommand {
    const redirects: Redirect[] = [];
    const assignments: Assignment[] = [];
    const words: (Word | Assignment)[] = [];
    for (const item of node.prefix) {
      if (item.type === "Assignment") assignments.push(this.#assignment(item));
      else redirects.push(this.#redirect(item));
    }
    if (node.name) words.push(this.#words.read(node.name));
    // unbash takes the arguments of alias for assignments; they are words.
    const isAlias = node.name?.text === "alias";
    for (const item of withoutCuts(node.suffix)) {
      if (item.type === "Word") words.push(this.#words.read(item));
      else if (item.type !== "Assignment") redirects.push(this.#redirect(item));
      else words.push(isAlias ? this.#wordOf(item) : this.#assignment(item));
    }
    return { type: "simple", line, assignments, words, redirects };
  }

  #assignment(node: AssignmentNode): Assignment {
    const { text, name, append, index, value } = node;
    return {
      type: "assignment",
      text,
      name,
      index: index && this.#words.read(index, "value"),
      append: append === true,
      value:
        value.type === "Word"
          ? this.#words.read(value, "value")
          : value.elements.map((element) => this.#arrayElement(element)),
    };
  }

  #wordOf(node: AssignmentNode): Word {
    const value = node.value.type === "Word" ? this.#words.read(node.value, "value") : EMPTY_WORD;
    const name = node.text.slice(0, node.text.indexOf("=") + 1);
    return {
      text: node.text,
      plain: value.plain === undefined ? undefined : name + value.plain,
      parts: [{ type: "text", value: name, quoted: true }, ...value.parts],
      braces: undefined,
    };
  }

  /** `[key]=value` or a word. */
  #arrayElement(node: WordNode): ArrayElement {
    if (node.text.startsWith("[")) {
      const source = `_${node.text}`;
      const command = parse(source).commands[0]?.command;
      const item = command?.type === "Command" ? command.prefix[0] : undefined;
      if (item?.type === "Assignment" && item.index && item.value.type === "Word") {
        const words = new Compiler(source, this.#lines.at(node.pos)).#words;
        return {
          index: words.read(item.index, "value"),
          append: item.append === true,
          value: words.read(item.value, "value"),
        };
      }
    }
    return { index: undefined, append: false, value: this.#words.read(node) };
  }

  #redirect(node: Redirection): Redirect {
    const fd = node.descriptor?.type === "FileDescriptor" ? node.descriptor.value : node.descriptor?.name;
    if (node.type === "HereDoc") return { operator: node.operator, fd, ...this.#hereDocument(node) };
    return { operator: node.operator, fd, target: node.target ? this.#words.read(node.target) : EMPTY_WORD };
  }

  #hereDocument(node: HereDoc): { target: Word; delimiter: string; body: string } {
    const delimiter = node.delimiter?.text ?? "";
    const { text, parts } = node.body;
    if (!node.closing) {
      const end = this.#lines.at(Math.max(node.body.end - 1, 0));
      const wanted = node.delimiter?.value ?? "";
      const start = Math.max(this.#lines.at(node.pos), this.#lines.at(node.body.pos) - 1);
      const words = `here-document at line ${start} delimited by end-of-file (wanted \`${wanted}')`;
      this.#warnings.push({ line: end, text: words, wants: wanted });
    }
    const tabs = node.operator === "<<-";
    if (node.delimiter?.quoted) {
      const literal = tabs ? text.replace(/^\t+/gm, "") : text;
      return { target: this.#words.readBody(undefined, literal, false), delimiter, body: literal };
    }
    // Commands within the body count as if they stood on the line of the redirection.
    const lines = this.#lines;
    const line = lines.at(node.pos);
    this.#lines = { at: () => line };
    const target = this.#words.readBody(parts, text, tabs);
    this.#lines = lines;
    return {
      target,
      delimiter,
      body: tabs ? text.replace(/^\t+/gm, "") : text,
    };
  }

  /** The three expressions of `for ((a; b; c))`. */
  #forHeader(start: number): string[] {
    const open = this.#source.indexOf("((", start) + 2;
    const pieces: string[] = [];
    let depth = 0;
    let from = open;
    for (let at = open; at < this.#source.length; at++) {
      const char = this.#source[at];
      if (char === "\\") at++;
      else if (char === "(") depth++;
      else if (char === ")" && depth-- === 0) {
        pieces.push(this.#source.slice(from, at));
        break;
      } else if (char === ";" && depth === 0) {
        pieces.push(this.#source.slice(from, at));
        from = at + 1;
      }
    }
    return [0, 1, 2].map((at) => pieces[at]?.trim() ?? "");
  }

  /** Within `[[ ]]` extended patterns are always allowed. */
  #conditional(node: TestExpression): Test {
    const { sawExtglob } = this.#words;
    const test = this.#test(node);
    this.#words.sawExtglob = sawExtglob;
    return test;
  }

  #test(node: TestExpression): Test {
    switch (node.type) {
      case "TestUnary": {
        const operand = this.#words.read(node.operand, "value");
        return { type: "unary", operator: node.operator, operand, implicit: node.operand.pos === node.pos };
      }
      case "TestBinary": {
        const pattern = /^(=|==|!=|=~)$/.test(node.operator);
        return {
          type: "binary",
          operator: node.operator,
          left: this.#words.read(node.left, "value"),
          right: this.#words.read(node.right, pattern ? "pattern" : "value"),
        };
      }
      case "TestLogical":
        return { type: node.operator, operands: node.operands.map((operand) => this.#test(operand)) };
      case "TestNot": {
        const operand = this.#test(node.operand);
        return node.negations.length % 2 === 1 ? { type: "not", operand } : operand;
      }
      case "TestGroup":
        return { type: "group", operand: this.#test(node.expression) };
    }
  }
}

/**
 * The place whose line a simple command has: bash notes it when it has seen one token more than the first, and that may
 * be a text of several lines.
 */
function lookedAt(node: Extract<CommandNode, { type: "Command" }>): number {
  const tokens = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix];
  const second = tokens[1];
  if (!second) return node.pos;
  return second.type === "Word" || second.type === "Assignment" ? Math.max(second.end - 1, second.pos) : second.pos;
}

type SuffixItem = Extract<CommandNode, { type: "Command" }>["suffix"][number];

/** unbash cuts a word at a process substitution: `a=<(true)` comes as two that touch. */
function withoutCuts(items: readonly SuffixItem[]): readonly SuffixItem[] {
  if (!items.some(({ type, pos }, at) => type === "Word" && items[at - 1]?.end === pos)) return items;
  const joined: SuffixItem[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (item.type === "Word" && last?.type === "Word" && last.end === item.pos)
      joined[joined.length - 1] = glued(last, item);
    else joined.push(item);
  }
  return joined;
}

function glued(left: WordNode, right: WordNode): WordNode {
  const parts = [left, right].flatMap(
    ({ parts: own, text, value, pos, end }): readonly WordPart[] => own ?? [{ type: "Literal", value, text, pos, end }],
  );
  return { ...left, text: left.text + right.text, value: left.value + right.value, end: right.end, parts: [...parts] };
}
