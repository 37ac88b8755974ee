import { compile, isRegexError } from "../../shell/regex/index.ts";
import { unescape } from "./escapes.ts";
import { parseReplacement } from "./replacement.ts";
import type { Address, Command, Pattern, Script, Substitution } from "./script.ts";

export interface CompileRules {
  readonly extended: boolean;
  readonly posix: boolean;
  readonly utf8: boolean;
  readonly sandbox: boolean;
}

/** One `-e` or `-f`. */
export interface Source {
  readonly text: string;
  /** The file of `-f`; undefined for an expression. */
  readonly file: string | undefined;
}

export interface ScriptError {
  readonly message: string;
  readonly code: number;
}

/** Leaves the parser; `compileScript` makes a value of it. */
class Refusal extends Error {
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Reads a script; errors are in sed's words with their place (sed/compile.c). */
export function compileScript(sources: readonly Source[], rules: CompileRules): Script | ScriptError {
  try {
    const compiler = new Compiler(rules);
    for (const source of sources) compiler.add(source);
    return compiler.finish();
  } catch (error) {
    if (error instanceof Refusal) return { message: error.message, code: error.code };
    throw error;
  }
}

const END = "";
const BLANK = /^[ \t]$/;
const DIGIT = /^[0-9]$/;

class Compiler {
  readonly #rules: CompileRules;
  readonly #commands: Command[] = [];
  readonly #blocks: { index: number; place: string }[] = [];
  readonly #labels = new Map<string, number>();
  readonly #writes = new Set<string>();
  #quiet = false;
  #expressions = 0;
  #text = "";
  #at = 0;
  #file: string | undefined;
  /** The text of `a`, `i` or `c` that ended with a backslash: the next `-e` goes on with it. */
  #pending: { command: Command & { name: "a" | "c" | "i" }; text: string } | undefined;

  constructor(rules: CompileRules) {
    this.#rules = rules;
  }

  add({ text, file }: Source): void {
    this.#text = text;
    this.#at = 0;
    this.#file = file;
    if (file === undefined) this.#expressions++;
    const first = this.#expressions + (file === undefined ? 0 : 1) === 1;
    if (this.#pending) this.#readText(this.#pending.command, this.#pending.text);
    else if (first && /^#n(?:\n|$)/.test(text)) this.#quiet = true;
    for (;;) {
      let char = this.#next();
      while (char === ";" || /^\s$/.test(char)) char = this.#next();
      if (char === END) return;
      this.#command(char);
    }
  }

  finish(): Script {
    if (this.#pending) {
      const { command, text } = this.#pending;
      command.text = text;
    }
    const open = this.#blocks.pop();
    if (open) throw new Refusal(`${open.place}: unmatched \`{'`);
    for (const command of this.#commands) {
      if (command.name !== "b" && command.name !== "t" && command.name !== "T") continue;
      const target = command.label === "" ? this.#commands.length : this.#labels.get(command.label);
      if (target === undefined) throw new Refusal(`can't find label for jump to \`${command.label}'`, 4);
      command.target = target;
    }
    return { commands: this.#commands, quiet: this.#quiet, writes: this.#writes };
  }

  // Characters

  #next(): string {
    if (this.#at >= this.#text.length) return END;
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    this.#at += char.length;
    return char;
  }

  #back(char: string): void {
    this.#at -= char.length;
  }

  #nonBlank(): string {
    let char = this.#next();
    while (BLANK.test(char)) char = this.#next();
    return char;
  }

  #place(at = this.#at): string {
    if (this.#file === undefined)
      return `-e expression #${this.#expressions}, char ${Buffer.byteLength(this.#text.slice(0, at))}`;
    return `file ${this.#file} line ${this.#text.slice(0, at).split("\n").length}`;
  }

  #bad(why: string, code = 1): never {
    throw new Refusal(`${this.#place()}: ${why}`, code);
  }

  #integer(first: string): number {
    let digits = first;
    let char = this.#next();
    for (; DIGIT.test(char); char = this.#next()) digits += char;
    this.#back(char);
    return Number(digits || "0");
  }

  // Parts of commands

