import { attempt, Errno, type FileType, type Process } from "../../sim/host/index.ts";
import { compile, isRegexError } from "../../shell/regex/index.ts";
import { parseDateText } from "../gnu/date-text.ts";
import { parseMode } from "../gnu/mode.ts";
import type { Count, Expression, FindOptions, Test } from "./expression.ts";

/** What is wrong with the words, after `find: `; or what ours does not simulate. */
export type FindError = { readonly problem: string } | { readonly notSimulated: string };

/** Leaves the recursive descent; `parseFind` makes a value of it. */
class Refusal extends Error {
  readonly absent: boolean;

  constructor(message: string, absent = false) {
    super(message);
    this.absent = absent;
  }
}

export function parseFind(
  process: Process,
  args: readonly string[],
  quote: (text: string) => string,
): FindOptions | FindError {
  try {
    return new Parser(process, args, quote).parse();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.absent ? { notSimulated: error.message } : { problem: error.message };
  }
}

const TYPES: Readonly<Record<string, FileType>> = {
  f: "file",
  d: "dir",
  l: "link",
  c: "char",
  b: "block",
  p: "fifo",
  s: "socket",
};
const ACTIONS = new Set(["print", "printf", "exec", "delete", "ls"]);
const ABSENT = new Set([
  "-amin", "-anewer", "-atime", "-cmin", "-cnewer", "-ctime", "-used", "-context", "-fstype", "-fls", "-fprint", "-fprint0",
  "-fprintf", "-files0-from", "-ilname",
]); // prettier-ignore

