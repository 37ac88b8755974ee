import { basicKind, goTypeName, numberIn, type GoValue } from "./number.ts";
import { formatOperand, type Directive } from "./verb.ts";

/** Larger widths and precisions are refused. */
const LARGEST = 1_000_000;

/** `fmt.Sprintf`. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  return new Format(format, args).print();
}

const FLAGS: Record<string, "minus" | "plus" | "sharp" | "space" | "zero"> = {
  "-": "minus", "+": "plus", "#": "sharp", " ": "space", "0": "zero",
}; // prettier-ignore

class Format {
  readonly #format: string;
  readonly #args: readonly GoValue[];
  #at = 0;
  #arg = 0;
  /** Arguments are chosen by `%[2]d`. */
  #reordered = false;
  #goodIndex = true;
  /** An index has just been read. */
  #indexed = false;

  constructor(format: string, args: readonly GoValue[]) {
    this.#format = format;
    this.#args = args;
  }

  print(): string {
    let out = "";
    for (;;) {
      const percent = this.#format.indexOf("%", this.#at);
      if (percent < 0) {
        out += this.#format.slice(this.#at);
        break;
      }
      out += this.#format.slice(this.#at, percent);
      this.#at = percent + 1;
      out += this.#directive();
    }
    if (this.#reordered || this.#arg >= this.#args.length) return out;
    const extra = this.#args.slice(this.#arg).map((arg) => {
      const value = formatOperand(arg, "v", noDirective());
      return arg === undefined || arg === null ? value : `${goTypeName(arg)}=${value}`;
    });
    return `${out}%!(EXTRA ${extra.join(", ")})`;
  }

  #directive(): string {
    const directive = noDirective();
    this.#goodIndex = true;
    this.#indexed = false;
    for (let flag = FLAGS[this.#char()]; flag; flag = FLAGS[this.#char()]) {
      directive[flag] = true;
      this.#at++;
    }
    const problems = this.#width(directive) + this.#precision(directive);
    if (!this.#indexed) this.#index();
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) return `${problems}%!(NOVERB)`;
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    if (verb === "%") return `${problems}%`;
    if (!this.#goodIndex) return `${problems}%!${verb}(BADINDEX)`;
    if (this.#arg >= this.#args.length) return `${problems}%!${verb}(MISSING)`;
    // `%+v` asks for the names of fields, which there are none of.
    if (verb === "v") Object.assign(directive, { source: directive.sharp, sharp: false, plus: false });
    return problems + formatOperand(this.#args[this.#arg++], verb, directive);
  }

  #width(directive: Directive): string {
    this.#index();
    if (this.#char() !== "*") {
      directive.width = this.#number();
      if (this.#indexed && directive.width !== undefined) this.#goodIndex = false;
      return "";
    }
    this.#at++;
    const width = this.#integerArg();
    this.#indexed = false;
    if (width === undefined) return "%!(BADWIDTH)";
    if (width < 0) directive.minus = true;
    directive.width = Math.abs(width);
    return "";
  }

  #precision(directive: Directive): string {
    if (this.#char() !== ".") return "";
    this.#at++;
    if (this.#indexed) this.#goodIndex = false;
    this.#index();
    if (this.#char() !== "*") {
      directive.precision = this.#number() ?? 0;
      return "";
    }
    this.#at++;
    const precision = this.#integerArg();
    this.#indexed = false;
    if (precision === undefined || precision < 0) return "%!(BADPREC)";
    directive.precision = precision;
    return "";
  }

  /** `[2]` chooses the argument that is next. */
  #index(): void {
    this.#indexed = false;
    if (this.#char() !== "[") return;
    this.#reordered = true;
    const end = this.#format.indexOf("]", this.#at);
    if (end < 0) {
      this.#goodIndex = false;
      this.#at++;
      return;
    }
    const text = this.#format.slice(this.#at + 1, end);
    const index = /^\d+$/.test(text) ? Number(text) - 1 : -1;
    this.#indexed = index >= 0 && index < this.#args.length;
    if (this.#indexed) this.#arg = index;
    else this.#goodIndex = false;
    this.#at = end + 1;
  }

  #number(): number | undefined {
    const digits = /^\d+/.exec(this.#format.slice(this.#at))?.[0];
    if (digits === undefined) return undefined;
    // A number that is too long takes the rest of the format with it.
    const tooLarge = Number(digits.slice(0, -1)) > LARGEST;
    this.#at = tooLarge ? this.#format.length : this.#at + digits.length;
    return tooLarge ? undefined : Number(digits);
  }

  #integerArg(): number | undefined {
    if (this.#arg >= this.#args.length) return undefined;
    const value = this.#args[this.#arg++];
    const kind = basicKind(value);
    if (kind !== "int" && kind !== "uint") return undefined;
    const number = numberIn(value);
    return Math.abs(number) > LARGEST ? undefined : number;
  }

  #char(): string {
    return this.#format[this.#at] ?? "";
  }
}

function noDirective(): Directive {
  return {
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    source: false,
    width: undefined,
    precision: undefined,
  };
}
