import { parseNumber } from "./number.ts";
import type { Value } from "./value.ts";

/** Why some text is no JSON, as jq says it. */
export class JsonError extends Error {}

const DEEPEST = 10_000;

/** A value that is being built: an array, or an object with the key that was read last. */
type Open = { readonly array: Value[] } | { readonly object: Map<string, Value>; key?: string };

/**
 * Reads JSON texts one after another from text that comes in pieces (src/jv_parse.c). The messages tell where the reader
 * stood when it noticed, not where the mistake is.
 */
export class JsonReader {
  #line = 1;
  #column = 0;
  /** A bare word or number that has begun. */
  #token = "";
  #string: string | undefined;
  #escaped = false;
  readonly #stack: Open[] = [];
  #next: Value | undefined;

  /** Takes more text and gives the values that it ends. Throws JsonError; the reader is of no use after that. */
  *read(text: string): Generator<Value> {
    for (let at = 0; at < text.length;) {
      if (this.#string !== undefined) {
        at = this.#readString(text, at);
        continue;
      }
      const code = text.charCodeAt(at);
      if (!isDelimiter(code)) {
        const from = at;
        while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++;
        this.#token += text.slice(from, at);
        this.#column += bytes(text, from, at);
        continue;
      }
      at++;
      this.#column++;
      if (code === 10) {
        this.#line++;
        this.#column = 0;
      }
      this.#literal();
      if (this.#isDone()) yield this.#take();
      if (code === 34) this.#string = "";
      else if (code > 32) {
        this.#structure(text[at - 1]!);
        if (this.#isDone()) yield this.#take();
      }
    }
  }

  /** At the end of the text: the last value, if there is one. */
  end(): Value | undefined {
    if (this.#string !== undefined) throw this.#error("Unfinished string at EOF");
    try {
      this.#literal();
    } catch (error) {
      throw error instanceof Problem ? this.#error(`${error.bare} at EOF`) : error;
    }
    if (this.#stack.length > 0) throw this.#error("Unfinished JSON term at EOF");
    return this.#next;
  }

  #isDone(): boolean {
    return this.#stack.length === 0 && this.#next !== undefined;
  }

  #take(): Value {
    const value = this.#next!;
    this.#next = undefined;
    return value;
  }

  #error(message: string): JsonError {
    return new JsonError(`${message} at line ${this.#line}, column ${this.#column}`);
  }

  /** Runs to the end of a string, or of the text. */
  #readString(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#escaped) this.#escaped = false;
      else if (code === 92) this.#escaped = true;
      else if (code === 34) break;
      if (code === 10) {
        this.#line++;
        this.#column = -1;
      }
      this.#column += code < 0x80 ? 1 : bytes(text, at, at + 1);
    }
    this.#string += text.slice(from, at);
    if (at === text.length) return at;
    this.#column++;
    const whole = this.#string!;
    this.#string = undefined;
    this.#value(this.#unescaped(whole));
    return at + 1;
  }

  #unescaped(text: string): string {
    const control = /[\0-\x1f]/.exec(text);
    const found = text.includes("\\") ? unescape(text) : text;
    if (typeof found !== "string") throw this.#error(found.problem);
    if (control) throw this.#error("Invalid string: control characters from U+0000 through U+001F must be escaped");
    return found;
  }

  /** Ends a bare word. */
  #literal(): void {
    if (this.#token === "") return;
    const token = this.#token;
    const value = WORDS.has(token) ? WORDS.get(token)! : parseNumber(token);
    if (value === undefined)
      throw this.#problem(/^[tf]|^nu/.test(token) ? "Invalid literal" : "Invalid numeric literal");
    this.#token = "";
    this.#value(value);
  }

  #value(value: Value): void {
    if (this.#next !== undefined) throw this.#problem("Expected separator between values");
    this.#next = value;
  }

  /** In `end` the place of a problem gets another wording. */
  #problem(message: string): Error {
    return new Problem(message, this.#error(message).message);
  }

  #structure(char: string): void {
    const problem = this.#apply(char);
    if (problem !== undefined) throw this.#error(problem);
  }

  #apply(char: string): string | undefined {
    const top = this.#stack.at(-1);
    const next = this.#next;
    switch (char) {
      case "[":
      case "{":
        if (this.#stack.length >= DEEPEST) return "Exceeds depth limit for parsing";
        if (next !== undefined) return "Expected separator between values";
        this.#stack.push(char === "[" ? { array: [] } : { object: new Map() });
        return undefined;
      case ":":
        if (next === undefined) return "Expected string key before ':'";
        if (!top || "array" in top || top.key !== undefined) return "':' not as part of an object";
        if (typeof next !== "string") return "Object keys must be strings";
        top.key = next;
        this.#next = undefined;
        return undefined;
      case ",":
        if (next === undefined) return "Expected value before ','";
        if (!top) return "',' not as part of an object or array";
        if (!add(top, next)) return "Objects must consist of key:value pairs";
        this.#next = undefined;
        return undefined;
      case "]":
        if (!top || !("array" in top)) return "Unmatched ']'";
        if (next !== undefined) top.array.push(next);
        else if (top.array.length > 0) return "Expected another array element";
        this.#stack.pop();
        this.#next = top.array;
        return undefined;
      default:
        if (!top) return "Unmatched '}'";
        if (next !== undefined) {
          if ("array" in top || !add(top, next)) return "Objects must consist of key:value pairs";
        } else if ("array" in top || top.key !== undefined) return "Unmatched '}'";
        else if (top.object.size > 0) return "Expected another key-value pair";
        this.#stack.pop();
        this.#next = top.object;
        return undefined;
    }
  }
}

