/** A value of a TOML document. Dates are not read: containerd's configuration has none. */
export type TomlValue = string | number | boolean | TomlValue[] | { [key: string]: TomlValue };

/** A document that is no TOML, with the place in the form of pelletier/go-toml: `(3, 14): ‹why›`. */
export class TomlError extends Error {}

/** Reads a TOML document (v1.0 without dates). Throws TomlError. */
export function parseToml(text: string): { [key: string]: TomlValue } {
  return new Reader(text).document();
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): { [key: string]: TomlValue } {
    const root: { [key: string]: TomlValue } = {};
    let table = root;
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      if (this.#take("[[")) {
        const path = this.#keys();
        this.#expect("]]");
        const owner = this.#open(root, path.slice(0, -1));
        const name = path.at(-1)!;
        table = {};
        const list = owner[name];
        if (Array.isArray(list)) list.push(table);
        else owner[name] = [table];
      } else if (this.#take("[")) {
        const path = this.#keys();
        this.#expect("]");
        table = this.#open(root, path);
      } else this.#assignment(table);
      this.#endOfLine();
    }
    return root;
  }

  #assignment(table: { [key: string]: TomlValue }): void {
    const path = this.#keys();
    this.#expect("=");
    this.#blanks();
    const owner = this.#open(table, path.slice(0, -1));
    const name = path.at(-1)!;
    if (Object.hasOwn(owner, name)) this.#fail(`The following key was defined twice: ${path.join(".")}`);
    owner[name] = this.#value();
  }

  /** The table at a path of keys, made where it is missing; of a list of tables the last. */
  #open(from: { [key: string]: TomlValue }, path: readonly string[]): { [key: string]: TomlValue } {
    let table = from;
    for (const name of path) {
      const found = Object.hasOwn(table, name) ? table[name]! : (table[name] = {});
      const next = Array.isArray(found) ? found.at(-1)! : found;
      if (typeof next !== "object" || Array.isArray(next)) this.#fail(`${name} is not a table`);
      table = next;
    }
    return table;
  }

  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#blanks();
      const first = this.#text[this.#at];
      if (first === '"' || first === "'") keys.push(this.#string(first));
      else {
        const bare = /[A-Za-z0-9_-]*/y;
        bare.lastIndex = this.#at;
        const key = bare.exec(this.#text)![0];
        if (key === "") this.#fail("invalid key");
        this.#at += key.length;
        keys.push(key);
      }
      this.#blanks();
    } while (this.#take("."));
    return keys;
  }

  #value(): TomlValue {
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") return this.#string(first);
    if (first === "[") return this.#array();
    if (first === "{") return this.#inlineTable();
    const word = /[A-Za-z0-9_.+-]*/y;
    word.lastIndex = this.#at;
    const text = word.exec(this.#text)![0];
    if (text === "true" || text === "false") {
      this.#at += text.length;
      return text === "true";
    }
    const number = Number(text.replaceAll("_", ""));
    if (text === "" || Number.isNaN(number)) this.#fail("no value can start with " + (first ?? "end of file"));
    this.#at += text.length;
    return number;
  }

  #array(): TomlValue[] {
    this.#expect("[");
    const list: TomlValue[] = [];
    for (;;) {
      this.#skip();
      if (this.#take("]")) return list;
      list.push(this.#value());
      this.#skip();
      if (!this.#take(",") && this.#text[this.#at] !== "]") this.#fail("missing comma in array");
    }
  }

  #inlineTable(): { [key: string]: TomlValue } {
    this.#expect("{");
    const table: { [key: string]: TomlValue } = {};
    this.#blanks();
    while (!this.#take("}")) {
      this.#assignment(table);
      this.#blanks();
      if (!this.#take(",") && this.#text[this.#at] !== "}") this.#fail("expected comma or } in inline table");
      this.#blanks();
    }
    return table;
  }

  #string(quote: string): string {
    if (this.#take(quote.repeat(3))) return this.#multiLine(quote);
    const start = ++this.#at;
    while (this.#text[this.#at] !== quote) {
      const char = this.#text[this.#at];
      if (char === undefined || char === "\n") this.#fail("unclosed string");
      this.#at += quote === '"' && char === "\\" ? 2 : 1;
    }
    const body = this.#text.slice(start, this.#at++);
    return quote === '"' ? unescape(body) : body;
  }

  #multiLine(quote: string): string {
    const end = this.#text.indexOf(quote.repeat(3), this.#at);
    if (end < 0) this.#fail("unclosed string");
    const body = this.#text.slice(this.#at, end).replace(/^\r?\n/, "");
    this.#at = end + 3;
    return quote === '"' ? unescape(body.replace(/\\\r?\n\s*/g, "")) : body;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    this.#blanks();
    if (!this.#take(text)) this.#fail(`expected '${text}' but got '${this.#text[this.#at] ?? "end of file"}'`);
  }

  #blanks(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
  }

  /** White space, line ends and comments. */
  #skip(): void {
    const ignored = /(?:\s|#[^\n]*)*/y;
    ignored.lastIndex = this.#at;
    ignored.exec(this.#text);
    this.#at = ignored.lastIndex;
  }

  #endOfLine(): void {
    this.#blanks();
    const char = this.#text[this.#at];
    if (char !== undefined && char !== "\n" && char !== "\r" && char !== "#")
      this.#fail(`unexpected token ${JSON.stringify(char)}, was expecting end of line`);
  }

  #fail(why: string): never {
    const before = this.#text.slice(0, this.#at).split("\n");
    throw new TomlError(`(${before.length}, ${before.at(-1)!.length + 1}): ${why}`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };

function unescape(body: string): string {
  return body.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g, (_, four?: string, eight?: string, one = "") =>
    four || eight ? String.fromCodePoint(Number.parseInt((four ?? eight)!, 16)) : (ESCAPES[one as string] ?? one),
  );
}
