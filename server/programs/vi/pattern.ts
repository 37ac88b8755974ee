import { compile, isRegexError, RegexLimitError, type Regex } from "../../shell/regex/index.ts";

export interface Found {
  readonly start: number;
  readonly end: number;
  /** The whole match and `\1` to `\9`. */
  readonly groups: readonly string[];
}

export interface PatternRules {
  readonly ignorecase: boolean;
  readonly smartcase: boolean;
  readonly magic: boolean;
  /** What `~` stands for. */
  readonly tilde?: string;
}

const CLASSES: Readonly<Record<string, string>> = {
  s: "[ \\t]", S: "[^ \\t]", d: "[0-9]", D: "[^0-9]", w: "[0-9A-Za-z_]", W: "[^0-9A-Za-z_]", x: "[0-9A-Fa-f]",
  X: "[^0-9A-Fa-f]", a: "[A-Za-z]", A: "[^A-Za-z]", l: "[a-z]", L: "[^a-z]", u: "[A-Z]", U: "[^A-Z]", h: "[A-Za-z_]",
  H: "[^A-Za-z_]", o: "[0-7]", O: "[^0-7]", i: "[0-9A-Za-z_]", I: "[A-Za-z_]", k: "[0-9A-Za-z_]", K: "[A-Za-z_]",
  f: "[0-9A-Za-z/.\\-_+,#$%~=]", F: "[A-Za-z/.\\-_+,#$%~=]", p: "[ -~\\x{a0}-\\x{10ffff}]", e: "\\x1b", t: "\\t", r: "\\r", b: "\\x08", n: "\\n",
}; // prettier-ignore

/** A pattern in vim's own syntax (`:help pattern`), put into that of Perl; both know the same constructs. */
export class Pattern {
  readonly source: string;
  readonly #regex: Regex;
  readonly #start: number | undefined;
  readonly #end: number | undefined;
  /** Groups of the translation by vim's number. */
  readonly #numbers: readonly number[];

  private constructor(source: string, regex: Regex, translated: Translated) {
    this.source = source;
    this.#regex = regex;
    this.#start = translated.start;
    this.#end = translated.end;
    this.#numbers = translated.numbers;
  }

  /** The pattern, or vim's words for what is wrong with it. */
  static of(source: string, rules: PatternRules): Pattern | string {
    const translated = translate(source, rules);
    if (typeof translated === "string") return translated;
    const fold =
      translated.fold ?? (rules.ignorecase && !(rules.smartcase && /[A-Z]/.test(source.replace(/\\./g, ""))));
    const regex = compile(translated.text, { syntax: "perl", ignoreCase: fold });
    if (isRegexError(regex)) return `E383: Invalid search string: ${source}`;
    return new Pattern(source, regex, translated);
  }

  /** The first match in a line from an index on; undefined if there is none, or looking took too long. */
  find(line: string, from = 0): Found | undefined {
    for (let at = from; at <= line.length; at++) {
      const match = this.#exec(line, at);
      if (!match) return undefined;
      const start = this.#start === undefined ? match.start : (match.groups[this.#start]?.start ?? match.start);
      const end = this.#end === undefined ? match.end : (match.groups[this.#end]?.start ?? match.end);
      // With \zs a match may begin before `from` counts.
      if (start < from) {
        at = match.start;
        continue;
      }
      const groups = this.#numbers.map((number) => {
        const span = match.groups[number];
        return span ? line.slice(span.start, span.end) : "";
      });
      return { start, end: Math.max(start, end), groups: [line.slice(start, Math.max(start, end)), ...groups] };
    }
    return undefined;
  }

  #exec(line: string, from: number): ReturnType<Regex["exec"]> {
    try {
      return this.#regex.exec(line, from);
    } catch (error) {
      if (error instanceof RegexLimitError) return null;
      throw error;
    }
  }

  /** All matches in a line. */
  all(line: string): Found[] {
    const found: Found[] = [];
    for (let at = 0; at <= line.length;) {
      const match = this.find(line, at);
      if (!match) break;
      found.push(match);
      at = match.end > match.start ? match.end : match.end + 1;
    }
    return found;
  }
}

