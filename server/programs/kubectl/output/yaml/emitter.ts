import { encode } from "../../../../sim/kernel/index.ts";
import { analyze, escapeOf, isBreak, styleOf, type Scalar, type Style } from "./scalar.ts";
import { kindOf, type Json, type JsonObject } from "../golang/kind.ts";
import { formatFloat } from "../golang/float.ts";
import { yamlKeys } from "./keys.ts";

const INDENT = 2;
/** A line that is longer is broken at the next single space. */
const WIDTH = 80;
/** A longer key is no simple key: it gets a `?`. In bytes. */
const LONGEST_KEY = 128;

const UNREADABLE = /[\x7f-\x9f\ud800-\udfff\ufffe\uffff]/;
const REFUSED = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** Writes a value in block style as goyaml.v2/emitterc.go does; its state is what stands on the current line. */
export class Emitter {
  #out = "";
  #column = 0;
  #indent = -1;
  /** A blank or an indicator was written last. */
  #whitespace = true;
  /** Nothing but indentation and `- ` or `? ` was written on the line. */
  #indention = true;
  /** A character occurred that go-yaml refuses when it reads the object's JSON, its first step. */
  refused = false;

  document(value: Json): string {
    this.#node(value, "root");
    this.#writeIndent();
    return this.#out;
  }

