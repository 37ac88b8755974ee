import { encodePacket } from "../../capture/encode.ts";
import { hex, type MatchExtension } from "../extension.ts";
import { isProblem, parameter, type Problem } from "../row.ts";

type Operator = "&" | "<<" | ">>" | "@";

/** Four bytes at a place, turned by operators, must be one of some values. */
interface U32Test {
  readonly offset: number;
  readonly steps: readonly { readonly operator: Operator; readonly number: number }[];
  readonly ranges: readonly (readonly [number, number])[];
}

/** Up to 10 of each (linux/netfilter/xt_u32.h: XT_U32_MAXSIZE). */
const MOST = 10;

/** Tests of the packet's bytes, from its IP header on. */
export const u32: MatchExtension = {
  kind: "match",
  name: "u32",
  options: { "--u32": { key: "tests", words: 1, not: true, read: ([text]) => readTests(text!) } },
  finish(given) {
    const wish = given.get("tests");
    if (!wish) return parameter('u32: option "--u32" must be specified\n');
    return { tests: wish.value, ...(wish.not ? { not: true as const } : {}) };
  },
  save: (options) => `${options["not"] ? " !" : ""} --u32 "${testsText(options["tests"] as readonly U32Test[])}"`,
  list: (options) => ` u32${options["not"] ? " !" : ""} "${testsText(options["tests"] as readonly U32Test[])}"`,
  compile(options) {
    const { tests, not = false } = options as { tests: readonly U32Test[]; not?: boolean };
    return (packet, { ns }) => {
      const bytes = encodePacket(packet, ns.kernel.now).join("");
      return tests.every((one) => holds(one, bytes)) !== not;
    };
  },
};

/** u32_match_it. */
function holds({ offset, steps, ranges }: U32Test, bytes: string): boolean {
  let start = 0;
  let value = wordAt(bytes, offset);
  for (const { operator, number } of steps) {
    if (value === undefined) return false;
    if (operator === "&") value = (value & number) >>> 0;
    else if (operator === "<<") value = number > 31 ? 0 : (value << number) >>> 0;
    else if (operator === ">>") value = number > 31 ? 0 : value >>> number;
    else {
      start += value;
      value = wordAt(bytes, start + number);
    }
  }
  return value !== undefined && ranges.some(([low, high]) => value >= low && value <= high);
}

function wordAt(bytes: string, at: number): number | undefined {
  if (at + 4 > bytes.length) return undefined;
  let value = 0;
  for (let octet = 0; octet < 4; octet++) value = value * 256 + bytes.charCodeAt(at + octet);
  return value;
}

function testsText(tests: readonly U32Test[]): string {
  return tests
    .map(({ offset, steps, ranges }) => {
      const place = steps.map(({ operator, number }) => `${operator}${hex(number)}`).join("");
      const values = ranges.map(([low, high]) => (low === high ? hex(low) : `${hex(low)}:${hex(high)}`));
      return `${hex(offset)}${place}=${values.join(",")}`;
    })
    .join("&&");
}

/** `0>>22&0x3C@4>>16=80:90,443&&6&0xFF=6`. */
function readTests(text: string): readonly U32Test[] | Problem {
  const reader = new Reader(text);
  const tests: U32Test[] = [];
  do {
    const test = readTest(reader);
    if (isProblem(test)) return test;
    if (tests.push(test) > MOST) return parameter(`u32: at char ${reader.at}: too many "&&"s`);
  } while (reader.takes("&&"));
  return reader.done ? tests : reader.problem('"&&" was expected');
}

function readTest(reader: Reader): U32Test | Problem {
  const offset = reader.number();
  if (isProblem(offset)) return offset;
  const steps: { operator: Operator; number: number }[] = [];
  for (;;) {
    const operator = (["&", "<<", ">>", "@"] as const).find((one) => reader.takes(one));
    if (!operator) break;
    const number = reader.number();
    if (isProblem(number)) return number;
    if (steps.push({ operator, number }) > MOST) return reader.problem('too many "&"s in test');
  }
  if (reader.done) return parameter("u32: abrupt end of input after location specifier");
  if (!reader.takes("=")) return reader.problem("operator expected");
  const ranges: [number, number][] = [];
  do {
    const low = reader.number();
    if (isProblem(low)) return low;
    const high = reader.takes(":") ? reader.number() : low;
    if (isProblem(high)) return high;
    if (ranges.push([low, high]) > MOST) return reader.problem('too many ","s in test');
  } while (reader.takes(","));
  return { offset, steps, ranges };
}

class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    this.#skipBlanks();
    return this.at >= this.#text.length;
  }

  takes(word: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(word, this.at) || (word === "&" && this.#text[this.at + 1] === "&")) return false;
    this.at += word.length;
    return true;
  }

  number(): number | Problem {
    this.#skipBlanks();
    const match = /^(0x[0-9a-f]+|\d+)/i.exec(this.#text.slice(this.at));
    const value = match ? Number(match[0]) : NaN;
    if (!(value <= 0xffff_ffff)) return this.problem("not a number or out of range");
    this.at += match![0].length;
    return value;
  }

  problem(what: string): Problem {
    return parameter(`u32: at char ${this.at}: ${what}`);
  }

  #skipBlanks(): void {
    while (this.#text[this.at] === " ") this.at++;
  }
}
