import { RE2JS } from "re2js";
import { codeSource, setSource } from "./classes.ts";
import { Meter } from "./meter.ts";
import type { Locale, Node } from "./node.ts";
import { mayBeEmpty } from "./program.ts";

/** The most repeats that RE2 takes in an interval. */
const MOST_REPEATS = 1000;

/** A pattern for RE2 that matches wherever the real one does. */
export interface Linear {
  readonly engine: RE2JS;
  /** It matches nowhere else. */
  readonly decides: boolean;
  /** It finds the very matches of the real one. */
  readonly exact: boolean;
  /** It holds for ASCII text only, as RE2's `\b` knows no other letters. */
  readonly asciiOnly: boolean;
  readonly meter: Meter;
}

export interface LinearOptions {
  readonly locale: Locale;
  /** In which locale a character is part of a word. */
  readonly words: Locale;
  /** Leftmost-longest, as POSIX, instead of the first that a backtracker finds, as Perl. */
  readonly longest: boolean;
  /** Only matches between characters that are no part of a word count. */
  readonly within: "word" | undefined;
}

/** The node as a linear-time pattern; undefined if it is too large for that. */
export function linear(node: Node, options: LinearOptions): Linear | undefined {
  const writer = new Writer(options.locale);
  let source = writer.write(node);
  if (source === undefined) return undefined;
  if (options.within === "word") {
    const word = setSource(
      { kind: "set", negated: false, items: [{ name: "word" }], fold: false },
      options.words,
      "re2",
    );
    source = `(?:^|[^${word.slice(1)})(?:${source})(?:[^${word.slice(1)}|$)`;
  }
  try {
    const engine = RE2JS.compile(source, options.longest ? RE2JS.LONGEST_MATCH : 0);
    return {
      engine,
      meter: new Meter(engine),
      decides: !writer.loose,
      exact: options.within === undefined && !writer.loose && !(options.longest && writer.emptyRepeats),
      asciiOnly: writer.edges && options.words === "utf8",
    };
  } catch {
    return undefined;
  }
}

class Writer {
  readonly #locale: Locale;
  /** Something was widened that RE2 has no words for. */
  loose = false;
  /** A word edge occurs. */
  edges = false;
  /** `(a*){1,2}` occurs: RE2 says that the last round took nothing, where POSIX stays with the one before. */
  emptyRepeats = false;

  constructor(locale: Locale) {
    this.#locale = locale;
  }

  write(node: Node): string | undefined {
    switch (node.kind) {
      case "empty":
        return "(?:)";
      case "never":
        return "[^\\x00-\\x{10FFFF}]";
      case "char":
        return this.#folded(node.fold, codeSource(node.code, "re2"), node.code);
      case "set":
        return node.fold && this.#locale === "utf8"
          ? `(?i:${setSource(node, this.#locale, "re2")})`
          : setSource(node, this.#locale, "re2");
      case "place":
        return this.#place(node);
      case "group": {
        const inner = this.write(node.node);
        return inner === undefined ? undefined : `(${inner})`;
      }
      case "concat":
        return this.#all(node.nodes)?.join("");
      case "alternate": {
        const branches = this.#all(node.nodes);
        return branches && `(?:${branches.join("|")})`;
      }
      case "repeat":
        return this.#repeat(node);
      case "back":
        this.loose = true;
        return "(?s:.)*";
      case "atomic":
        this.loose = true;
        return this.write(node.node);
      case "look":
      case "keep":
        this.loose = true;
        return "(?:)";
    }
  }

  #all(nodes: readonly Node[]): string[] | undefined {
    const out: string[] = [];
    for (const node of nodes) {
      const source = this.write(node);
      if (source === undefined) return undefined;
      out.push(source);
    }
    return out;
  }

  #folded(fold: boolean, source: string, code: number): string {
    if (!fold) return source;
    if (this.#locale === "utf8") return `(?i:${source})`;
    const char = String.fromCharCode(code);
    return /[A-Za-z]/.test(char) ? `[${char.toUpperCase()}${char.toLowerCase()}]` : source;
  }

  #place(node: Node & { kind: "place" }): string {
    switch (node.at) {
      case "lineStart":
        return node.everyLine ? "(?m:^)" : "^";
      case "lineEnd":
        return node.everyLine ? "(?m:$)" : "$";
      case "textStart":
        return "\\A";
      case "textEnd":
        return "\\z";
      case "wordEdge":
        this.edges = true;
        return "\\b";
      case "notWordEdge":
        this.edges = true;
        return "\\B";
      case "wordStart":
      case "wordEnd":
        this.edges = true;
        this.loose = true;
        return "\\b";
    }
  }

  #repeat(node: Node & { kind: "repeat" }): string | undefined {
    const inner = this.write(node.node);
    if (inner === undefined) return undefined;
    if (node.min > MOST_REPEATS || (node.max !== Infinity && node.max > MOST_REPEATS)) return undefined;
    if (node.min > 0 && node.max === node.min + 1 && mayBeEmpty(node.node)) this.emptyRepeats = true;
    const count =
      node.max === Infinity
        ? node.min === 0
          ? "*"
          : node.min === 1
            ? "+"
            : `{${node.min},}`
        : node.min === 0 && node.max === 1
          ? "?"
          : `{${node.min},${node.max}}`;
    return `(?:${inner})${count}${node.lazy ? "?" : ""}`;
  }
}
