import type { RegexError } from "./node.ts";

/** A pattern and how far it is read. */
export class PerlInput {
  readonly pattern: string;
  at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  rest(): string {
    return this.pattern.slice(this.at);
  }

  /** Goes on if this text comes next. */
  take(text: string): boolean {
    if (!this.pattern.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

/** Thrown inside the parser and caught at its entry. */
export class Refusal {
  readonly why: RegexError;
  constructor(why: RegexError) {
    this.why = why;
  }
}

export function refuse(error: string): never {
  throw new Refusal({ error });
}

export function notSimulated(what: string): never {
  throw new Refusal({ error: `'${what}' is not simulated`, from: "drydock" });
}
