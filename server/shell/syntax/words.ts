import { parse, type Word as Node, type WordPart } from "unbash";
import { expandBraces } from "./braces.ts";
import { withTildes, type Place } from "./tildes.ts";
import type { ParameterPart, Operation, Part, Script, Word } from "./tree.ts";

/** Makes the commands of a substitution; `source` is the text that its positions refer to, if not the whole one. */
type Scripts = (
  part: Extract<WordPart, { type: "CommandExpansion" | "ProcessSubstitution" }>,
  source?: string,
) => Script;
type ParameterNode = Extract<WordPart, { type: "ParameterExpansion" }>;

/** Text that stands for itself wherever it is. */
const PLAIN = /^[\w./:=,+@%^-]*$/;
const MAGIC = /[*?[\]\\]/;
const GROUP = /[?*+@!]\(/;

export const EMPTY_WORD: Word = { text: "", plain: "", parts: [], braces: undefined };

/** Takes words apart: quotes, expansions, tildes and braces. */
export class WordReader {
  readonly #scripts: Scripts;
  /** True once a word held a pattern that only `shopt -s extglob` allows there. */
  sawExtglob = false;

  /** `scripts` makes the commands of a substitution. */
  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  read(node: Node, place: Place = "command"): Word {
    if (node.parts === undefined && PLAIN.test(node.text)) return plainWord(node.text);
    const pieces = new Pieces();
    this.#addParts(pieces, node, place, false);
    const parts = withTildes(pieces.list, place);
    const braced = place === "command" && node.parts?.some((part) => part.type === "BraceExpansion");
    return {
      text: node.text,
      plain: plainValue(parts),
      parts,
      braces: braced ? this.#braces(node) : undefined,
    };
  }

  /** The inside of `$(( ))`, of a subscript or a prompt: text in which only expansions are looked for. */
  readQuoted(text: string): Word {
    if (!/[$`\\"]/.test(text)) return plainWord(text);
    const pieces = new Pieces();
    const { parts, source } = quotedParts(text);
    const inner = new WordReader((part) => this.#scripts(part, source));
    for (const part of parts) inner.#add(pieces, part, "quoted", true);
    return { text, plain: plainValue(pieces.list), parts: pieces.list, braces: undefined };
  }

  /** The inside of an arithmetic expression: as `readQuoted`, and double quotes mean nothing. */
  readArithmetic(text: string): Word {
    const word = this.readQuoted(text);
    if (!text.includes('"')) return word;
    const parts = word.parts.map((part) =>
      part.type === "text" ? { ...part, value: part.value.replaceAll('"', "") } : part,
    );
    return { ...word, plain: word.plain?.replaceAll('"', ""), parts };
  }

  /** The body of a here-document; `tabs` are taken off its lines. */
  readBody(parts: readonly WordPart[] | undefined, text: string, tabs: boolean): Word {
    const strip = (value: string, start: boolean): string =>
      tabs ? value.replace(start ? /(^|\n)\t+/g : /(\n)\t+/g, "$1") : value;
    if (parts === undefined) return plainWord(strip(text, true));
    const pieces = new Pieces();
    for (const [at, part] of parts.entries()) {
      if (part.type === "Literal") addQuotedText(pieces, strip(part.text, at === 0), false);
      else this.#add(pieces, part, "quoted", true);
    }
    return { text, plain: plainValue(pieces.list), parts: pieces.list, braces: undefined };
  }

  #addParts(pieces: Pieces, node: Node, place: Place, quoted: boolean): void {
    if (node.parts) for (const part of node.parts) this.#add(pieces, part, place, quoted);
    else if (quoted) addQuotedText(pieces, node.text, true);
    else addText(pieces, node.text);
  }

  #add(pieces: Pieces, part: WordPart, place: Place, quoted: boolean): void {
    switch (part.type) {
      case "Literal":
        if (quoted) addQuotedText(pieces, part.text, true);
        else addText(pieces, part.text);
        break;
      case "SingleQuoted":
      case "AnsiCQuoted":
        pieces.add(part.value, true);
        break;
      case "DoubleQuoted":
      case "LocaleString":
        for (const inner of part.parts) this.#add(pieces, inner, "quoted", true);
        break;
      case "SimpleExpansion":
        pieces.part(simpleParameter(part.text, quoted));
        break;
      case "ParameterExpansion":
        pieces.part(this.#parameter(part, place, quoted));
        break;
      case "CommandExpansion":
        pieces.part({
          type: "command",
          quoted,
          script: part.text.startsWith("`") ? backquoted(part.text, quoted) : this.#scripts(part),
        });
        break;
      case "ArithmeticExpansion": {
        const [open, close] = part.text.startsWith("$[") ? [2, 1] : [3, 2];
        pieces.part({ type: "arithmetic", quoted, expression: this.readArithmetic(part.text.slice(open, -close)) });
        break;
      }
      case "ProcessSubstitution":
        pieces.part({ type: "process", direction: part.operator, script: this.#scripts(part) });
        break;
      case "Glob":
        this.#addInside(pieces, part, place);
        break;
      case "ExtendedGlob":
        this.sawExtglob = true;
        this.#addInside(pieces, part, place);
        break;
      case "BraceExpansion":
        this.#addInside(pieces, part, place);
        break;
    }
  }

  /** A piece of pattern or braces: its own characters and what stands between them. */
  #addInside(
    pieces: Pieces,
    part: Extract<WordPart, { type: "Glob" | "ExtendedGlob" | "BraceExpansion" }>,
    place: Place,
  ): void {
    if (!part.parts) return addText(pieces, part.text);
    let at = part.pos;
    for (const inner of part.parts) {
      addText(pieces, part.text.slice(at - part.pos, inner.pos - part.pos));
      this.#add(pieces, inner, place, false);
      at = inner.end;
    }
    addText(pieces, part.text.slice(at - part.pos));
  }

  #parameter(part: ParameterNode, place: Place, quoted: boolean): ParameterPart {
    const index = part.index;
    const whole = index?.text === "@" || index?.text === "*" ? index.text : undefined;
    return {
      type: "parameter",
      quoted,
      text: part.text,
      // `${!}` with an operation: unbash takes the `!` for the sign of indirection.
      name: part.parameter === "" && part.prefix === "!" ? "!" : part.parameter,
      index: index && (whole ?? this.read(index, "value")),
      prefix: part.parameter === "" ? undefined : part.prefix,
      operation: isBadParameter(part) ? { type: "bad" } : this.#operation(part, place, quoted),
    };
  }

  #operation({ operation }: ParameterNode, place: Place, quoted: boolean): Operation | undefined {
    switch (operation?.type) {
      case undefined:
        return undefined;
      case "Default": {
        const operator = operation.operator.slice(-1) as "-" | "=" | "?" | "+";
        const word = this.#operand(operation.operand, place, quoted);
        return { type: "default", operator, colon: operation.operator.length > 1, word };
      }
      case "Remove":
        return {
          type: "remove",
          side: operation.operator.startsWith("#") ? "#" : "%",
          longest: operation.operator.length > 1,
          pattern: this.read(operation.operand, "pattern"),
        };
      case "Replace": {
        const where = { "/": "first", "//": "all", "/#": "start", "/%": "end" } as const;
        const pattern = this.read(operation.pattern, "pattern");
        const replacement = this.read(operation.replacement, "pattern");
        return { type: "replace", where: where[operation.operator], pattern, replacement };
      }
      case "Slice":
        return {
          type: "slice",
          offset: this.readArithmetic(operation.offset.text),
          length: operation.length && this.readArithmetic(operation.length.text),
        };
      case "CaseModification":
        return {
          type: "case",
          to: operation.operator.startsWith("^") ? "upper" : "lower",
          all: operation.operator.length > 1,
          pattern: operation.operand && this.read(operation.operand, "pattern"),
        };
      case "Transform":
        return /^[QEPAaUuLKk]$/.test(operation.operand.text)
          ? { type: "transform", letter: operation.operand.text }
          : { type: "bad" };
      case "Names":
        return { type: "names", separate: operation.operator === "@" };
      case "Unknown": {
        // `~` turns the case round; it is in no manual.
        const toggle = /^(~~?)(.*)$/s.exec(operation.operator);
        if (!toggle) return { type: "bad" };
        const pattern = toggle[2] === "" ? undefined : plainWord(toggle[2]!);
        return { type: "case", to: "other", all: toggle[1] === "~~", pattern };
      }
    }
  }

  /** The word behind `:-` and its like. Inside double quotes it is quoted, but for its own double quotes. */
  #operand(node: Node, place: Place, quoted: boolean): Word {
    if (!quoted) return this.read(node, place === "command" ? "value" : place);
    const pieces = new Pieces();
    this.#addParts(pieces, node, "quoted", true);
    return { text: node.text, plain: plainValue(pieces.list), parts: pieces.list, braces: undefined };
  }

  #braces(node: Node): Word[] | undefined {
    const texts = expandBraces(atoms(node.text, node.pos, node.parts!));
    return texts?.filter((text) => text !== "").map((text) => this.#readAgain(text));
  }

  /** Reads a text that brace expansion made. The underscore keeps `#` from starting a comment. */
  #readAgain(text: string): Word {
    // A backquote alone comes from a sequence such as {a..Z}.
    if (PLAIN.test(text) || text === "`") return plainWord(text);
    const source = `_${text}`;
    const command = parse(source).commands[0]?.command;
    const node = command?.type === "Command" ? command.name : undefined;
    if (!node) return plainWord(text);
    const pieces = new Pieces();
    new WordReader((part) => this.#scripts(part, source)).#addParts(pieces, node, "command", false);
    const [first, ...rest] = pieces.list;
    const head = first?.type === "text" ? { ...first, value: first.value.slice(1) } : first!;
    const list = head.type === "text" && head.value === "" ? rest : [head, ...rest];
    const parts = withTildes(list, "command");
    return { text, plain: plainValue(parts), parts, braces: undefined };
  }
}

