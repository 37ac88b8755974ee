import type { Bytes } from "../../sim/kernel/index.ts";

/** What a SET of tr says: bytes, character classes whose order counts for upper and lower, and one repeat that fills up. */
export type Element =
  | { readonly kind: "byte"; readonly code: number }
  | { readonly kind: "class"; readonly name: string; readonly codes: readonly number[] }
  | { readonly kind: "repeat"; readonly code: number; readonly count: number };

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  alnum: (code) => isAlpha(code) || isDigit(code),
  alpha: isAlpha,
  blank: (code) => code === 9 || code === 32,
  cntrl: (code) => code < 32 || code === 127,
  digit: isDigit,
  graph: (code) => code > 32 && code < 127,
  lower: (code) => code >= 97 && code <= 122,
  print: (code) => code >= 32 && code < 127,
  punct: (code) => code > 32 && code < 127 && !isAlpha(code) && !isDigit(code),
  space: (code) => (code >= 9 && code <= 13) || code === 32,
  upper: (code) => code >= 65 && code <= 90,
  xdigit: (code) => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102),
};

function isAlpha(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };

interface Unit {
  readonly code: number;
  readonly escaped: boolean;
}

/** Reads a SET; a text says what is wrong (coreutils src/tr.c parse_str). `warn` takes remarks that are no errors. */
export function parseSet(
  text: Bytes,
  quote: (text: string) => string,
  warn: (text: string) => void,
): Element[] | string {
  const units = unescape(text, warn);
  const elements: Element[] = [];
  for (let at = 0; at < units.length;) {
    const bracket = plain(units, at, "[");
    if (bracket) {
      const special = bracketed(units, at, quote);
      if (typeof special === "string") return special;
      if (special) {
        elements.push(...special.elements);
        at = special.next;
        continue;
      }
    }
    if (plain(units, at + 1, "-") && at + 2 < units.length) {
      const [low, high] = [units[at]!.code, units[at + 2]!.code];
      if (high < low) {
        const shown = `${show(low)}-${show(high)}`;
        return `range-endpoints of '${shown}' are in reverse collating sequence order`;
      }
      for (let code = low; code <= high; code++) elements.push({ kind: "byte", code });
      at += 3;
      continue;
    }
    elements.push({ kind: "byte", code: units[at]!.code });
    at++;
  }
  return elements;
}

function plain(units: readonly Unit[], at: number, char: string): boolean {
  const unit = units[at];
  return unit !== undefined && !unit.escaped && unit.code === char.charCodeAt(0);
}

/** `[:class:]`, `[=c=]`, `[c*n]`; undefined if the bracket is none of these. */
function bracketed(
  units: readonly Unit[],
  at: number,
  quote: (text: string) => string,
): { elements: Element[]; next: number } | string | undefined {
  for (const mark of [":", "="]) {
    if (!plain(units, at + 1, mark)) continue;
    for (let end = at + 2; end + 1 < units.length; end++) {
      if (!plain(units, end, mark) || !plain(units, end + 1, "]")) continue;
      const inner = units.slice(at + 2, end);
      const name = String.fromCharCode(...inner.map(({ code }) => code));
      // `[:*]` and `[=*]` may be repeats.
      if (name === "" && plain(units, at + 2, "*")) break;
      if (mark === ":") {
        if (name === "") return "missing character class name '[::]'";
        const has = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
        if (!has) return `invalid character class ${quote(name)}`;
        const codes = Array.from({ length: 256 }, (_, code) => code).filter(has);
        return { elements: [{ kind: "class", name, codes }], next: end + 2 };
      }
      if (inner.length === 0) return "missing equivalence class character '[==]'";
      if (inner.length > 1) return `${name}: equivalence class operand must be a single character`;
      return { elements: [{ kind: "byte", code: inner[0]!.code }], next: end + 2 };
    }
  }
  if (at + 2 >= units.length || !plain(units, at + 2, "*")) return undefined;
  const end = units.findIndex((_, index) => index > at + 2 && plain(units, index, "]"));
  if (end < 0) return undefined;
  const digits = String.fromCharCode(...units.slice(at + 3, end).map(({ code }) => code));
  if (digits !== "" && !/^\d+$/.test(digits)) return `invalid repeat count ${quote(digits)} in [c*n] construct`;
  const count = digits === "" ? 0 : parseInt(digits, digits.startsWith("0") ? 8 : 10);
  return { elements: [{ kind: "repeat", code: units[at + 1]!.code, count }], next: end + 1 };
}

function unescape(text: Bytes, warn: (text: string) => void): Unit[] {
  const units: Unit[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (text[at] !== "\\") {
      units.push({ code, escaped: false });
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1))?.[0];
    if (octal !== undefined) {
      let digits = octal;
      if (parseInt(digits, 8) > 255) {
        digits = octal.slice(0, 2);
        warn(
          `warning: the ambiguous octal escape \\${octal} is being\n\tinterpreted as the 2-byte sequence \\0${digits}, ${octal[2]!}`,
        );
      }
      units.push({ code: parseInt(digits, 8), escaped: true });
      at += digits.length;
    } else if (at + 1 === text.length) {
      warn("warning: an unescaped backslash at end of string is not portable");
      units.push({ code, escaped: false });
    } else {
      at++;
      units.push({ code: ESCAPES[text[at]!] ?? text.charCodeAt(at), escaped: true });
    }
  }
  return units;
}

function show(code: number): string {
  return code >= 32 && code < 127 ? String.fromCharCode(code) : `\\${code.toString(8).padStart(3, "0")}`;
}

/** All bytes of a set in order; repeats that fill up are filled to `length`. */
export function expand(elements: readonly Element[], length = 0): number[] {
  const fixed = elements.reduce((sum, element) => sum + sizeOf(element), 0);
  const out: number[] = [];
  for (const element of elements) {
    if (element.kind === "byte") out.push(element.code);
    else if (element.kind === "class") out.push(...element.codes);
    else {
      const count = element.count === 0 ? Math.max(0, length - fixed) : element.count;
      for (let at = 0; at < count; at++) out.push(element.code);
    }
  }
  return out;
}

function sizeOf(element: Element): number {
  return element.kind === "byte" ? 1 : element.kind === "class" ? element.codes.length : element.count;
}
