import { yamlProblem } from "../../../sim/kube/api/index.ts";

/** What our parser of YAML found wrong. */
export interface ParserError {
  readonly code: string;
  readonly message: string;
  readonly linePos?: readonly { readonly line: number; readonly col: number }[] | undefined;
}

/** go-yaml 2 is sigs.k8s.io/yaml's, 3 is kustomize's: they tell other lines. */
export type GoYaml = 2 | 3;

/**
 * What go-yaml says of a text that our parser refuses, without `yaml: `. Both stop at the same place for what people get wrong
 * most; go-yaml's scanner counts lines from one, its parser from zero, and version 3 tells where the collection began rather
 * than where it went wrong (yaml.go parser.fail). Other problems are told as well as they can be.
 */
export function goYamlProblem(text: string, error: ParserError, version: GoYaml): string {
  const at = error.linePos?.[0];
  const found = at && new Scene(text, at.line, at.col, version).explain(error);
  return found ?? yamlProblem(error);
}

class Scene {
  readonly #lines: readonly string[];
  readonly #line: number;
  readonly #col: number;
  readonly #version: GoYaml;

  constructor(text: string, line: number, col: number, version: GoYaml) {
    this.#lines = text.split("\n");
    this.#line = line;
    this.#col = col;
    this.#version = version;
  }

  explain({ code, message }: ParserError): string | undefined {
    const line = this.#line;
    if (code === "TAB_AS_INDENT")
      return scanner(line, this.#follows(/:\s*$/) ? "found character that cannot start any token" : "found a tab character that violates indentation"); // prettier-ignore
    if (code === "BAD_SCALAR_START") return scanner(line, "found character that cannot start any token");
    if (code === "BAD_DQ_ESCAPE") return scanner(line, "found unknown escape character");
    if (message.startsWith("Block scalar header")) return scanner(line, "did not find expected comment or line break");
    if (message.startsWith("Unexpected block-seq-ind"))
      return scanner(line, "block sequence entries are not allowed in this context");
    if (message.startsWith("Missing closing")) return this.#openQuote();
    if (message.startsWith("Nested mappings")) return this.#valueNotAllowed();
    if (message.startsWith("Implicit map keys")) return this.#noColon();
    if (code === "MULTILINE_IMPLICIT_KEY" && !this.#isDash())
      return this.#isRequired() ? this.#noColon() : this.#valueNotAllowed();
    if (message.startsWith("Flow ")) return this.#openFlow(message.startsWith("Flow map") ? "}" : "]");
    if (message.startsWith("Unexpected ,")) return parser(line - 1, "did not find expected node content");
    if (/^Unexpected flow-(seq|map)-end/.test(message) && /:\s*$/.test(this.#before()))
      return parser(line - 1, "did not find expected node content");
    const isMisplaced =
      code === "MULTILINE_IMPLICIT_KEY" || code === "BAD_INDENT" || code === "UNEXPECTED_TOKEN" || message.startsWith("A block sequence") || message.startsWith("Sequence item"); // prettier-ignore
    return isMisplaced ? this.#misplaced() : undefined;
  }

  /** What stands before on the line. */
  #before(): string {
    return this.#lines[this.#line - 1]!.slice(0, this.#col - 1);
  }

  #isDash(): boolean {
    return this.#before().trim() === "" && /^-(\s|$)/.test(this.#lines[this.#line - 1]!.slice(this.#indent()));
  }

  #indent(): number {
    return indentOf(this.#lines[this.#line - 1]!);
  }

  /** Whether the last line with something on it before this one looks like that. */
  #follows(pattern: RegExp): boolean {
    const before = this.#lines.slice(0, this.#line - 1).findLast((line) => line.trim() !== "");
    return before !== undefined && pattern.test(before);
  }

  /** A key must be here: the mapping has others at this column. */
  #isRequired(): boolean {
    if (this.#before().trim() !== "") return false;
    const indent = this.#indent();
    const before = this.#lines
      .slice(0, this.#line - 1)
      .findLast((line) => line.trim() !== "" && indentOf(line) <= indent);
    return before !== undefined && indentOf(before) === indent && /^\s*[^-\s#].*:(\s|$)/.test(before);
  }

  #noColon(): string {
    const next = this.#lines.findIndex((line, at) => at >= this.#line && line.trim() !== "");
    return scanner(this.#version === 3 ? this.#line : (next < 0 ? this.#lines.length - 1 : next) + 1, "could not find expected ':'"); // prettier-ignore
  }

  /** The colon that has no key stands behind this place. */
  #valueNotAllowed(): string {
    const rest = [this.#lines[this.#line - 1]!.slice(this.#col - 1), ...this.#lines.slice(this.#line)];
    const at = rest.findIndex((line) => /:(\s|$)/.test(line));
    return scanner(this.#line + Math.max(at, 0), "mapping values are not allowed in this context");
  }

  #openQuote(): string {
    const quote = this.#lines.findIndex((line) => (line.match(/["']/g) ?? []).length % 2 === 1);
    return scanner(this.#version === 3 ? quote + 1 : this.#lines.length, "found unexpected end of stream");
  }

  #openFlow(end: string): string {
    const start = this.#lines.slice(0, this.#line).findLastIndex((line) => /[[{]/.test(line));
    const wrong = this.#lines.findIndex((line, at) => at >= this.#line - 1 && /:(\s|$)/.test(line));
    const problem = wrong < 0 ? this.#line - 1 : wrong;
    return parser(this.#version === 3 ? start || problem : problem, `did not find expected ',' or '${end}'`);
  }

  #misplaced(): string {
    const dash = this.#isDash();
    const indent = this.#before().trim() === "" ? this.#indent() : this.#col;
    const lines = this.#lines.slice(0, this.#line - 1);
    const last = lines.findLast((line) => line.trim() !== "" && indentOf(line) <= indent);
    const inList = !dash && last !== undefined && indentOf(last) === indent && /^\s*-(\s|$)/.test(last);
    const what = inList ? "did not find expected '-' indicator" : "did not find expected key";
    const problem = this.#line - 1;
    return parser((this.#version === 3 ? this.#start(inList || dash ? indent : indent - 1) : 0) || problem, what);
  }

  /** The line, from zero, at which the collection begins that has its members at most at that column. */
  #start(column: number): number {
    const lines = this.#lines.slice(0, this.#line - 1);
    const member = lines.findLastIndex((line) => line.trim() !== "" && indentOf(line) <= column);
    const indent = member < 0 ? 0 : indentOf(lines[member]!);
    const outside = lines.findLastIndex((line, at) => at < member && line.trim() !== "" && indentOf(line) < indent);
    return outside + 1;
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function scanner(line: number, what: string): string {
  return line <= 1 ? what : `line ${line}: ${what}`;
}

function parser(line: number, what: string): string {
  return line < 1 ? what : `line ${line}: ${what}`;
}
