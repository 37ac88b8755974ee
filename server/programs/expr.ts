import { compile, isRegexError } from "../shell/regex/index.ts";
import type { Program } from "../sim/host/index.ts";
import { quote } from "./gnu/quoting.ts";
import { versionOf } from "./gnu/versions.ts";

export const expr: Program = {
  name: "expr",
  summary: "evaluate expressions",
  async run(process, args) {
    if (args.length === 1 && args[0] === "--version") {
      await process.print(`expr (GNU coreutils) ${versionOf(process, "coreutils")}\n`);
      return 0;
    }
    const words = args[0] === "--" ? args.slice(1) : args;
    const name = process.argv[0] ?? "expr";
    if (words.length === 0) {
      await process.error(`${name}: missing operand\nTry '${name} --help' for more information.\n`);
      return 2;
    }
    try {
      const expression = new Expression(words, (text) => quote(text, process.env));
      const value = expression.evaluate();
      await process.print(`${value}\n`);
      return isNull(value) ? 1 : 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await process.error(`${name}: ${error.message}\n`);
      return error.code;
    }
  },
};

/** Leaves the recursive descent with the exit code. */
class Problem extends Error {
  readonly code: number;

  constructor(message: string, code = 2) {
    super(message);
    this.code = code;
  }
}

const INTEGER = /^-?\d+$/;

function isNull(value: string): boolean {
  return value === "" || (INTEGER.test(value) && BigInt(value) === 0n);
}

/** The grammar of coreutils src/expr.c, from `|` down to single words. `live` is false where the value does not count. */
class Expression {
  readonly #words: readonly string[];
  readonly #quote: (text: string) => string;
  #at = 0;

  constructor(words: readonly string[], quoted: (text: string) => string) {
    this.#words = words;
    this.#quote = quoted;
  }

  evaluate(): string {
    const value = this.#or(true);
    if (this.#at < this.#words.length)
      throw new Problem(`syntax error: unexpected argument ${this.#quote(this.#words[this.#at]!)}`);
    return value;
  }

  #next(...operators: readonly string[]): string | undefined {
    const word = this.#words[this.#at];
    if (word === undefined || !operators.includes(word)) return undefined;
    this.#at++;
    return word;
  }

  #or(live: boolean): string {
    let left = this.#and(live);
    while (this.#next("|")) {
      const right = this.#and(live && isNull(left));
      if (isNull(left)) left = isNull(right) ? "0" : right;
    }
    return left;
  }

  #and(live: boolean): string {
    let left = this.#comparison(live);
    while (this.#next("&")) {
      const right = this.#comparison(live && !isNull(left));
      if (isNull(left) || isNull(right)) left = "0";
    }
    return left;
  }

  #comparison(live: boolean): string {
    let left = this.#sum(live);
    for (;;) {
      const operator = this.#next("<", "<=", "=", "==", "!=", ">=", ">");
      if (!operator) return left;
      const right = this.#sum(live);
      const numeric = INTEGER.test(left) && INTEGER.test(right);
      const order = numeric ? Number(BigInt(left) - BigInt(right)) : left < right ? -1 : left > right ? 1 : 0;
      const results: Record<string, boolean> = {
        "<": order < 0,
        "<=": order <= 0,
        "=": order === 0,
        "==": order === 0,
        "!=": order !== 0,
        ">=": order >= 0,
        ">": order > 0,
      };
      left = results[operator] ? "1" : "0";
    }
  }

  #sum(live: boolean): string {
    let left = this.#product(live);
    for (;;) {
      const operator = this.#next("+", "-");
      if (!operator) return left;
      const right = this.#product(live);
      if (!live) continue;
      const [a, b] = this.#integers(left, right);
      left = String(operator === "+" ? a + b : a - b);
    }
  }

  #product(live: boolean): string {
    let left = this.#match(live);
    for (;;) {
      const operator = this.#next("*", "/", "%");
      if (!operator) return left;
      const right = this.#match(live);
      if (!live) continue;
      const [a, b] = this.#integers(left, right);
      if (operator !== "*" && b === 0n) throw new Problem("division by zero");
      left = String(operator === "*" ? a * b : operator === "/" ? a / b : a % b);
    }
  }

  #integers(left: string, right: string): [bigint, bigint] {
    if (!INTEGER.test(left) || !INTEGER.test(right)) throw new Problem("non-integer argument");
    return [BigInt(left), BigInt(right)];
  }

  #match(live: boolean): string {
    let left = this.#function(live);
    while (this.#next(":")) {
      const right = this.#function(live);
      if (live) left = this.#matched(left, right);
    }
    return left;
  }

  #function(live: boolean): string {
    const name = this.#next("+", "length", "match", "index", "substr");
    if (name === undefined) return this.#primary(live);
    if (name === "+") return this.#take();
    if (name === "length") return String(Array.from(this.#function(live)).length);
    if (name === "match") {
      const text = this.#function(live);
      const pattern = this.#function(live);
      return live ? this.#matched(text, pattern) : "";
    }
    if (name === "index") {
      const text = Array.from(this.#function(live));
      const chars = new Set(this.#function(live));
      return String(text.findIndex((char) => chars.has(char)) + 1);
    }
    const text = Array.from(this.#function(live));
    const [start, length] = [this.#function(live), this.#function(live)];
    if (!INTEGER.test(start) || !INTEGER.test(length) || Number(start) <= 0 || Number(length) <= 0) return "";
    return text.slice(Number(start) - 1, Number(start) - 1 + Number(length)).join("");
  }

  #take(): string {
    const word = this.#words[this.#at++];
    if (word === undefined)
      throw new Problem(`syntax error: missing argument after ${this.#quote(this.#words.at(-1)!)}`);
    return word;
  }

  #primary(live: boolean): string {
    const word = this.#words[this.#at];
    if (word === undefined) return this.#take();
    if (word === "(") {
      this.#at++;
      const value = this.#or(live);
      const close = this.#words[this.#at];
      if (close === undefined)
        throw new Problem(`syntax error: expecting ')' after ${this.#quote(this.#words[this.#at - 1]!)}`);
      if (close !== ")") throw new Problem(`syntax error: expecting ')' instead of ${this.#quote(close)}`);
      this.#at++;
      return value;
    }
    if (word === ")") throw new Problem("syntax error: unexpected ')'");
    return this.#take();
  }

  /** `:` is anchored; it gives the group, or how many characters matched. */
  #matched(text: string, pattern: string): string {
    const regex = compile(pattern.replace(/^\^/, ""), { syntax: "basic", reader: "expr" });
    if (isRegexError(regex)) throw new Problem(regex.error);
    const match = regex.exec(text, 0, { anchored: true });
    if (regex.groups > 0) {
      const group = match?.groups[1];
      return group ? text.slice(group.start, group.end) : "";
    }
    return String(match ? Array.from(text.slice(0, match.end)).length : 0);
  }
}