function plainWord(text: string): Word {
  return { text, plain: text, parts: [{ type: "text", value: text, quoted: false }], braces: undefined };
}

/** Pieces of a word; neighbouring texts of one kind are one. */
class Pieces {
  readonly list: Part[] = [];

  add(value: string, quoted: boolean): void {
    const last = this.list.at(-1);
    if (last?.type === "text" && last.quoted === quoted)
      this.list[this.list.length - 1] = { type: "text", value: last.value + value, quoted };
    else this.list.push({ type: "text", value, quoted });
  }

  part(part: Part): void {
    this.list.push(part);
  }
}

/** Text outside of quotes: backslashes quote what follows. */
function addText(pieces: Pieces, text: string): void {
  let from = 0;
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", from)) {
    if (at > from) pieces.add(text.slice(from, at), false);
    const next = text[at + 1];
    if (next === undefined) pieces.add("\\", true);
    else if (next !== "\n") pieces.add(next, true);
    from = at + 2;
  }
  if (from < text.length) pieces.add(text.slice(from), false);
}

/** Text in double quotes (`quotes`: a backslash also quotes a double quote) or in a here-document. */
function addQuotedText(pieces: Pieces, text: string, quotes: boolean): void {
  const special = quotes ? /\\([$`"\\\n])/g : /\\([$`\\\n])/g;
  pieces.add(
    text.replace(special, (_, char: string) => (char === "\n" ? "" : char)),
    true,
  );
}

