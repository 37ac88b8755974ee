import { unicodeName } from "../golang/quote.ts";
import { unescapeGo } from "../golang/unquote.ts";
import type { Bound, ListNode, PathNode } from "./node.ts";

/** Why a template is none, in client-go's words. */
export class PathSyntaxError extends Error {}

const FILTER = /^([^!<>=]+)([!<>=]+)(.+?)$/;
const KEY = /^'([^']*)'$/;
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const ALPHANUMERIC = /[_\p{L}\p{Nd}]/u;
const DIGIT = /\p{Nd}/u;
const TERMINATORS = " \t\r\n.,[]$@{}";
const LARGEST_INT = 2n ** 63n - 1n;

/** Parses text with actions in braces, as client-go util/jsonpath/parser.go. Throws PathSyntaxError. */
export function parseTemplate(text: string): PathNode[] {
  return new Parser(text).template();
}

/** The nodes of one action given without its braces. */
function parseAction(text: string): ListNode {
  return parseTemplate(`{${text}}`)[0] as ListNode;
}

class Parser {
  readonly #input: string;
  #at = 0;

  constructor(input: string) {
    this.#input = input;
  }

  template(): PathNode[] {
    const nodes: PathNode[] = [];
    while (this.#at < this.#input.length) {
      const open = this.#input.indexOf("{", this.#at);
      const text = this.#input.slice(this.#at, open < 0 ? undefined : open);
      if (text !== "") nodes.push({ kind: "text", text });
      if (open < 0) break;
      this.#at = open + 1;
      nodes.push({ kind: "list", nodes: this.#action() });
    }
    return nodes;
  }

  /** What stands between the braces; the closing one is read too. */
  #action(): PathNode[] {
    const nodes: PathNode[] = [];
    for (;;) {
      if (this.#input.startsWith("[?(", this.#at)) {
        nodes.push(this.#filter());
        continue;
      }
      if (this.#input.startsWith("..", this.#at)) {
        if (nodes.at(-1)?.kind === "recursive") throw new PathSyntaxError("invalid multiple recursive descent");
        this.#at += 2;
        nodes.push({ kind: "recursive" });
        if (ALPHANUMERIC.test(this.#peek())) nodes.push(this.#field());
        continue;
      }
      const char = this.#next();
      if (char === "}") return nodes;
      if (char === "" || char === "\r" || char === "\n") throw new PathSyntaxError("unclosed action");
      if (char === " " || char === "@" || char === "$") continue;
      if (char === "[") nodes.push(...this.#array());
      else if (char === '"' || char === "'") nodes.push(this.#quoted(char));
      else if (char === ".") nodes.push(this.#field());
      else if (char === "+" || char === "-" || DIGIT.test(char)) nodes.push(this.#number(char));
      else if (ALPHANUMERIC.test(char)) nodes.push(this.#identifier(char));
      else throw new PathSyntaxError(`unrecognized character in action: ${unicodeName(char)}`);
    }
  }

  /** The next character; "" at the end. */
  #peek(): string {
    const code = this.#input.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  #next(): string {
    const char = this.#peek();
    this.#at += char.length;
    return char;
  }

  #identifier(first: string): PathNode {
    let name = first;
    for (let char = this.#peek(); char !== "" && !TERMINATORS.includes(char); char = this.#peek()) name += this.#next();
    if (name === "true" || name === "false") return { kind: "bool", value: name === "true" };
    return { kind: "identifier", name };
  }

  #number(first: string): PathNode {
    let text = first;
    for (let char = this.#peek(); char === "." || DIGIT.test(char); char = this.#peek()) text += this.#next();
    if (/^[+-]?[0-9]+$/.test(text)) {
      const value = BigInt(text.replace("+", ""));
      if (value <= LARGEST_INT && value >= -LARGEST_INT - 1n) return { kind: "int", value: Number(value) };
    }
    if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text)) throw new PathSyntaxError(`cannot parse number ${text}`);
    return { kind: "float", value: Number(text) };
  }

  /** From behind the `[` to its `]`: an index, a slice, a key, or several of them. */
  #array(): PathNode[] {
    const start = this.#at;
    for (let char = this.#next(); char !== "]"; char = this.#next())
      if (char === "" || char === "\n") throw new PathSyntaxError("unterminated array");
    const written = this.#input.slice(start, this.#at - 1);
    const text = written === "*" ? ":" : written;
    const parts = text.split(",");
    if (parts.length > 1)
      return [{ kind: "union", lists: parts.map((part) => parseAction(`[${part.replace(/^ +| +$/g, "")}]`)) }];
    const key = KEY.exec(text);
    if (key) return parseAction(`.${key[1]!}`).nodes;
    const slice = SLICE.exec(text);
    if (!slice) throw new PathSyntaxError(`invalid array index ${text}`);
    const start0 = bound(slice[1]!);
    const end =
      slice[2] === undefined ? { known: true, value: start0.value + 1, derived: true } : bound(slice[2].slice(1));
    const step = slice[3] === undefined ? bound("") : bound(slice[3].slice(1));
    return [{ kind: "array", bounds: [start0, end, step] }];
  }

  #filter(): PathNode {
    const start = (this.#at += "[?(".length);
    let mark = "";
    let closed = false;
    for (;;) {
      const char = this.#next();
      if (char === "" || char === "\n") throw new PathSyntaxError("unterminated filter");
      if (char === '"' || char === "'") {
        if (mark === "") mark = char;
        else if (char === mark && this.#input[this.#at - 2] !== "\\") closed = true;
      } else if (char === ")" && (mark !== "") === closed) break;
    }
    if (this.#next() !== "]") throw new PathSyntaxError("unclosed array expect ]");
    const text = this.#input.slice(start, this.#at - 2);
    const comparison = FILTER.exec(text);
    if (!comparison)
      return { kind: "filter", left: parseAction(text), right: { kind: "list", nodes: [] }, operator: "exists" };
    const [, left, operator, right] = comparison as unknown as [string, string, string, string];
    return { kind: "filter", left: parseAction(left), right: parseAction(right), operator };
  }

  #quoted(mark: string): PathNode {
    const start = this.#at;
    for (;;) {
      const char = this.#next();
      if (char === "" || char === "\n") throw new PathSyntaxError("unterminated quoted string");
      if (char === mark && this.#input[this.#at - 2] !== "\\") break;
    }
    const text = unescapeGo(this.#input.slice(start, this.#at - 1), mark);
    if (text === undefined)
      throw new PathSyntaxError(`unquote string ${this.#input.slice(start - 1, this.#at)} error invalid syntax`);
    return { kind: "text", text };
  }

  /** A name up to a terminator that has no backslash before it. */
  #field(): PathNode {
    const start = this.#at;
    for (let char = this.#peek(); char !== "" && !TERMINATORS.includes(char); char = this.#peek()) {
      this.#next();
      if (char === "\\") this.#next();
    }
    const name = this.#input.slice(start, this.#at);
    return name === "*" ? { kind: "wildcard" } : { kind: "field", name: name.replaceAll("\\", "") };
  }
}

function bound(text: string): Bound {
  if (text === "") return { known: false, value: 0, derived: false };
  const value = text === "-" ? undefined : BigInt(text);
  if (value === undefined || value > LARGEST_INT || value < -LARGEST_INT - 1n)
    throw new PathSyntaxError(`array index ${text} is not a number`);
  return { known: true, value: Number(value), derived: false };
}
