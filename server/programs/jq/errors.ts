import { encode } from "../../sim/kernel/index.ts";
import { kindOf, toJson, type Value } from "./value.ts";

/** An error of a jq program: any value, mostly a message. */
export class JqError extends Error {
  readonly value: Value;

  constructor(value: Value) {
    super(typeof value === "string" ? value : toJson(value));
    this.value = value;
  }
}

/** `break $name` on its way to its label. */
export class BreakSignal extends Error {
  readonly label: object;

  constructor(label: object) {
    super("break");
    this.label = label;
  }
}

/** The end of the whole program: `halt`, `halt_error`. */
export class HaltSignal extends Error {
  readonly code: number;
  readonly value: Value | undefined;

  constructor(code: number, value?: Value) {
    super("halt");
    this.code = code;
    this.value = value;
  }
}

const LONGEST = 14;

/** A value as messages show it: JSON, of which at most 14 bytes are told (src/jv_print.c jv_dump_string_trunc). */
export function shown(value: Value): string {
  const text = toJson(value);
  if (encode(text).length <= LONGEST) return text;
  let short = "";
  for (const char of text) {
    if (encode(short + char).length > LONGEST - 3) break;
    short += char;
  }
  return `${short}...`;
}

/** `number (1) has no keys`. */
export function typeError(value: Value, problem: string): JqError {
  return new JqError(`${kindOf(value)} (${shown(value)}) ${problem}`);
}

export function typeError2(a: Value, b: Value, problem: string): JqError {
  return new JqError(`${kindOf(a)} (${shown(a)}) and ${kindOf(b)} (${shown(b)}) ${problem}`);
}
