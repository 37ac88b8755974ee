import type { Shell } from "../interpreter/shell.ts";
import { Discard } from "../interpreter/unwinding.ts";
import { AssociativeArray, IndexedArray, type Data } from "../variables/index.ts";

/** `${x:offset:length}` of texts and lists. */

const SURROGATES = /[\ud800-\udfff]/;

/** The number of characters. */
export function textLength(text: string): number {
  return SURROGATES.test(text) ? [...text].length : text.length;
}

/** `lengthText` is the length as typed, for the message about a negative one. */
export function sliceText(
  shell: Shell,
  text: string,
  offset: number,
  length: number | undefined,
  lengthText: string,
): string {
  const characters = SURROGATES.test(text) ? [...text] : undefined;
  const size = characters?.length ?? text.length;
  const start = offset < 0 ? size + offset : offset;
  if (start < 0 || start > size) return "";
  const end = length === undefined ? size : length < 0 ? size + length : Math.min(start + length, size);
  if (end < start) throw negative(shell, lengthText);
  return characters ? characters.slice(start, end).join("") : text.slice(start, end);
}

function negative(shell: Shell, lengthText: string): Error {
  shell.complain(`${lengthText}: substring expression < 0`);
  return new Discard(1);
}

/** Elements of an array from an index on, or (`data` undefined) of the positional parameters, `$0` being the first. */
export function sliceList(
  shell: Shell,
  data: Data | undefined,
  offset: number,
  length: number | undefined,
  lengthText: string,
): readonly string[] {
  if (length !== undefined && length < 0) throw negative(shell, lengthText);
  const count = length ?? Infinity;
  if (data instanceof IndexedArray) {
    const start = offset < 0 ? data.end + offset : offset;
    if (start < 0) return [];
    const values = data.entries().flatMap(([index, value]) => (index >= start ? [value] : []));
    return values.slice(0, count);
  }
  if (data instanceof AssociativeArray)
    return data
      .values()
      .slice(Math.max(0, offset - 1))
      .slice(0, count);
  if (typeof data === "string") return offset === 0 ? [data].slice(0, count) : [];
  const list = offset === 0 ? [shell.name, ...shell.positional] : ["", ...shell.positional];
  const start = offset < 0 ? list.length + offset : offset;
  return start < 0 ? [] : list.slice(start).slice(0, count);
}