  #node(value: Json, context: "root" | "sequence" | "mapping"): void {
    const kind = kindOf(value);
    if (kind === "slice") this.#sequence(value as readonly Json[], context);
    else if (kind === "map") this.#mapping(value as JsonObject);
    else if (kind === "string") this.#text(value as string, false);
    else this.#plain(typeof value === "number" ? numberText(value) : JSON.stringify(value));
  }

  #sequence(items: readonly Json[], context: string): void {
    if (items.length === 0) return this.#empty("[", "]");
    const outer = this.#increaseIndent(context === "mapping" && !this.#indention);
    for (const item of items) {
      this.#writeIndent();
      this.#indicator("-", true, false, true);
      this.#node(item, "sequence");
    }
    this.#indent = outer;
  }

  #mapping(map: JsonObject): void {
    const keys = yamlKeys(map);
    if (keys.length === 0) return this.#empty("{", "}");
    const outer = this.#increaseIndent(false);
    for (const key of keys) {
      this.#writeIndent();
      const text = this.#read(key);
      const scalar = analyze(text);
      if (!scalar.multiline && (text.length * 3 <= LONGEST_KEY || encode(text).length <= LONGEST_KEY)) {
        this.#text(text, true, scalar);
        this.#indicator(":", false, false, false);
      } else {
        this.#indicator("?", true, false, true);
        this.#text(text, false, scalar);
        this.#writeIndent();
        this.#indicator(":", true, false, true);
      }
      this.#node(map[key]!, "mapping");
    }
    this.#indent = outer;
  }

  /** A string after it went through JSON and go-yaml's reader, which folds the line break U+0085 to a space. */
  #read(text: string): string {
    if (!UNREADABLE.test(text)) return text;
    this.refused ||= REFUSED.test(text);
    return text
      .replace(/[\ud800-\udfff]/gu, "\ufffd")
      .replace(/[ \t]*\u0085[ \t\u0085]*/g, (fold) => "\n".repeat(fold.replace(/[ \t]/g, "").length - 1) || " ");
  }

  #empty(open: string, close: string): void {
    this.#indicator(open, true, true, false);
    this.#indicator(close, false, false, false);
  }

  #increaseIndent(indentless: boolean): number {
    const outer = this.#indent;
    if (outer < 0) this.#indent = 0;
    else if (!indentless) this.#indent += INDENT;
    return outer;
  }

  #put(text: string, columns = text.length): void {
    this.#out += text;
    this.#column += columns;
  }

  #break(text = "\n"): void {
    this.#out += text;
    this.#column = 0;
  }

  #writeIndent(): void {
    const indent = Math.max(this.#indent, 0);
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) this.#break();
    if (this.#column < indent) this.#put(" ".repeat(indent - this.#column));
    this.#whitespace = true;
    this.#indention = true;
  }

  #indicator(text: string, needsSpace: boolean, isWhitespace: boolean, isIndention: boolean): void {
    if (needsSpace && !this.#whitespace) this.#put(" ");
    this.#put(text);
    this.#whitespace = isWhitespace;
    this.#indention &&= isIndention;
  }

  #plain(text: string): void {
    if (!this.#whitespace) this.#put(" ");
    this.#put(text);
    this.#whitespace = false;
    this.#indention = false;
  }

  #text(written: string, isKey: boolean, scalar?: Scalar): void {
    const text = scalar ? written : this.#read(written);
    scalar ??= analyze(text);
    const style = styleOf(text, scalar, isKey);
    if (style === "plain" && !text.includes(" ")) return this.#plain(text);
    const chars = scalar.chars.length > 0 ? scalar.chars : Array.from(text);
    const outer = this.#indent;
    // Continued lines stand one level further in.
    this.#indent = outer < 0 ? INDENT : outer + INDENT;
    if (style === "literal") this.#literal(text, chars);
    else this.#oneLine(chars, style, !isKey);
    this.#indent = outer;
  }

  /** Plain and quoted scalars: a single space behind the line's width becomes a line break, where breaks are allowed. */
  #oneLine(chars: readonly string[], style: Style, mayBreak: boolean): void {
    const mark = style === "single" ? "'" : style === "double" ? '"' : "";
    if (mark) this.#indicator(mark, true, false, false);
    else if (!this.#whitespace) this.#put(" ");
    let afterSpace = false;
    let breaks = false;
    for (let at = 0; at < chars.length; at++) {
      const char = chars[at]!;
      if (char === " ") {
        const inside = style === "plain" || (at > 0 && at < chars.length - 1);
        const long = mayBreak && !afterSpace && this.#column > WIDTH && inside;
        if (long && (style === "double" || chars[at + 1] !== " ")) {
          this.#writeIndent();
          if (style === "double" && chars[at + 1] === " ") this.#put("\\");
        } else this.#put(char);
        afterSpace = true;
      } else if (style === "double") {
        this.#put(escapeOf(char) ?? char, escapeOf(char)?.length ?? 1);
        afterSpace = false;
      } else if (isBreak(char)) {
        if (!breaks && char === "\n") this.#break();
        this.#break(char);
        this.#indention = true;
        breaks = true;
      } else {
        if (breaks) this.#writeIndent();
        if (style === "single" && char === "'") this.#put("'");
        this.#put(char, 1);
        this.#indention = false;
        afterSpace = false;
        breaks = false;
      }
    }
    if (mark) this.#indicator(mark, false, false, false);
    this.#whitespace = false;
    this.#indention = false;
  }

  #literal(text: string, chars: readonly string[]): void {
    this.#indicator("|", true, false, false);
    if (chars[0] === " " || isBreak(chars[0]!)) this.#indicator(String(INDENT), false, false, false);
    const chomp = !isBreak(chars.at(-1)!) ? "-" : chars.length === 1 || isBreak(chars.at(-2)!) ? "+" : "";
    if (chomp) this.#indicator(chomp, false, false, false);
    this.#break();
    this.#indention = true;
    this.#whitespace = true;
    if (!/[\r\u0085\u2028\u2029]/.test(text)) return this.#literalLines(text);
    let breaks = true;
    for (const char of chars) {
      if (isBreak(char)) {
        this.#break(char);
        this.#indention = true;
        breaks = true;
      } else {
        if (breaks) this.#writeIndent();
        this.#put(char, 1);
        this.#indention = false;
        breaks = false;
      }
    }
  }

  /** The same for lines that end in newlines only. */
  #literalLines(text: string): void {
    const lines = text.split("\n");
    const last = lines.pop()!;
    const lead = " ".repeat(this.#indent);
    for (const line of lines) this.#out += line === "" ? "\n" : `${lead}${line}\n`;
    this.#column = 0;
    this.#indention = true;
    if (last === "") return;
    this.#writeIndent();
    this.#put(last);
    this.#indention = false;
  }
}

/** go-yaml reads integers up to an uint64 as such, and writes floats with an exponent from a million on. */
function numberText(value: number): string {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64 ? String(value) : formatFloat(value);
}