class Parser {
  readonly #process: Process;
  readonly #words: string[];
  readonly #quote: (text: string) => string;
  readonly #options = {
    follow: "never" as FindOptions["follow"],
    maxDepth: Infinity,
    minDepth: 0,
    depthFirst: false,
    oneFileSystem: false,
  };
  #at = 0;
  #syntax: "emacs" | "basic" | "extended" = "emacs";
  #acts = false;
  /** The predicate before, for a hint about patterns that the shell took apart. */
  #last = "";

  constructor(process: Process, args: readonly string[], quote: (text: string) => string) {
    this.#process = process;
    this.#words = [...args];
    this.#quote = quote;
  }

  parse(): FindOptions {
    const ways: Record<string, FindOptions["follow"]> = { "-P": "never", "-H": "operands", "-L": "always" };
    while (this.#peek !== undefined && (ways[this.#peek] !== undefined || /^-O\d?$|^-D$/.test(this.#peek))) {
      const word = this.#next()!;
      if (ways[word]) this.#options.follow = ways[word];
      else throw new Refusal(word, true);
    }
    const starts: string[] = [];
    while (this.#peek !== undefined && !/^(?:-.|[(!]$)/.test(this.#peek)) starts.push(this.#next()!);
    let expression: Expression = { op: "test", test: { kind: "true" } };
    if (this.#peek !== undefined) {
      expression = this.#list();
      if (this.#peek === ")") throw new Refusal("invalid expression; you have too many ')'");
      if (this.#peek !== undefined) this.#stray(this.#peek);
    }
    if (!this.#acts)
      expression = { op: "and", left: expression, right: { op: "test", test: { kind: "print", end: "\n" } } };
    return { starts: starts.length > 0 ? starts : ["."], expression, ...this.#options };
  }

  get #peek(): string | undefined {
    return this.#words[this.#at];
  }

  #next(): string | undefined {
    return this.#words[this.#at++];
  }

  #stray(word: string): never {
    const exists = this.#process.host.files.exists(word, this.#process);
    const hint =
      exists && /^-(?:i?name|i?path|i?wholename)$/.test(this.#last)
        ? `\nfind: possible unquoted pattern after predicate \`${this.#last}'?`
        : "";
    throw new Refusal(`paths must precede expression: \`${word}'${hint}`);
  }

  #list(): Expression {
    let left = this.#or();
    while (this.#peek === ",") {
      this.#at++;
      left = { op: "list", left, right: this.#or() };
    }
    return left;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#peek === "-o" || this.#peek === "-or") {
      const operator = this.#next()!;
      if (this.#peek === undefined) throw new Refusal(`expected an expression after '${operator}'`);
      left = { op: "or", left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    for (;;) {
      const word = this.#peek;
      if (word === undefined || word === ")" || word === "," || word === "-o" || word === "-or") return left;
      if (word === "-a" || word === "-and") {
        this.#at++;
        if (this.#peek === undefined) throw new Refusal(`expected an expression after '${word}'`);
      }
      left = { op: "and", left, right: this.#not() };
    }
  }

  #not(): Expression {
    const word = this.#next();
    if (word === "!" || word === "-not") {
      if (this.#peek === undefined) throw new Refusal(`expected an expression after '${word}'`);
      return { op: "not", of: this.#not() };
    }
    if (word === "(") {
      if (this.#peek === ")") throw new Refusal("invalid expression; empty parentheses are not allowed.");
      if (this.#peek === undefined)
        throw new Refusal(
          "invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('",
        );
      const inner = this.#list();
      if (this.#next() !== ")")
        throw new Refusal("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      return inner;
    }
    if (word === ")") throw new Refusal("invalid expression; you have too many ')'");
    if (word === "-o" || word === "-or" || word === "-a" || word === "-and")
      throw new Refusal(`invalid expression; you have used a binary operator '${word}' with nothing before it.`);
    if (!word!.startsWith("-")) this.#stray(word!);
    const test = this.#test(word!);
    this.#last = word!;
    if (ACTIONS.has(test.kind)) this.#acts = true;
    return { op: "test", test };
  }

  #value(predicate: string): string {
    const value = this.#next();
    if (value === undefined) throw new Refusal(`missing argument to \`${predicate}'`);
    return value;
  }

  #count(predicate: string, text = this.#value(predicate)): Count {
    const match = /^([-+]?)(\d+(?:\.\d+)?)$/.exec(text);
    if (!match) throw new Refusal(`invalid argument \`${text}' to \`${predicate}'`);
    return { sign: match[1] as Count["sign"], value: Number(match[2]) };
  }

  #test(word: string): Test {
    const always: Test = { kind: "true" };
    switch (word) {
      case "-name":
      case "-iname":
        return { kind: "name", glob: this.#value(word), ignoreCase: word === "-iname" };
      case "-path":
      case "-ipath":
      case "-wholename":
      case "-iwholename":
        return { kind: "path", glob: this.#value(word), ignoreCase: word.startsWith("-i") };
      case "-lname":
        return { kind: "lname", glob: this.#value(word), ignoreCase: false };
      case "-regex":
      case "-iregex":
        return this.#regex(this.#value(word), word === "-iregex");
      case "-regextype": {
        const type = this.#value(word);
        const known: Record<string, "emacs" | "basic" | "extended"> = { emacs: "emacs", findutils: "emacs", "findutils-default": "emacs", "posix-basic": "basic", basic: "basic", ed: "basic", grep: "basic", sed: "basic", "posix-extended": "extended", "posix-egrep": "extended", egrep: "extended", awk: "extended", "gnu-awk": "extended", "posix-awk": "extended", "posix-minimal-basic": "basic" }; // prettier-ignore
        if (!known[type])
          throw new Refusal(
            `Unknown regular expression type ${this.#quote(type)}; valid types are ‘findutils-default’, ‘ed’, ‘emacs’, ‘gnu-awk’, ‘grep’, ‘posix-awk’, ‘awk’, ‘posix-basic’, ‘posix-egrep’, ‘egrep’, ‘posix-extended’, ‘posix-minimal-basic’, ‘sed’.`,
          );
        this.#syntax = known[type];
        return always;
      }
      case "-type":
      case "-xtype": {
        const text = this.#value(word);
        const types = new Set<FileType>();
        if (text === "") throw new Refusal(`Arguments to ${word} should contain at least one letter`);
        for (const part of text.split(",")) {
          if (part.length !== 1)
            throw new Refusal(
              part === ""
                ? "Last file type in list argument to -type is missing, i.e., list is ending on: ','"
                : `Must separate multiple arguments to ${word} using: ','`,
            );
          if (!TYPES[part]) throw new Refusal(`Unknown argument to ${word}: ${part}`);
          types.add(TYPES[part]);
        }
        return { kind: word === "-type" ? "type" : "xtype", types };
      }
      case "-size": {
        const text = this.#value(word);
        const match = /^([-+]?\d+)([bcwkMG]?)$/.exec(text);
        if (!match) throw new Refusal(`invalid -size type \`${text.slice(-1)}'`);
        const units: Record<string, number> = { "": 512, b: 512, c: 1, w: 2, k: 1024, M: 1_048_576, G: 1_073_741_824 };
        return { kind: "size", count: this.#count(word, match[1]), unit: units[match[2]!]! };
      }
      case "-mtime":
        return { kind: "mtime", count: this.#count(word) };
      case "-mmin":
        return { kind: "mmin", count: this.#count(word) };
      case "-daystart":
        throw new Refusal(word, true);
      case "-links":
      case "-inum":
        return { kind: word.slice(1) as "links", count: this.#count(word) };
      case "-uid":
      case "-gid":
        return { kind: word.slice(1) as "uid", count: this.#count(word) };
      case "-user": {
        const name = this.#value(word);
        const uid = this.#process.host.users.byName(name)?.uid ?? (/^\d+$/.test(name) ? Number(name) : undefined);
        if (uid === undefined) throw new Refusal(`${this.#quote(name)} is not the name of a known user`);
        return { kind: "uid", count: { sign: "", value: uid } };
      }
      case "-group": {
        const name = this.#value(word);
        const gid = this.#process.host.users.groupByName(name)?.gid ?? (/^\d+$/.test(name) ? Number(name) : undefined);
        if (gid === undefined) throw new Refusal(`${this.#quote(name)} is not the name of an existing group`);
        return { kind: "gid", count: { sign: "", value: gid } };
      }
      case "-perm":
        return this.#permission(this.#value(word));
      case "-newer":
        return { kind: "newer", time: this.#timeOf(this.#value(word)) };
      case "-samefile": {
        const path = this.#value(word);
        const place = attempt(() => this.#process.host.files.locate(path, this.#process));
        if (place instanceof Errno) throw new Refusal(`${this.#quote(path)}: ${place.message}`);
        return { kind: "samefile", place: place ? `${place.id}/${place.ino}` : path };
      }
      case "-readable":
        return { kind: "access", mask: 4 };
      case "-writable":
        return { kind: "access", mask: 2 };
      case "-executable":
        return { kind: "access", mask: 1 };
      case "-empty":
      case "-nouser":
      case "-nogroup":
      case "-true":
      case "-false":
      case "-prune":
      case "-quit":
      case "-ls":
        return { kind: word.slice(1) as "empty" };
      case "-delete":
        this.#options.depthFirst = true;
        return { kind: "delete" };
      case "-print":
        return { kind: "print", end: "\n" };
      case "-print0":
        return { kind: "print", end: "\0" };
      case "-printf":
        return { kind: "printf", format: this.#value(word) };
      case "-exec":
      case "-execdir":
      case "-ok":
      case "-okdir":
        return this.#command(word);
      case "-depth":
      case "-d":
        this.#options.depthFirst = true;
        return always;
      case "-maxdepth":
      case "-mindepth": {
        const text = this.#value(word);
        if (!/^\d+$/.test(text))
          throw new Refusal(`Expected a positive decimal integer argument to ${word}, but got ${this.#quote(text)}`);
        this.#options[word === "-maxdepth" ? "maxDepth" : "minDepth"] = Number(text);
        return always;
      }
      case "-mount":
      case "-xdev":
        this.#options.oneFileSystem = true;
        return always;
      case "-follow":
        this.#options.follow = "always";
        return always;
      case "-noleaf":
      case "-ignore_readdir_race":
      case "-noignore_readdir_race":
      case "-warn":
      case "-nowarn":
        return always;
      default: {
        const newer = /^-newer([aBcm])([aBcmt])$/.exec(word);
        if (newer) {
          const text = this.#value(word);
          if (newer[2] !== "t") return { kind: "newer", time: this.#timeOf(text) };
          const time = parseDateText(text, this.#process.now);
          if (time === undefined)
            throw new Refusal(`I cannot figure out how to interpret ${this.#quote(text)} as a date or time`);
          return { kind: "newer", time };
        }
        if (ABSENT.has(word)) throw new Refusal(word, true);
        throw new Refusal(`unknown predicate \`${word}'`);
      }
    }
  }

  #regex(pattern: string, ignoreCase: boolean): Test {
    // Emacs' syntax is the basic one with `+` and `?` as operators.
    const text =
      this.#syntax === "emacs"
        ? pattern.replace(/\\.|\[[^\]]*\]|[+?]/g, (part) => (part === "+" || part === "?" ? `\\${part}` : part))
        : pattern;
    const regex = compile(`^\\(${text}\\)$`.replace(/\\([()])/g, this.#syntax === "extended" ? "$1" : "\\$1"), {
      syntax: this.#syntax === "extended" ? "extended" : "basic",
      ignoreCase,
    });
    if (isRegexError(regex)) throw new Refusal(`failed to compile regular expression '${pattern}': ${regex.error}`);
    return { kind: "regex", regex };
  }

  #permission(text: string): Test {
    const how = text.startsWith("-") ? "all" : text.startsWith("/") ? "any" : "exact";
    const change = parseMode(how === "exact" ? text : text.slice(1), 0);
    if (!change) throw new Refusal(`invalid mode ${this.#quote(text)}`);
    return { kind: "perm", how, mode: change(0, false) };
  }

  #timeOf(path: string): number {
    const stat = attempt(() => this.#process.host.files.stat(path, this.#process));
    if (stat instanceof Errno) throw new Refusal(`${this.#quote(path)}: ${stat.message}`);
    return stat.mtime;
  }

  #command(predicate: string): Test {
    const words: string[] = [];
    for (;;) {
      const word = this.#next();
      if (word === undefined) throw new Refusal(`missing argument to \`${predicate}'`);
      if (word === ";") break;
      if (word === "+" && words.at(-1) === "{}" && !predicate.startsWith("-ok")) {
        if (words.slice(0, -1).some((each) => each.includes("{}")))
          throw new Refusal(`only one instance of {} is supported with ${predicate} ... +`);
        return {
          kind: "exec",
          words: words.slice(0, -1),
          many: true,
          inDirectory: predicate.endsWith("dir"),
          ask: false,
        };
      }
      words.push(word);
    }
    if (words.length === 0) throw new Refusal(`invalid argument \`;' to \`${predicate}'`);
    return {
      kind: "exec",
      words,
      many: false,
      inDirectory: predicate.endsWith("dir"),
      ask: predicate.startsWith("-ok"),
    };
  }
}
