/** Brace expansion on the text of a word, as braces.c. It comes before every other expansion, so it is done once, when a word is read. */

/** More results than this are refused, in the words that bash has for it. */
export const MOST_WORDS = 1_000_000;

/**
 * Expands a word that is cut into atoms: single characters, and opaque pieces (quotes, `$(…)`, `\x`). Returns the texts
 * in order, or undefined if nothing is expanded.
 */
export function expandBraces(atoms: readonly string[]): string[] | undefined {
  const open = findBraces(atoms, 0);
  return open && combine(atoms, open);
}

interface Braces {
  readonly start: number;
  readonly end: number;
  readonly pieces: readonly (readonly string[])[] | undefined;
  readonly sequence: readonly string[] | undefined;
}

function combine(atoms: readonly string[], { start, end, pieces, sequence }: Braces): string[] {
  const before = atoms.slice(0, start).join("");
  const middles = sequence ?? pieces!.flatMap((piece) => expandBraces(piece) ?? [piece.join("")]);
  const rest = atoms.slice(end + 1);
  const after = expandBraces(rest) ?? [rest.join("")];
  if (middles.length * after.length > MOST_WORDS) throw new TooManyWords(middles.length * after.length);
  return middles.flatMap((middle) => after.map((tail) => before + middle + tail));
}

/** The first braces that are a list or a sequence. */
function findBraces(atoms: readonly string[], from: number): Braces | undefined {
  for (let start = atoms.indexOf("{", from); start >= 0; start = atoms.indexOf("{", start + 1)) {
    const commas: number[] = [];
    const end = matchingBrace(atoms, start, commas);
    if (end < 0) continue;
    if (commas.length > 0) {
      const cuts = [start, ...commas, end];
      const pieces = cuts.slice(1).map((cut, at) => atoms.slice(cuts[at]! + 1, cut));
      return { start, end, pieces, sequence: undefined };
    }
    const sequence = expandSequence(atoms.slice(start + 1, end).join(""));
    if (sequence) return { start, end, pieces: undefined, sequence };
  }
  return undefined;
}

function matchingBrace(atoms: readonly string[], start: number, commas: number[]): number {
  let depth = 0;
  for (let at = start; at < atoms.length; at++) {
    const atom = atoms[at];
    if (atom === "{") depth++;
    else if (atom === "}" && --depth === 0) return at;
    else if (atom === "," && depth === 1) commas.push(at);
  }
  return -1;
}

/** `1..3`, `a..e`, `01..10..2`. */
function expandSequence(text: string): string[] | undefined {
  const numbers = /^([-+]?\d+)\.\.([-+]?\d+)(?:\.\.([-+]?\d+))?$/.exec(text);
  if (numbers) {
    const [, first, last, step] = numbers as unknown as [string, string, string, string | undefined];
    const padded = /^[-+]?0\d/.test(first) || /^[-+]?0\d/.test(last);
    const width = padded ? Math.max(first.length, last.length) : 0;
    return series(Number(first), Number(last), Number(step ?? 1)).map((value) => padNumber(value, width));
  }
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.([-+]?\d+))?$/.exec(text);
  if (!letters) return undefined;
  const [, first, last, step] = letters as unknown as [string, string, string, string | undefined];
  return series(first.charCodeAt(0), last.charCodeAt(0), Number(step ?? 1)).map((code) =>
    // A backslash quotes nothing here, and vanishes.
    code === 92 ? "''" : String.fromCharCode(code),
  );
}

function series(first: number, last: number, step: number): number[] {
  const stride = Math.abs(step) || 1;
  const count = Math.floor(Math.abs(last - first) / stride) + 1;
  if (count > MOST_WORDS) throw new TooManyWords(count);
  const direction = last >= first ? stride : -stride;
  return Array.from({ length: count }, (_, at) => first + at * direction);
}

function padNumber(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, "0");
  return value < 0 ? `-${digits}` : digits;
}

/** A brace expansion of more than `MOST_WORDS` words. */
export class TooManyWords extends Error {
  readonly count: number;

  constructor(count: number) {
    super(`brace expansion: failed to allocate memory for \`${count}' elements`);
    this.count = count;
  }
}
