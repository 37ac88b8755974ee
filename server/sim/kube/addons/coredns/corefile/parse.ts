import { Dispenser } from "./dispenser.ts";
import { tokenize, type Token } from "./lexer.ts";

/** The words of one `{ … }` block by directive, in the order of the file. Plain data. */
export interface ServerBlock {
  readonly Keys: readonly string[];
  readonly Tokens: Readonly<Record<string, readonly Token[]>>;
}

/** What a Corefile may refer to outside of itself. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  /** A file's text, or why it cannot be read (`open /x: permission denied`). */
  read(path: string): { readonly text: string } | { readonly error: string };
  /** The files that a pattern with one `*` or `?` stands for, in order. Without one: the file, if it is there. */
  glob(pattern: string): readonly string[];
  warn(message: string): void;
}

const MOST_EXPANSIONS = 1000;

/**
 * Groups the words of a Corefile by server block: as coredns/caddy caddyfile/parse.go. Without `directives` all are taken.
 * Throws a CorefileError.
 */
export function parseCorefile(
  filename: string,
  text: string,
  around: Surroundings,
  directives?: ReadonlySet<string>,
): ServerBlock[] {
  return new Parser(filename, tokenize(text), around, directives).parse();
}

class Parser extends Dispenser {
  readonly #around: Surroundings;
  readonly #directives: ReadonlySet<string> | undefined;
  readonly #snippets = new Map<string, readonly Token[]>();
  #expansions = 0;
  #keys: string[] = [];
  #block: Record<string, Token[]> = {};
  #eof = false;

  constructor(
    filename: string,
    tokens: readonly Token[],
    around: Surroundings,
    directives: ReadonlySet<string> | undefined,
  ) {
    super(filename, tokens);
    this.#around = around;
    this.#directives = directives;
  }

  parse(): ServerBlock[] {
    const blocks: ServerBlock[] = [];
    while (this.next()) {
      this.#keys = [];
      this.#block = {};
      this.#one();
      if (this.#keys.length > 0) blocks.push({ Keys: this.#keys, Tokens: this.#block });
    }
    return blocks;
  }

  #one(): void {
    this.#addresses();
    if (this.#eof) return;
    const [key = ""] = this.#keys;
    if (this.#keys.length === 1 && key.startsWith("(") && key.endsWith(")")) return this.#snippet(key.slice(1, -1));
    const braces = this.is("{");
    if (!braces) this.cursor--;
    this.#lines();
    if (braces && !this.is("}")) throw this.syntaxError("}");
  }

  #addresses(): void {
    let another = false;
    for (;;) {
      let word = this.#expand(this.value);
      if (word === "import" && this.isNewLine) {
        this.#import();
        continue;
      }
      if (word === "{") {
        if (another) throw this.error(`Expected another address but had '${word}' - check for extra comma`);
        return;
      }
      if (word !== "") {
        another = word.endsWith(",");
        if (another) word = word.slice(0, -1);
        this.#keys.push(word);
      }
      const more = this.next();
      if (another && !more) throw this.error("Unexpected EOF");
      if (!more) {
        this.#eof = true;
        return;
      }
      if (!another && this.isNewLine) return;
    }
  }

  #snippet(name: string): void {
    if (this.#snippets.has(name)) throw this.error(`redeclaration of previously declared snippet ${name}`);
    if (!this.is("{")) throw this.syntaxError("{");
    const tokens: Token[] = [];
    let depth = 1;
    while (this.next()) {
      if (this.is("}") && --depth === 0) break;
      if (this.is("{")) depth++;
      tokens.push(this.tokens[this.cursor]!);
    }
    if (depth !== 0) throw this.syntaxError("}");
    this.#snippets.set(name, tokens);
    this.#keys = [];
  }

  #lines(): void {
    while (this.next()) {
      if (this.is("}")) return;
      if (this.is("import")) {
        this.#import();
        this.cursor--;
        continue;
      }
      this.#directive();
    }
  }

  #directive(): void {
    const name = this.#expand(this.value);
    if (this.#directives && !this.#directives.has(name)) throw this.error(`Unknown directive '${name}'`);
    const words = (this.#block[name] ??= []);
    words.push(this.tokens[this.cursor]!);
    let nesting = 0;
    while (this.next()) {
      if (this.is("{")) nesting++;
      else if (this.isNewLine && nesting === 0) {
        this.cursor--;
        break;
      } else if (this.is("}") && nesting > 0) nesting--;
      else if (this.is("}")) throw this.error("Unexpected '}' because no matching opening brace");
      else if (this.is("import") && this.isNewLine) {
        this.#import();
        this.cursor--;
        continue;
      }
      const token = this.tokens[this.cursor]!;
      words.push((this.tokens[this.cursor] = { ...token, Text: this.#expand(token.Text) }));
    }
    if (nesting > 0) throw this.error("Unexpected EOF");
  }

  /** Puts what is imported in the place of `import` and its argument; the next word is the first of it. */
  #import(): void {
    if (!this.nextArg()) throw this.argumentError();
    const pattern = this.#expand(this.value);
    if (pattern === "") throw this.error("Import requires a non-empty filepath");
    if (this.nextArg()) throw this.error("Import takes only one argument (glob pattern or file)");
    const tokens = this.#snippets.get(pattern) ?? this.#files(pattern);
    if (++this.#expansions > MOST_EXPANSIONS)
      throw this.error(`maximum snippet import depth (${MOST_EXPANSIONS}) exceeded`);
    this.tokens.splice(this.cursor - 1, 2, ...tokens);
    this.cursor--;
  }

  #files(pattern: string): Token[] {
    const folder = this.file.includes("/") ? this.file.slice(0, this.file.lastIndexOf("/")) : ".";
    const path = pattern.startsWith("/") ? pattern : `${folder}/${pattern}`;
    if (path.split("*").length > 2 || path.split("?").length > 2 || (path.includes("[") && path.includes("]")))
      throw this.error(`Glob pattern may only contain one wildcard (*), but has others: ${path}`);
    const matches = this.#around.glob(path);
    if (matches.length === 0) {
      if (!/[*?[\]]/.test(path)) throw this.error(`File to import not found: ${pattern}`);
      this.#around.warn(`No files matching import glob pattern: ${pattern}`);
    }
    return matches.flatMap((file) => {
      const read = this.#around.read(file);
      if ("error" in read) throw this.error(`Could not import ${file}: ${read.error}`);
      return tokenize(read.text, file);
    });
  }

  /** `{$NAME}` and `{%NAME%}` are variables of the environment. */
  #expand(text: string): string {
    return this.#references(this.#references(text, "{%", "%}"), "{$", "}");
  }

  #references(text: string, start: string, end: string): string {
    let out = text;
    for (let at = out.indexOf(start); at >= 0; at = out.indexOf(start)) {
      const stop = out.indexOf(end, at);
      if (stop <= at + start.length) break;
      const reference = out.slice(at, stop + end.length);
      out = out.replaceAll(reference, () => this.#around.env[out.slice(at + start.length, stop)] ?? "");
    }
    return out;
  }
}
