import { attempt, Errno } from "../../sim/host/index.ts";
import { encode, type Bytes } from "../../sim/kernel/index.ts";
import type { Regex } from "../../shell/regex/index.ts";
import { openOperand, readWhole } from "../gnu/input.ts";
import { Lines } from "../gnu/lines.ts";
import type { Call } from "../gnu/tool.ts";
import type { Input } from "./input.ts";
import { listing } from "./listing.ts";
import { LineOutput, replaceFile, type WriteFiles } from "./output.ts";
import { Quit } from "./quit.ts";
import { replacementOf } from "./replacement.ts";
import type { Address, Command, Script, Substitution } from "./script.ts";

export interface ExecuteRules {
  readonly quiet: boolean;
  readonly posix: boolean;
  readonly separate: boolean;
  /** The suffix of -i; undefined: output goes to standard output. */
  readonly inPlace: string | undefined;
  readonly delimiter: string;
  readonly lineLength: number;
  readonly utf8: boolean;
}

/** The state of a range: not begun, up to a line, or until its end matches. */
type Range = { readonly until: number | "end" } | undefined;

/** From this length on the work depends on it: so many microseconds for a character. */
const LONG = 4096;
const CHARACTER = 0.002;

/** Runs a script over its input (sed/execute.c). */
export class Execution {
  readonly #call: Call<string>;
  readonly #script: Script;
  readonly #input: Input;
  readonly #writes: WriteFiles;
  readonly #rules: ExecuteRules;
  readonly #ranges: Range[];
  readonly #readers = new Map<string, Lines | undefined>();
  #stdout: LineOutput;
  #edited: Bytes[] = [];
  #pattern = "";
  #ended = true;
  #hold = "";
  /** Whether what is held ended with a newline: it goes along with the text (sed/execute.c line.chomped). */
  #holdEnded = true;
  #line = 0;
  #replaced = false;
  #again = false;
  #lastRegex: Regex | undefined;
  /** What `a`, `r` and `R` put after the line. */
  #appended: (() => Promise<void>)[] = [];
  #pending: Bytes[] = [];

  constructor(call: Call<string>, script: Script, input: Input, writes: WriteFiles, rules: ExecuteRules) {
    this.#call = call;
    this.#script = script;
    this.#input = input;
    this.#writes = writes;
    this.#rules = rules;
    this.#ranges = script.commands.map(() => undefined);
    this.#stdout = this.#newOutput();
    input.onOpen = () => {
      if (rules.inPlace !== undefined) {
        this.#edited = [];
        this.#stdout = this.#newOutput();
      }
      if (rules.separate) this.#line = 0;
    };
    input.onClose = async () => {
      if (rules.inPlace === undefined || !input.stat) return;
      const problem = replaceFile(call, input.name, input.stat, this.#edited.join(""), rules.inPlace);
      if (problem !== undefined) await call.warn(problem, 4);
    };
  }

  #newOutput(): LineOutput {
    const target = this.#rules.inPlace === undefined ? this.#pending : this.#edited;
    return new LineOutput((bytes) => void target.push(bytes), this.#rules.delimiter);
  }

  async run(): Promise<number> {
    try {
      while (await this.#nextLine()) {
        if ((await this.#cycle()) === "printed") await this.#endCycle();
        else await this.#dumpAppended();
      }
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
      if (error.print) await this.#endCycle();
      if (!error.abandons) await this.#input.finish();
      await this.#flush();
      return error.code;
    }
    await this.#flush();
    return 0;
  }

  /** Reads the next line into the pattern space, unless `D` asked to go on with what is there. */
  async #nextLine(): Promise<boolean> {
    if (this.#again) return true;
    const line = await this.#input.next();
    if (!line) return false;
    this.#pattern = line.text;
    this.#ended = line.ended;
    this.#line++;
    this.#replaced = false;
    if (this.#pending.length > 64) await this.#flush();
    await this.#spend(1);
    return true;
  }

  /** Counts microseconds of work on a line; what is to be waited for, if anything. A long line's characters take time, too. */
  #spend(work: number): Promise<void> | undefined {
    const { length } = this.#pattern;
    const { process } = this.#call;
    if (length <= LONG) return process.spend(work) ? this.#pause() : undefined;
    if (length > process.kernel.limits.memory / 16) return this.#exhausted();
    return process.spend(work + length * CHARACTER) ? this.#pause() : undefined;
  }

  async #pause(): Promise<void> {
    await this.#flush();
    await this.#call.process.pause();
  }

  async #exhausted(): Promise<never> {
    await this.#flush();
    await this.#call.say("couldn't re-allocate memory");
    throw new Quit(4, false, true);
  }

  async #endCycle(): Promise<void> {
    if (!this.#rules.quiet) this.#print(this.#pattern);
    await this.#dumpAppended();
  }

  async #dumpAppended(): Promise<void> {
    const all = this.#appended;
    this.#appended = [];
    for (const put of all) await put();
  }

