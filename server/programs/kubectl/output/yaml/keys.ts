import { goSort } from "../golang/sort.ts";
import type { JsonObject } from "../golang/kind.ts";

const LETTER = /\p{L}/u;

/** A map's keys in go-yaml's natural order: numbers by value, signs before letters (goyaml.v2/sorter.go). */
export function yamlKeys(map: JsonObject): string[] {
  const keys = Object.keys(map);
  goSort(keys, comesBefore);
  return keys;
}

function comesBefore(left: string, right: string): boolean {
  const a = Array.from(left);
  const b = Array.from(right);
  for (let at = 0; at < a.length && at < b.length; at++) {
    const x = a[at]!;
    const y = b[at]!;
    if (x === y) continue;
    const xLetter = LETTER.test(x);
    const yLetter = LETTER.test(y);
    if (xLetter && yLetter) return x.codePointAt(0)! < y.codePointAt(0)!;
    if (xLetter || yLetter) return yLetter;
    const carry = (x === "0" || y === "0") && followsNonZeroDigit(a, at) ? 1 : 0;
    const xNumber = numberAt(a, at, carry);
    const yNumber = numberAt(b, at, carry);
    if (xNumber.value !== yNumber.value) return xNumber.value < yNumber.value;
    if (xNumber.end !== yNumber.end) return xNumber.end < yNumber.end;
    return x.codePointAt(0)! < y.codePointAt(0)!;
  }
  return a.length < b.length;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= "0" && char <= "9";
}

function followsNonZeroDigit(chars: readonly string[], at: number): boolean {
  for (let back = at - 1; back >= 0 && isDigit(chars[back]); back--) if (chars[back] !== "0") return true;
  return false;
}

function numberAt(chars: readonly string[], start: number, carry: number): { value: bigint; end: number } {
  let value = BigInt(carry);
  let end = start;
  for (; isDigit(chars[end]); end++) value = BigInt.asIntN(64, value * 10n + BigInt(chars[end]!));
  return { value, end };
}
