export type JsonValue = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = JsonValue[];
export interface JsonObject {
  [key: string]: JsonValue;
}

/** JSON as Go's decoder reads it: the value, and the path of every key that an object names twice (`spec.ports[0].name`). */
export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue; readonly duplicates: readonly string[] }
  | { readonly ok: false; readonly error: string };

/** Reads JSON with the words of encoding/json's scanner for what is not JSON. */
export function parseJson(text: string): ParsedJson {
  const parser = new Parser(text);
  try {
    const value = parser.document();
    return { ok: true, value, duplicates: parser.duplicates };
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { ok: false, error: error.message };
    throw error;
  }
}

/** The same for whoever does not ask for keys that stand there twice: the engine reads faster. */
export function readJson(
  text: string,
): { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly error: string } {
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch {
    return parseJson(text);
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class JsonSyntaxError extends Error {}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
/** As encoding/json's maxNestingDepth. */
const MAX_DEPTH = 10_000;
/** What this server reads: beyond, only mischief is nested. */
const READ_DEPTH = 1_000;

class Parser {
  readonly duplicates: string[] = [];
  readonly #text: string;
  readonly #path: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#unexpected("after top-level value");
    return value;
  }

  #value(depth: number): JsonValue {
    this.#space();
    const char = this.#text[this.#at];
    if (depth >= READ_DEPTH && (char === "{" || char === "[")) this.#tooDeep(depth);
    if (char === "{") return this.#object(depth);
    if (char === "[") return this.#array(depth);
    if (char === '"') return this.#string();
    if (char === "t") return this.#literal("true", true);
    if (char === "f") return this.#literal("false", false);
    if (char === "n") return this.#literal("null", null);
    if (char === "-" || (char !== undefined && char >= "0" && char <= "9")) return this.#number();
    return this.#unexpected("looking for beginning of value");
  }

  /** Looks how deep it goes from here, without reading it. */
  #tooDeep(depth: number): never {
    let deep = depth;
    for (let at = this.#at; deep >= depth && deep <= MAX_DEPTH && at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === "{" || char === "[") deep++;
      else if (char === "}" || char === "]") deep--;
      else if (char === '"')
        for (at++; at < this.#text.length && this.#text[at] !== '"'; at++) if (this.#text[at] === "\\") at++;
    }
    if (deep > MAX_DEPTH) throw new JsonSyntaxError("exceeded max depth");
    throw new JsonSyntaxError(`drydock: JSON nested more than ${READ_DEPTH} deep is not simulated`);
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = {};
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === "}") {
      this.#at++;
      return object;
    }
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      this.#space();
      if (this.#text[this.#at] !== ":") this.#unexpected("after object key");
      this.#at++;
      this.#path.push(this.#path.length > 0 ? `.${key}` : key);
      if (Object.hasOwn(object, key)) this.duplicates.push(this.#path.join(""));
      const value = this.#value(depth + 1);
      this.#path.pop();
      if (key === "__proto__")
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
      this.#space();
      const next = this.#text[this.#at];
      if (next !== "," && next !== "}") this.#unexpected("after object key:value pair");
      this.#at++;
      if (next === "}") return object;
    }
  }

  #array(depth: number): JsonArray {
    const array: JsonArray = [];
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === "]") {
      this.#at++;
      return array;
    }
    for (;;) {
      this.#path.push(`[${array.length}]`);
      array.push(this.#value(depth + 1));
      this.#path.pop();
      this.#space();
      const next = this.#text[this.#at];
      if (next !== "," && next !== "]") this.#unexpected("after array element");
      this.#at++;
      if (next === "]") return array;
    }
  }

  #string(): string {
    let out = "";
    this.#at++;
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#text)![0];
      out += plain;
      this.#at += plain.length;
      const char = this.#text[this.#at];
      if (char === '"') {
        this.#at++;
        return out;
      }
      if (char !== "\\") this.#unexpected("in string literal");
      out += this.#escape();
    }
  }

  #escape(): string {
    const char = this.#text[++this.#at];
    if (char === "u") {
      for (let digit = 1; digit <= 4; digit++) {
        if (/[0-9a-fA-F]/.test(this.#text[this.#at + digit] ?? "")) continue;
        this.#at += digit;
        this.#unexpected("in \\u hexadecimal character escape");
      }
      const code = Number.parseInt(this.#text.slice(this.#at + 1, this.#at + 5), 16);
      this.#at += 5;
      return String.fromCharCode(code);
    }
    const escaped = char === undefined ? undefined : ESCAPES[char];
    if (escaped === undefined) this.#unexpected("in string escape code");
    this.#at++;
    return escaped;
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    const end = this.#at + (match?.[0].length ?? 1);
    const next = this.#text[end];
    // A sign, point or exponent that no digit follows, which the pattern leaves standing.
    if (!match || (next !== undefined && /[.eE]/.test(next))) {
      this.#at = end;
      if (match) this.#at += /[-+]/.test(this.#text[end + 1] ?? "") && next !== "." ? 2 : 1;
      const word = !match
        ? "in numeric literal"
        : next === "."
          ? "after decimal point in numeric literal"
          : "in exponent of numeric literal";
      this.#unexpected(word);
    }
    this.#at = end;
    return Number(match[0]);
  }

  #literal<T extends JsonValue>(word: string, value: T): T {
    for (let index = 1; index < word.length; index++) {
      this.#at++;
      if (this.#text[this.#at] !== word[index])
        this.#unexpected(`in literal ${word} (expecting ${quoteChar(word[index]!)})`);
    }
    this.#at++;
    return value;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #unexpected(context: string): never {
    const char = this.#text[this.#at];
    if (char === undefined) throw new JsonSyntaxError("unexpected end of JSON input");
    throw new JsonSyntaxError(`invalid character ${quoteChar(char)} ${context}`);
  }
}

/** As encoding/json quoteChar: `'x'`, `'\''`, `'"'`, `'\n'`. */
function quoteChar(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