/** The parts of text in which only expansions mean something: unbash reads it as a here-document. */
function quotedParts(text: string): { parts: readonly WordPart[]; source: string } {
  const source = `:<<\u0001\n${text}\n\u0001\n`;
  const command = parse(source).commands[0]?.command;
  const redirect = command?.type === "Command" ? command.suffix[0] : undefined;
  const body = redirect?.type === "HereDoc" ? redirect.body : undefined;
  const parts = body?.parts ?? [];
  const last = parts.at(-1);
  if (!body || !last) return { parts: [literal(text)], source };
  // The newline before the delimiter is not part of the text.
  if (last.type !== "Literal") return { parts, source };
  return { parts: [...parts.slice(0, -1), literal(last.text.slice(0, -1))], source };
}

/** What stands between backquotes: a backslash quotes there only `$`, a backquote and a backslash. */
function backquoted(text: string, quoted: boolean): string {
  const inside = text.slice(1, text.length > 1 && text.endsWith("`") ? -1 : undefined);
  return inside.replace(quoted ? /\\([$`\\"])/g : /\\([$`\\])/g, "$1");
}

function literal(text: string): WordPart {
  return { type: "Literal", pos: 0, end: 0, value: text, text };
}

function simpleParameter(text: string, quoted: boolean): ParameterPart {
  return {
    type: "parameter",
    quoted,
    text,
    name: text.slice(1),
    index: undefined,
    prefix: undefined,
    operation: undefined,
  };
}

/** `${}`, `${a b}`, `${ cmd; }` (bash 5.3): what bash 5.2 calls a bad substitution when it comes to it. */
function isBadParameter(part: ParameterNode): boolean {
  if (part.parameter === "" && part.prefix === "!") return false;
  if (!/^(?:[A-Za-z_]\w*|\d+|[@*#?$!-])$/.test(part.parameter)) return true;
  return part.index !== undefined && (part.index.text === "" || !/^[A-Za-z_]/.test(part.parameter));
}

/** What the word is if nothing happens to it any more. */
function plainValue(parts: readonly Part[]): string | undefined {
  let value = "";
  for (const part of parts) {
    if (part.type !== "text" || (!part.quoted && (MAGIC.test(part.value) || GROUP.test(part.value)))) return undefined;
    value += part.value;
  }
  return parts.length === 0 ? undefined : value;
}

/** The text of a word as brace expansion sees it: characters, with quotes and expansions as one piece each. */
function atoms(text: string, start: number, parts: readonly WordPart[]): string[] {
  const found: string[] = [];
  let at = start;
  const characters = (from: number, to: number): void => {
    for (let position = from; position < to; position++) {
      const length = text[position - start] === "\\" ? 2 : 1;
      found.push(text.slice(position - start, position - start + length));
      position += length - 1;
    }
  };
  const visit = (list: readonly WordPart[]): void => {
    for (const part of list) {
      characters(at, part.pos);
      at = part.pos;
      if (part.type === "BraceExpansion" && part.parts) visit(part.parts);
      else if (part.type !== "Literal" && part.type !== "BraceExpansion") {
        found.push(text.slice(part.pos - start, part.end - start));
        at = part.end;
      }
      characters(at, part.end);
      at = part.end;
    }
  };
  visit(parts);
  characters(at, start + text.length);
  return found;
}
