import { attempt, Errno, type Process, type Stat } from "../../sim/host/index.ts";

/** True, false, or what is wrong with the expression. */
export type Answer = boolean | { readonly problem: string };

/** Evaluates the words of `test` (coreutils src/test.c): by their number first, else by precedence. */
export function evaluate(process: Process, words: readonly string[], quote: (text: string) => string): Answer {
  const tests = new Expression(process, words, quote);
  try {
    return tests.evaluate();
  } catch (error) {
    if (error instanceof Syntax) return { problem: error.message };
    throw error;
  }
}

/** Leaves the recursive descent; `evaluate` makes a value of it. */
class Syntax extends Error {}

const UNARY = /^-[bcdefghkLnNoOprsStuwxzG]$/;
const BINARY = /^(?:=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/;

class Expression {
  readonly #process: Process;
  readonly #words: readonly string[];
  readonly #quote: (text: string) => string;
  #at = 0;

  constructor(process: Process, words: readonly string[], quote: (text: string) => string) {
    this.#process = process;
    this.#words = words;
    this.#quote = quote;
  }

  evaluate(): boolean {
    const value = this.#posix(this.#words.length);
    if (this.#at < this.#words.length) throw new Syntax(`extra argument ${this.#quote(this.#words[this.#at]!)}`);
    return value;
  }

  #posix(count: number): boolean {
    const word = (offset: number): string => this.#words[this.#at + offset]!;
    if (count === 0) return false;
    if (count === 1) return this.#take() !== "";
    if (count === 2) {
      if (word(0) === "!") {
        this.#at++;
        return this.#take() === "";
      }
      if (UNARY.test(word(0))) return this.#unary();
      throw new Syntax(
        word(0).startsWith("-") && word(0).length === 2
          ? `${this.#quote(word(0))}: unary operator expected`
          : `missing argument after ${this.#quote(word(1))}`,
      );
    }
    if (count === 3) {
      if (BINARY.test(word(1))) return this.#binary(word(0), word(1), word(2), 3);
      if (word(0) === "!") {
        this.#at++;
        return !this.#posix(2);
      }
      if (word(0) === "(" && word(2) === ")") {
        this.#at++;
        const value = this.#take() !== "";
        this.#at++;
        return value;
      }
      if (word(1) === "-a" || word(1) === "-o" || word(1) === ">" || word(1) === "<") return this.#or();
      throw new Syntax(`${this.#quote(word(1))}: binary operator expected`);
    }
    if (count === 4) {
      if (word(0) === "!") {
        this.#at++;
        return !this.#posix(3);
      }
      if (word(0) === "(" && word(3) === ")") {
        this.#at++;
        const value = this.#posix(2);
        this.#at++;
        return value;
      }
    }
    return this.#or();
  }

  #take(): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Syntax(`missing argument after ${this.#quote(this.#words.at(-1)!)}`);
    return word;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#words[this.#at] === "-o") {
      this.#at++;
      const right = this.#and();
      value = value || right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#term();
    while (this.#words[this.#at] === "-a") {
      this.#at++;
      const right = this.#term();
      value = value && right;
    }
    return value;
  }

  #term(): boolean {
    let negate = false;
    while (this.#words[this.#at] === "!") {
      this.#at++;
      negate = !negate;
    }
    const first = this.#words[this.#at];
    if (first === undefined) throw new Syntax(`missing argument after ${this.#quote(this.#words.at(-1)!)}`);
    let value: boolean;
    if (first === "(") {
      this.#at++;
      value = this.#or();
      if (this.#words[this.#at] === undefined) throw new Syntax("')' expected");
      if (this.#words[this.#at] !== ")") throw new Syntax(`')' expected, found ${this.#words[this.#at]!}`);
      this.#at++;
    } else if (this.#at + 2 < this.#words.length && BINARY.test(this.#words[this.#at + 1]!))
      value = this.#binary(first, this.#words[this.#at + 1]!, this.#words[this.#at + 2]!, 3);
    else if (UNARY.test(first) && this.#at + 1 < this.#words.length) value = this.#unary();
    else value = this.#take() !== "";
    return value !== negate;
  }

  #binary(left: string, operator: string, right: string, words: number): boolean {
    this.#at += words;
    const number = (text: string): bigint => {
      const match = /^\s*([-+]?\d+)\s*$/.exec(text);
      if (!match) throw new Syntax(`invalid integer ${this.#quote(text)}`);
      return BigInt(match[1]!.replace("+", ""));
    };
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
      case "-ot": {
        const [a, b] = [this.#stat(left)?.mtime ?? -Infinity, this.#stat(right)?.mtime ?? -Infinity];
        return operator === "-nt" ? a > b : a < b;
      }
      case "-ef": {
        const [a, b] = [this.#place(left), this.#place(right)];
        return a !== undefined && a === b;
      }
      default: {
        const [a, b] = [number(left), number(right)];
        const results: Record<string, boolean> = {
          "-eq": a === b,
          "-ne": a !== b,
          "-lt": a < b,
          "-le": a <= b,
          "-gt": a > b,
          "-ge": a >= b,
        };
        return results[operator]!;
      }
    }
  }

  #unary(): boolean {
    const operator = this.#take();
    const operand = this.#take();
    switch (operator) {
      case "-n":
        return operand !== "";
      case "-z":
        return operand === "";
      case "-t":
        if (!/^\s*[-+]?\d+\s*$/.test(operand)) throw new Syntax(`invalid integer ${this.#quote(operand)}`);
        return this.#process.isTty(Number(operand));
      default:
        return testFile(this.#process, operator, operand);
    }
  }

  #stat(path: string): Stat | undefined {
    return statOf(this.#process, path);
  }

  #place(path: string): string | undefined {
    const found = attempt(() => this.#process.host.files.locate(path, this.#process));
    if (found instanceof Errno) return undefined;
    return found ? `${found.id}/${found.ino}` : this.#process.host.files.realpath(path, this.#process);
  }
}

function statOf(process: Process, path: string): Stat | undefined {
  const stat = attempt(() => process.host.files.stat(path, process));
  return stat instanceof Errno ? undefined : stat;
}

/** A file operator of `test` and `[[`: `-e`, `-f`, `-r`… */
export function testFile(process: Process, operator: string, path: string): boolean {
  const { files } = process.host;
  if (operator === "-h" || operator === "-L") {
    const stat = attempt(() => files.lstat(path, process));
    return !(stat instanceof Errno) && stat.type === "link";
  }
  if (operator === "-r") return files.access(path, 4, process);
  if (operator === "-w") return files.access(path, 2, process);
  if (operator === "-x") return files.access(path, 1, process);
  const stat = statOf(process, path);
  if (!stat) return false;
  switch (operator) {
    case "-e":
      return true;
    case "-f":
      return stat.type === "file";
    case "-d":
      return stat.type === "dir";
    case "-s":
      return stat.size > 0;
    case "-b":
      return stat.type === "block";
    case "-c":
      return stat.type === "char";
    case "-p":
      return stat.type === "fifo";
    case "-S":
      return stat.type === "socket";
    case "-u":
      return (stat.mode & 0o4000) !== 0;
    case "-g":
      return (stat.mode & 0o2000) !== 0;
    case "-k":
      return (stat.mode & 0o1000) !== 0;
    case "-O":
      return stat.uid === process.uid;
    case "-G":
      return stat.gid === process.gid;
    default:
      // -N: no access times are kept, so every file counts as modified since it was last read.
      return operator === "-N";
  }
}