interface Translated {
  readonly text: string;
  readonly fold: boolean | undefined;
  readonly numbers: number[];
  readonly start: number | undefined;
  readonly end: number | undefined;
}

type Magic = "very" | "magic" | "no" | "none";

/** Which characters have their meaning without a backslash. */
const SPECIAL: Record<Magic, string> = { very: "^$.*[~(){}|+?=@<>&%", magic: "^$.*[~", no: "^$", none: "" };

function translate(source: string, rules: PatternRules): Translated | string {
  let magic: Magic = rules.magic ? "magic" : "no";
  let out = "";
  let fold: boolean | undefined;
  let groups = 0;
  let start: number | undefined;
  let end: number | undefined;
  const numbers: number[] = [];
  const open: string[] = [];
  // Where the atom begins that a following multi works on, and where a branch begins.
  let atom = -1;
  let branch = 0;
  for (let at = 0; at < source.length;) {
    let char = String.fromCodePoint(source.codePointAt(at)!);
    at += char.length;
    let special = SPECIAL[magic].includes(char);
    if (char === "\\") {
      if (at >= source.length) return out === "" ? "E486: Pattern not found: \\" : `E486: Pattern not found: ${source}`;
      char = String.fromCodePoint(source.codePointAt(at)!);
      at += char.length;
      if (char === "v" || char === "m" || char === "M" || char === "V") {
        magic = char === "v" ? "very" : char === "m" ? "magic" : char === "M" ? "no" : "none";
        continue;
      }
      if (char === "c" || char === "C") {
        fold = char === "c";
        continue;
      }
      if (char === "z") {
        const which = source[at++];
        if (which !== "s" && which !== "e") return `E68: Invalid character after \\z`;
        groups++;
        out += "()";
        if (which === "s") start = groups;
        else end = groups;
        continue;
      }
      if (char === "_") {
        const which = source[at++] ?? "";
        if (which === "^" || which === "$") out += which;
        else if (which === ".") out += "[\\s\\S]";
        else if (CLASSES[which] !== undefined) out += `(?:${CLASSES[which]}|\\n)`;
        else return `E63: Invalid use of \\_`;
        continue;
      }
      if (/[1-9]/.test(char)) {
        const number = numbers[Number(char) - 1];
        if (number === undefined) return "E65: Illegal back reference";
        atom = out.length;
        out += `(?:\\${number})`;
        continue;
      }
      if (CLASSES[char] !== undefined) {
        atom = out.length;
        out += CLASSES[char]!;
        continue;
      }
      // A backslash turns the meaning around.
      special = !special && "^$.*[~(){}|+?=@<>&%".includes(char);
      if (special && (char === "^" || char === "$") && magic !== "none") special = false;
    }
    if (!special) {
      atom = out.length;
      out += /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
      continue;
    }
    switch (char) {
      case "^":
        // Only at the start of a branch; elsewhere it is itself.
        if (out.length === branch || magic === "very") out += "^";
        else {
          atom = out.length;
          out += "\\^";
        }
        break;
      case "$":
        if (magic === "very" || at >= source.length || /^(?:\\[|)&n]|\\v\))/.test(source.slice(at))) out += "$";
        else {
          atom = out.length;
          out += "\\$";
        }
        break;
      case ".":
        atom = out.length;
        out += ".";
        break;
      case "~":
        atom = out.length;
        out += (rules.tilde ?? "").replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
        break;
      case "[": {
        const set = readSet(source, at);
        atom = out.length;
        if (!set) out += "\\[";
        else {
          out += set.text;
          at = set.next;
        }
        break;
      }
      case "(":
        open.push("(");
        groups++;
        numbers.push(groups);
        atom = out.length;
        out += "(";
        branch = out.length;
        break;
      case "%": {
        const what = source[at];
        if (what === "(") {
          at++;
          open.push("(");
          out += "(?:";
          branch = out.length;
        } else if (what === "^" || what === "$") {
          at++;
          out += what === "^" ? "\\A" : "\\z";
        } else if (what === "d" || what === "x" || what === "u") {
          const digits = (what === "d" ? /^\d+/ : /^[\da-fA-F]{1,8}/).exec(source.slice(at + 1))?.[0] ?? "";
          if (digits === "") return `E678: Invalid character after ${magic === "very" ? "" : "\\"}%[dxouU]`;
          at += 1 + digits.length;
          atom = out.length;
          out += `\\x{${Number.parseInt(digits, what === "d" ? 10 : 16).toString(16)}}`;
        } else return `drydock: vim: '\\%${what ?? ""}' is not simulated`;
        break;
      }
      case ")": {
        if (open.pop() === undefined) return `E55: Unmatched ${magic === "very" ? "" : "\\"})`;
        out += ")";
        atom = groupStart(out);
        break;
      }
      case "|":
        out += "|";
        branch = out.length;
        atom = -1;
        break;
      case "&":
        return "drydock: vim: '\\&' is not simulated";
      case "<":
        out += "(?:\\b(?=\\w))";
        break;
      case ">":
        out += "(?:\\b(?<=\\w))";
        break;
      case "*":
        if (atom < 0 || out.length === branch) {
          if (magic === "very") return "E866: (NFA regexp) Misplaced *";
          atom = out.length;
          out += "\\*";
        } else out += "*";
        break;
      case "+":
      case "?":
      case "=":
        if (atom < 0) return `E866: (NFA regexp) Misplaced ${char}`;
        out += char === "+" ? "+" : "?";
        break;
      case "{": {
        const rest = /^(-?)(\d*)(,?)(\d*)\\?\}/.exec(source.slice(at));
        if (!rest) return "E554: Syntax error in \\{...}";
        at += rest[0].length;
        const [, lazy, low, comma, high] = rest;
        const range = low === "" && comma === "" ? "*" : comma === "" ? `{${low}}` : low === "" && high === "" ? "*" : `{${low || "0"},${high}}`; // prettier-ignore
        out += range + (lazy && range !== "" ? "?" : "");
        break;
      }
      case "@": {
        const look = /^(?:\d*<=|\d*<!|=|!|>)/.exec(source.slice(at))?.[0];
        if (look === undefined || atom < 0) return "E59: Invalid character after \\@";
        at += look.length;
        const kind = look.replace(/\d/g, "");
        const body = out.slice(atom);
        out = `${out.slice(0, atom)}(?${kind === ">" ? ">" : kind === "=" ? "=" : kind === "!" ? "!" : kind}${body})`;
        break;
      }
      default:
        atom = out.length;
        out += `\\${char}`;
    }
  }
  if (open.length > 0) return `E54: Unmatched ${magic === "very" ? "" : "\\"}(`;
  return { text: out, fold, numbers, start, end };
}

/** Where the group begins that the last parenthesis closes. */
function groupStart(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at - 1] === "\\") continue;
    if (text[at] === ")") depth++;
    else if (text[at] === "(" && --depth === 0) return at;
  }
  return 0;
}

/** A bracket expression from behind its `[`; undefined if it has no end: then the bracket is itself. */
function readSet(source: string, from: number): { text: string; next: number } | undefined {
  let at = from;
  let out = "[";
  if (source[at] === "^") {
    out += "^";
    at++;
  }
  for (let first = true; ; first = false) {
    const char = source[at];
    if (char === undefined) return undefined;
    if (char === "]" && !first) return { text: `${out}]`, next: at + 1 };
    const named = /^\[:\w+:\]/.exec(source.slice(at))?.[0];
    if (named) {
      out += named;
      at += named.length;
      continue;
    }
    if (char === "\\" && /[etrbn\\\]^-]/.test(source[at + 1] ?? "")) {
      out += `\\${source[at + 1] === "e" ? "x1b" : source[at + 1] === "b" ? "x08" : source[at + 1]!}`;
      at += 2;
      continue;
    }
    out += char === "\\" || char === "[" || (char === "]" && first) ? `\\${char}` : char;
    at++;
  }
}