  #address(char: string): Address | undefined {
    if (char === "/" || char === "\\") {
      const slash = char === "\\" ? this.#next() : char;
      const pattern = this.#delimited(slash, true);
      if (pattern === undefined) this.#bad("unterminated address regex");
      let [ignoreCase, everyLine] = [false, false];
      for (;;) {
        const modifier = this.#nonBlank();
        if (modifier === "I" && !this.#rules.posix) ignoreCase = true;
        else if (modifier === "M" && !this.#rules.posix) everyLine = true;
        else {
          this.#back(modifier);
          return { kind: "regex", regex: this.#pattern(pattern, ignoreCase, everyLine) };
        }
      }
    }
    if (DIGIT.test(char)) {
      const line = this.#integer(char);
      const tilde = this.#nonBlank();
      if (tilde !== "~" || this.#rules.posix) {
        this.#back(tilde);
        return { kind: "line", line };
      }
      const step = this.#integer(this.#digitOr(this.#nonBlank()));
      return step > 0 ? { kind: "step", first: line, step } : { kind: "line", line };
    }
    if ((char === "+" || char === "~") && !this.#rules.posix) {
      const count = this.#integer(this.#digitOr(this.#nonBlank()));
      return char === "+" ? { kind: "more", count } : { kind: "multiple", of: count };
    }
    return char === "$" ? { kind: "last" } : undefined;
  }

  #digitOr(char: string): string {
    if (DIGIT.test(char)) return char;
    this.#back(char);
    return "";
  }

  /** Everything up to the delimiter; undefined if it does not come. */
  #delimited(slash: string, regex: boolean): string | undefined {
    if (slash === END || slash === "\n" || slash === "\\") return undefined;
    if (slash.charCodeAt(0) > 127) this.#bad("delimiter character is not a single-byte character");
    let out = "";
    for (;;) {
      let char = this.#next();
      if (char === END) return undefined;
      if (char === "\n") {
        this.#back(char);
        return undefined;
      }
      if (char === slash) return out;
      if (char === "\\") {
        char = this.#next();
        if (char === END) return undefined;
        if (char === slash) {
          // The delimiter without its meaning as one; `&` and what a pattern would read as special keep their backslash.
          if (!regex && char === "&") out += "\\";
          out += char;
          continue;
        }
        if (char === "n" && regex) out += "\\n";
        else out += `\\${char}`;
        continue;
      }
      if (char === "[" && regex) {
        const set = this.#bracket();
        if (set === undefined) return undefined;
        out += set;
        continue;
      }
      out += char;
    }
  }

