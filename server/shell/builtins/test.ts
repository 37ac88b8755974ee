import { compareFiles, compareNumbers, UNARY, unaryTest } from "../interpreter/file-tests.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";

export const test: PlainBuiltin = {
  name: "test",
  synopsis: "[expr]",
  summary: "Decides a condition.",
  run: (shell, args) => decide(shell, args),
};

export const bracket: PlainBuiltin = {
  name: "[",
  synopsis: "[ arg... ]",
  summary: "Decides a condition; the last argument is `]'.",
  run(shell, args) {
    if (args.at(-1) === "]") return decide(shell, args.slice(0, -1));
    shell.complainInBuiltin("missing `]'");
    return 2;
  },
};

/** A condition that makes no sense. */
class TestError extends Error {}

function decide(shell: Shell, args: readonly string[]): number {
  try {
    return new Condition(shell, args).decide() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    const isNumber = error.message.endsWith("integer expression expected");
    shell.complainInBuiltin(shell.dialect.name === "ash" && !isNumber ? leftover(args) : error.message);
    return 2;
  }
}

/** busybox names the word that it cannot place (coreutils/test.c oexpr, primary). */
function leftover(args: readonly string[]): string {
  let at = 0;
  for (;;) {
    while (args[at] === "!" && at + 1 < args.length) at++;
    if (at >= args.length) return "argument expected";
    at += UNARY.has(args[at]!) && at + 1 < args.length ? 2 : 1;
    const operator = args[at];
    if (operator !== undefined && BINARY.has(operator)) {
      if (args[at + 1] === undefined) return `${operator}: argument expected`;
      at += 2;
    }
    if (args[at] !== "-a" && args[at] !== "-o") return `${args[at] ?? ""}: unknown operand`;
    at++;
  }
}

const BINARY = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);

/** As test.c: up to four arguments are read by their number, as POSIX says, more by a grammar. */
class Condition {
  readonly #shell: Shell;
  readonly #args: readonly string[];
  #at = 0;

  constructor(shell: Shell, args: readonly string[]) {
    this.#shell = shell;
    this.#args = args;
  }

  decide(): boolean {
    return this.#byCount(this.#args) ?? this.#whole();
  }

  #byCount(args: readonly string[]): boolean | undefined {
    switch (args.length) {
      case 0:
        return false;
      case 1:
        return args[0] !== "";
      case 2:
        return this.#two(args[0]!, args[1]!);
      case 3:
        return this.#three(args[0]!, args[1]!, args[2]!);
      case 4:
        if (args[0] === "!") return !this.#three(args[1]!, args[2]!, args[3]!);
        return args[0] === "(" && args[3] === ")" ? this.#two(args[1]!, args[2]!) : undefined;
      default:
        return undefined;
    }
  }

  #two(first: string, second: string): boolean {
    if (first === "!") return second === "";
    if (UNARY.has(first)) return unaryTest(this.#shell, first, second);
    throw new TestError(`${first}: unary operator expected`);
  }

  #three(first: string, operator: string, last: string): boolean {
    if (BINARY.has(operator)) return this.#binary(first, operator, last);
    if (operator === "-a") return first !== "" && last !== "";
    if (operator === "-o") return first !== "" || last !== "";
    if (first === "!") return !this.#two(operator, last);
    if (first === "(" && last === ")") return operator !== "";
    throw new TestError(`${operator}: binary operator expected`);
  }

  #binary(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case "=":
      case "==":
        return left === right;
      case "!=":
        return left !== right;
      case "<":
        return left < right;
      case ">":
        return left > right;
      case "-nt":
      case "-ot":
      case "-ef":
        return compareFiles(this.#shell, left, operator, right);
      default:
        return compareNumbers(integer(left), operator, integer(right));
    }
  }

  // The grammar: or, and, not, term.

  #whole(): boolean {
    const value = this.#or();
    if (this.#at < this.#args.length) throw new TestError("too many arguments");
    return value;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#args[this.#at] === "-o") {
      this.#at++;
      const right = this.#and();
      value = value || right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#term();
    while (this.#args[this.#at] === "-a") {
      this.#at++;
      const right = this.#term();
      value = value && right;
    }
    return value;
  }

  #term(): boolean {
    const first = this.#args[this.#at];
    if (first === undefined) throw new TestError("argument expected");
    if (first === "!") {
      this.#at++;
      return !this.#term();
    }
    const operator = this.#args[this.#at + 1];
    if (first === "(" && !(operator !== undefined && BINARY.has(operator) && this.#at + 2 < this.#args.length)) {
      this.#at++;
      const value = this.#or();
      if (this.#args[this.#at] === undefined) throw new TestError("`)' expected");
      if (this.#args[this.#at] !== ")") throw new TestError(`\`)' expected, found ${this.#args[this.#at]}`);
      this.#at++;
      return value;
    }
    if (operator !== undefined && BINARY.has(operator) && this.#at + 2 < this.#args.length) {
      this.#at += 3;
      return this.#binary(first, operator, this.#args[this.#at - 1]!);
    }
    if (UNARY.has(first) && operator !== undefined) {
      this.#at += 2;
      return unaryTest(this.#shell, first, operator);
    }
    this.#at++;
    return first !== "";
  }
}

function integer(text: string): number | bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: integer expression expected`);
  const value = BigInt(text.trim().replace(/^\+/, ""));
  if (BigInt.asIntN(64, value) !== value) throw new TestError(`${text}: integer expression expected`);
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}