/** A mistake in a word: its message has the place, `message` alone has not. */
class Problem extends JsonError {
  readonly bare: string;

  constructor(bare: string, full: string) {
    super(full);
    this.bare = bare;
  }
}

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

function add(top: Open, value: Value): boolean {
  if ("array" in top) {
    top.array.push(value);
    return true;
  }
  if (top.key === undefined) return false;
  top.object.set(top.key, value);
  delete top.key;
  return true;
}

/** White space, `"`, and `[ ] { } , :`. */
function isDelimiter(code: number): boolean {
  return (
    code === 32 ||
    code === 10 ||
    code === 34 ||
    code === 44 ||
    code === 58 ||
    code === 91 ||
    code === 93 ||
    code === 123 ||
    code === 125 ||
    code === 9 ||
    code === 13
  );
}

/** How many bytes a part of a text has in UTF-8. */
function bytes(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
  }
  return count;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  t: "\t",
  n: "\n",
  r: "\r",
};

/** The text of a JSON string without its quotes. */
export function unescape(text: string): string | { readonly problem: string } {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char !== "\\") {
      out += char;
      continue;
    }
    const escape = text[++at];
    if (escape === undefined) return { problem: "Expected escape character at end of string" };
    if (escape !== "u") {
      if (ESCAPES[escape] === undefined) return { problem: "Invalid escape" };
      out += ESCAPES[escape];
      continue;
    }
    if (at + 4 >= text.length) return { problem: "Invalid \\uXXXX escape" };
    const unit = hex(text, at + 1);
    if (unit === undefined) return { problem: "Invalid characters in \\uXXXX escape" };
    at += 4;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const low = text.slice(at + 1, at + 3) === "\\u" ? hex(text, at + 3) : undefined;
      if (low === undefined || low < 0xdc00 || low > 0xdfff)
        return { problem: "Invalid \\uXXXX\\uXXXX surrogate pair escape" };
      out += String.fromCharCode(unit, low);
      at += 6;
    } else out += unit >= 0xdc00 && unit <= 0xdfff ? "\ufffd" : String.fromCharCode(unit);
  }
  return out;
}

function hex(text: string, at: number): number | undefined {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-f]{4}$/i.test(digits) ? parseInt(digits, 16) : undefined;
}

/** One JSON text, as `fromjson`, `--argjson` and `tonumber` take it. The error tells the text too. */
export function parseJson(text: string): Value | JsonError {
  const because = (message: string) => new JsonError(`${message} (while parsing '${text}')`);
  try {
    const values: Value[] = [];
    const reader = new JsonReader();
    values.push(...reader.read(text));
    const last = reader.end();
    if (last !== undefined) values.push(last);
    if (values.length > 1) return because("Unexpected extra JSON values");
    return values.length === 0 ? because("Expected JSON value") : values[0]!;
  } catch (error) {
    if (error instanceof JsonError) return because(error.message);
    throw error;
  }
}