  /** A bracket expression, whose delimiters do not count. */
  #bracket(): string | undefined {
    const rest = this.#text.slice(this.#at);
    const match = /^\^?\]?(?:\[:[^\n]*?:\]|\[=[^\n]*?=\]|\[\.[^\n]*?\.\]|[^\]\n])*\]/.exec(rest);
    if (!match) {
      this.#at += /^[^\n]*/.exec(rest)![0].length;
      return undefined;
    }
    this.#at += match[0].length;
    return `[${match[0]}`;
  }

  #pattern(text: string, ignoreCase: boolean, everyLine: boolean): Pattern {
    if (text === "") {
      if (ignoreCase || everyLine) this.#bad("cannot specify modifiers on empty regexp");
      return undefined;
    }
    const { extended, utf8 } = this.#rules;
    const regex = compile(unescape(text, "regex", utf8), {
      syntax: extended ? "extended" : "basic",
      reader: "sed",
      ignoreCase,
      everyLine,
      locale: utf8 ? "utf8" : "C",
    });
    if (!isRegexError(regex)) return regex;
    if (regex.from === "dfa") throw new Refusal(regex.error, 1);
    this.#bad(regex.error);
  }

  #fileName(): string {
    const end = this.#text.indexOf("\n", this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    const name = line.replace(/^[ \t]+/, "");
    if (name === "") this.#bad("missing filename in r/R/w/W commands");
    return name;
  }

  #label(): string {
    let label = "";
    let char = this.#nonBlank();
    for (; char !== END && !/^[\s;}]$/.test(char); char = this.#next()) label += char;
    this.#back(char);
    return label;
  }

  #endOfCommand(): void {
    const char = this.#nonBlank();
    if (char === "}" || char === "#") this.#back(char);
    else if (char !== END && char !== "\n" && char !== ";") this.#bad("extra characters after command");
  }

  // Commands

  #command(start: string): void {
    let char = start;
    const first = this.#address(char);
    let second: Address | undefined;
    if (first) {
      if (first.kind === "more" || first.kind === "multiple") this.#bad("invalid usage of +N or ~N as first address");
      char = this.#nonBlank();
      if (char === ",") {
        second = this.#address(this.#nonBlank());
        if (!second) this.#bad("unexpected `,'");
        char = this.#nonBlank();
      }
      if (first.kind === "line" && first.line === 0 && (second?.kind !== "regex" || this.#rules.posix))
        this.#bad("invalid usage of line address 0");
    }
    let negated = false;
    if (char === "!") {
      negated = true;
      char = this.#nonBlank();
      if (char === "!") this.#bad("multiple `!'s");
    }
    const where = { first, second, negated };
    this.#dispatch(char, where);
  }

  #dispatch(name: string, where: Pick<Command, "first" | "second" | "negated">): void {
    switch (name) {
      case "#":
        if (where.first) this.#bad("comments don't accept any addresses");
        this.#at = this.#text.indexOf("\n", this.#at) + 1 || this.#text.length;
        return;
      case "v":
        this.#label();
        return;
      case "{":
        this.#blocks.push({ index: this.#commands.length, place: this.#expressionZero() });
        this.#commands.push({ ...where, name, end: 0 });
        return;
      case "}": {
        const block = this.#blocks.pop();
        if (!block) this.#bad("unexpected `}'");
        if (where.first) this.#bad("} doesn't want any addresses");
        this.#endOfCommand();
        (this.#commands[block.index] as Command & { name: "{" }).end = this.#commands.length;
        this.#commands.push({ ...where, name });
        return;
      }
      case "e":
        throw new Refusal("drydock: sed: the command `e' is not simulated", 64);
      case "a":
      case "i":
      case "c":
        return this.#textCommand(name, where);
      case ":": {
        if (where.first) this.#bad(": doesn't want any addresses");
        const label = this.#colonLabel();
        if (label === "") this.#bad('":" lacks a label');
        this.#labels.set(label, this.#commands.length);
        this.#commands.push({ ...where, name });
        return;
      }
      case "b":
      case "t":
      case "T": {
        const label = this.#label();
        this.#endOfCommand();
        this.#commands.push({ ...where, name, label, target: 0 });
        return;
      }
      case "q":
      case "Q":
        if (where.second) this.#bad("command only uses one address");
        return this.#numbered(name, where);
      case "l":
      case "L":
        return this.#numbered(name, where);
      case "=":
      case "d":
      case "D":
      case "F":
      case "g":
      case "G":
      case "h":
      case "H":
      case "n":
      case "N":
      case "p":
      case "P":
      case "x":
      case "z": // prettier-ignore
        this.#endOfCommand();
        this.#commands.push({ ...where, name });
        return;
      case "r":
      case "R":
      case "w":
      case "W": {
        if (this.#rules.sandbox) this.#bad("e/r/w commands disabled in sandbox mode");
        const file = this.#fileName();
        if (name === "w" || name === "W") this.#writes.add(file);
        this.#commands.push({ ...where, name, file });
        return;
      }
      case "s":
        this.#commands.push({ ...where, name, substitution: this.#substitution() });
        return;
      case "y":
        this.#commands.push({ ...where, name, map: this.#map() });
        return;
      case END:
        return this.#bad("missing command");
      default:
        this.#bad(`unknown command: \`${name}'`);
    }
  }

  /** An open block is told of with character 0: sed keeps only its line. */
  #expressionZero(): string {
    return this.#file === undefined ? `-e expression #${this.#expressions}, char 0` : this.#place();
  }

  #numbered(name: "l" | "L" | "q" | "Q", where: Pick<Command, "first" | "second" | "negated">): void {
    const char = this.#nonBlank();
    let number: number | undefined;
    if (DIGIT.test(char)) number = this.#integer(char);
    else this.#back(char);
    this.#endOfCommand();
    this.#commands.push({ ...where, name, number });
  }

  #colonLabel(): string {
    let label = "";
    let char = this.#nonBlank();
    for (; char !== END && !/^[\s;]$/.test(char); char = this.#next()) label += char;
    this.#back(char);
    return label;
  }

  #textCommand(name: "a" | "i" | "c", where: Pick<Command, "first" | "second" | "negated">): void {
    const command: Command & { name: "a" | "c" | "i" } = { ...where, name, text: "" };
    this.#commands.push(command);
    const char = this.#nonBlank();
    if (char === END) this.#bad("expected \\ after `a', `c' or `i'");
    if (char === "\\") {
      // `a\` and the text on the next line, or `a\text`, which keeps its leading blanks.
      const blanks = /^[ \t]*(?:\n|$)/.exec(this.#text.slice(this.#at));
      if (blanks) this.#at += blanks[0].length;
      if (this.#at >= this.#text.length) {
        this.#pending = { command, text: "" };
        return;
      }
    } else this.#back(char);
    this.#readText(command, "");
  }

  /** The text of `a`, `i` or `c`: to the end of the line; a backslash takes the newline into it. */
  #readText(command: Command & { name: "a" | "c" | "i" }, before: string): void {
    let text = before;
    this.#pending = undefined;
    for (;;) {
      const char = this.#next();
      if (char === END || char === "\n") break;
      if (char !== "\\") {
        text += char;
        continue;
      }
      const next = this.#next();
      if (next === END) {
        this.#pending = { command, text: `${unescape(text, "text", this.#rules.utf8)}\n` };
        return;
      }
      text += next === "\n" ? "\\\n" : `\\${next}`;
    }
    command.text = `${unescape(text, "text", this.#rules.utf8)}\n`;
  }

  #substitution(): Substitution {
    const slash = this.#next();
    const pattern = this.#delimited(slash, true);
    const right = pattern === undefined ? undefined : this.#delimited(slash, false);
    if (pattern === undefined || right === undefined) this.#bad("unterminated `s' command");
    const pieces = parseReplacement(unescape(right, "replacement", this.#rules.utf8));
    let [global, print, number, ignoreCase, everyLine] = [false, false, 0, false, false];
    let write: string | undefined;
    for (let done = false; !done;) {
      const flag = this.#nonBlank();
      if (flag === "i" || flag === "I") ignoreCase = true;
      else if (flag === "m" || flag === "M") everyLine = true;
      else if (flag === "e") throw new Refusal("drydock: sed: the flag `e' of the `s' command is not simulated", 64);
      else if (flag === "p") {
        if (print) this.#bad("multiple `p' options to `s' command");
        print = true;
      } else if (flag === "g") {
        if (global) this.#bad("multiple `g' options to `s' command");
        global = true;
      } else if (DIGIT.test(flag)) {
        if (number > 0) this.#bad("multiple number options to `s' command");
        number = this.#integer(flag);
        if (number === 0) this.#bad("number option to `s' command may not be zero");
      } else if (flag === "w") {
        if (this.#rules.sandbox) this.#bad("e/r/w commands disabled in sandbox mode");
        write = this.#fileName();
        this.#writes.add(write);
        done = true;
      } else if (flag === "}" || flag === "#") {
        this.#back(flag);
        done = true;
      } else if (flag === END || flag === "\n" || flag === ";") done = true;
      else this.#bad("unknown option to `s'");
    }
    const regex = this.#pattern(pattern, ignoreCase, everyLine);
    const highest = Math.max(0, ...pieces.map(({ group }) => group ?? 0));
    if (regex && highest > regex.groups) this.#bad(`invalid reference \\${highest} on \`s' command's RHS`);
    return { regex, pieces, global, print, number, write };
  }

  #map(): ReadonlyMap<string, string> {
    const slash = this.#next();
    const left = this.#delimited(slash, false);
    const right = left === undefined ? undefined : this.#delimited(slash, false);
    if (left === undefined || right === undefined) this.#bad("unterminated `y' command");
    const [from, to] = [left, right].map((side) => Array.from(this.#plainText(side))) as [string[], string[]];
    if (from.length !== to.length) this.#bad("strings for `y' command are different lengths");
    this.#endOfCommand();
    return new Map(from.map((char, at) => [char, to[at]!]));
  }

  /** A side of `y`: backslashes only before themselves, `n` and the delimiter. */
  #plainText(side: string): string {
    return side.replace(/\\(\\|\n|[^])/g, (whole, char: string) => {
      if (char === "\\") return "\\";
      if (char === "\n") return "\n";
      const made = unescape(whole, "text", this.#rules.utf8);
      if (made !== char || char === "&") return made;
      this.#bad("`y' command strings have different lengths");
    });
  }
}