  #print(text: string, output = this.#stdout, ended = this.#ended): void {
    output.line(this.#bytes(text), ended);
  }

  #bytes(text: string): Bytes {
    return this.#rules.utf8 ? encode(text) : text;
  }

  async #flush(): Promise<void> {
    const bytes = this.#pending.join("");
    this.#pending.length = 0;
    if (bytes !== "") await this.#call.out.put(bytes);
  }

  // Addresses

  async #selects(command: Command, index: number): Promise<boolean> {
    const { first, second } = command;
    if (!first) return true;
    if (!second) return this.#matches(first);
    const range = this.#ranges[index];
    if (range) return this.#inRange(index, range, second);
    const zero = first.kind === "line" && first.line === 0;
    if (zero ? this.#line !== 1 : !(await this.#matches(first))) return false;
    if (zero) {
      this.#ranges[index] = { until: "end" };
      return this.#inRange(index, { until: "end" }, second);
    }
    switch (second.kind) {
      case "line":
        if (second.line > this.#line) this.#ranges[index] = { until: second.line };
        break;
      case "more":
        if (second.count > 0) this.#ranges[index] = { until: this.#line + second.count };
        break;
      case "multiple":
        if (second.of > 0) this.#ranges[index] = { until: this.#line + second.of - (this.#line % second.of) };
        break;
      case "last":
        if (!(await this.#input.isLast())) this.#ranges[index] = { until: "end" };
        break;
      default:
        this.#ranges[index] = { until: "end" };
    }
    return true;
  }

  async #inRange(index: number, range: NonNullable<Range>, second: Address): Promise<boolean> {
    if (range.until === "end") {
      if (await this.#matches(second)) this.#ranges[index] = undefined;
      return true;
    }
    if (this.#line >= range.until) this.#ranges[index] = undefined;
    // A range that was left behind by `n` or a jump covers no line beyond its end.
    return this.#line <= range.until || second.kind !== "line"
      ? this.#line <= range.until
      : this.#matches(this.#script.commands[index]!.first!);
  }

  async #matches(address: Address): Promise<boolean> {
    switch (address.kind) {
      case "line":
        return this.#line === address.line;
      case "step":
        return this.#line >= address.first && (this.#line - address.first) % address.step === 0;
      case "last":
        return this.#input.isLast();
      case "regex":
        return (await this.#regex(address.regex)).test(this.#pattern);
      default:
        return false;
    }
  }

  /** The empty pattern is the last that was used. */
  async #regex(regex: Regex | undefined): Promise<Regex> {
    if (regex) this.#lastRegex = regex;
    if (!this.#lastRegex) {
      await this.#flush();
      await this.#call.say("-e expression #1, char 0: no previous regular expression");
      throw new Quit(1, false, true);
    }
    return this.#lastRegex;
  }

  // Commands

  /** One pass through the commands: whether the pattern space is to be printed, or was deleted. */
  async #cycle(): Promise<"printed" | "deleted"> {
    this.#again = false;
    const { commands } = this.#script;
    for (let at = 0; at < commands.length; at++) {
      const command = commands[at]!;
      if (command.name === "}" || command.name === ":") continue;
      if ((await this.#selects(command, at)) === command.negated) {
        if (command.name === "{") at = command.end;
        continue;
      }
      const waiting = this.#spend(0.2);
      if (waiting) await waiting;
      switch (command.name) {
        case "{":
        case "#":
          break;
        case "b":
          at = command.target - 1;
          break;
        case "t":
          if (this.#replaced) at = command.target - 1;
          this.#replaced = false;
          break;
        case "T":
          if (!this.#replaced) at = command.target - 1;
          this.#replaced = false;
          break;
        case "d":
          return "deleted";
        case "D": {
          const newline = this.#pattern.indexOf("\n");
          this.#again = newline >= 0;
          this.#pattern = this.#pattern.slice(newline + 1);
          return "deleted";
        }
        case "c":
          // A range is replaced as a whole, at its end.
          if (!command.second || command.negated || !this.#ranges[at]) this.#stdout.text(this.#bytes(command.text));
          return "deleted";
        default:
          await this.#simple(command);
      }
    }
    return "printed";
  }

  async #simple(command: Command): Promise<void> {
    switch (command.name) {
      case "=":
        this.#stdout.text(`${this.#line}\n`);
        return;
      case "a":
        this.#appended.push(async () => this.#stdout.text(this.#bytes(command.text)));
        return;
      case "i":
        this.#stdout.text(this.#bytes(command.text));
        return;
      case "F":
        this.#stdout.text(`${encode(this.#input.name)}\n`);
        return;
      case "g":
        this.#pattern = this.#hold;
        this.#ended = this.#holdEnded;
        return;
      case "G":
        this.#pattern += `${this.#rules.delimiter}${this.#hold}`;
        this.#ended = this.#holdEnded;
        return;
      case "h":
        this.#hold = this.#pattern;
        this.#holdEnded = this.#ended;
        return;
      case "H":
        this.#hold += `${this.#rules.delimiter}${this.#pattern}`;
        this.#holdEnded = this.#ended;
        return;
      case "x":
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        [this.#ended, this.#holdEnded] = [this.#holdEnded, this.#ended];
        return;
      case "z":
        this.#pattern = "";
        return;
      case "l":
        this.#stdout.text(listing(this.#bytes(this.#pattern), command.number ?? this.#rules.lineLength));
        return;
      case "n":
        return this.#nextInto(false);
      case "N":
        return this.#nextInto(true);
      case "p":
        this.#print(this.#pattern);
        return;
      case "P":
        this.#print(this.#pattern.split("\n", 1)[0]!, this.#stdout, this.#pattern.includes("\n") || this.#ended);
        return;
      case "q":
        throw new Quit(command.number ?? 0, true);
      case "Q":
        throw new Quit(command.number ?? 0, false);
      case "r":
        this.#appended.push(() => this.#appendFile(command.file));
        return;
      case "R":
        this.#appended.push(await this.#lineOf(command.file));
        return;
      case "w":
        return this.#write(command.file, this.#pattern, this.#ended);
      case "W":
        return this.#write(command.file, this.#pattern.split("\n", 1)[0]!, true);
      case "s":
        return this.#substitute(command.substitution);
      case "y":
        this.#pattern = Array.from(this.#pattern, (char) => command.map.get(char) ?? char).join("");
        return;
      default:
        throw new Error(`sed: ${command.name} is no simple command`);
    }
  }

  /** `n` and `N`. At the end of the input GNU sed prints what is there and ends. */
  async #nextInto(append: boolean): Promise<void> {
    if (await this.#input.isLast()) throw new Quit(0, !(this.#rules.posix && append));
    if (!append && !this.#rules.quiet) this.#print(this.#pattern);
    await this.#dumpAppended();
    const line = await this.#input.next();
    if (!line) throw new Quit(0, false);
    this.#line++;
    this.#pattern = append ? `${this.#pattern}${this.#rules.delimiter}${line.text}` : line.text;
    this.#ended = line.ended;
  }

  async #appendFile(name: string): Promise<void> {
    const { process, out } = this.#call;
    const file = openOperand(process, name === "/dev/stdin" ? "-" : name);
    if (file instanceof Errno) return;
    const content = await attemptAsync(() => readWhole(process, file, out));
    if (content !== undefined) this.#stdout.text(content);
  }

  async #lineOf(name: string): Promise<() => Promise<void>> {
    const { process, out } = this.#call;
    if (!this.#readers.has(name)) {
      const file = attempt(() => openOperand(process, name === "/dev/stdin" ? "-" : name));
      this.#readers.set(name, file instanceof Errno ? undefined : new Lines(process, file, out));
    }
    const reader = this.#readers.get(name);
    const line = await reader?.next();
    return async () => {
      if (line !== undefined) this.#stdout.line(line, true);
    };
  }

  async #write(name: string, text: string, ended: boolean): Promise<void> {
    if (name === "/dev/stderr")
      await this.#call.process.write(2, this.#bytes(text) + (ended ? this.#rules.delimiter : ""));
    else if (name !== "/dev/stdout") this.#print(text, this.#writes.get(name), ended);
    else if (this.#rules.inPlace === undefined) this.#print(text, this.#stdout, ended);
    else this.#pending.push(this.#bytes(text) + this.#rules.delimiter);
  }

  async #substitute({ regex: given, pieces, global, print, number, write }: Substitution): Promise<void> {
    const regex = await this.#regex(given);
    const text = this.#pattern;
    let out = "";
    let copied = 0;
    let count = 0;
    let done = 0;
    let lastEnd = -1;
    for (let from = 0; from <= text.length;) {
      const match = regex.exec(text, from);
      if (!match) break;
      const empty = match.start === match.end;
      // An empty match right behind the one before does not count.
      if (!(empty && match.end === lastEnd)) {
        count++;
        if (count >= number) {
          out += text.slice(copied, match.start) + replacementOf(pieces, match, text);
          copied = match.end;
          done++;
          if (!global) break;
        }
      }
      lastEnd = match.end;
      from = empty ? match.end + (text.codePointAt(match.end)! > 0xffff ? 2 : 1) : match.end;
    }
    if (done === 0) return;
    this.#pattern = out + text.slice(copied);
    this.#replaced = true;
    if (print) this.#print(this.#pattern);
    if (write !== undefined) await this.#write(write, this.#pattern, this.#ended);
  }
}

async function attemptAsync<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}
