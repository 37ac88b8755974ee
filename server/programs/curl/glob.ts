import { CurlFailure } from "./failure.ts";

/** One URL of a pattern, and what its parts were, for `#1` in output names. */
export interface Globbed {
  readonly url: string;
  readonly parts: readonly string[];
}

const MOST = 100_000;

/** Expands `{a,b}` and `[1-3]`, `[a-z:2]` in a URL (src/tool_urlglob.c). */
export function globUrl(pattern: string): Globbed[] {
  const pieces: (string | readonly string[])[] = [];
  let literal = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === "\\" && /[{}[\]]/.test(pattern[at + 1] ?? "")) {
      literal += pattern[++at]!;
      continue;
    }
    // An IPv6 address in brackets is no range.
    const address = char === "[" ? /^\[[0-9a-f:.%\w]*:[0-9a-f:.%\w]*:[0-9a-f:.%\w]*\]/i.exec(pattern.slice(at)) : null;
    if (address) {
      literal += address[0];
      at += address[0].length - 1;
      continue;
    }
    if (char === "}" || char === "]") throw fault(pattern, at, "unmatched close brace/bracket");
    if (char !== "{" && char !== "[") {
      literal += char;
      continue;
    }
    const end = pattern.indexOf(char === "{" ? "}" : "]", at);
    if (end < 0) throw char === "{" ? fault(pattern, at, "unmatched brace") : rangeFault(pattern, at);
    const inside = pattern.slice(at + 1, end);
    pieces.push(literal, char === "{" ? inside.split(",") : range(pattern, at, inside));
    literal = "";
    at = end;
  }
  pieces.push(literal);
  let all: Globbed[] = [{ url: "", parts: [] }];
  for (const piece of pieces) {
    if (typeof piece === "string") all = all.map(({ url, parts }) => ({ url: url + piece, parts }));
    else all = all.flatMap(({ url, parts }) => piece.map((one) => ({ url: url + one, parts: [...parts, one] })));
    if (all.length > MOST) throw fault(pattern, 0, "too many URLs");
  }
  return all;
}

function range(pattern: string, at: number, text: string): string[] {
  const letters = /^([a-z])-([a-z])(?::(\d+))?$/i.exec(text);
  const numbers = /^(\d+)-(\d+)(?::(\d+))?$/.exec(text);
  const step = Number(letters?.[3] ?? numbers?.[3] ?? 1);
  const out: string[] = [];
  if (step <= 0) return out;
  if (letters) {
    const [low, high] = [letters[1]!.charCodeAt(0), letters[2]!.charCodeAt(0)];
    for (let code = low; code <= high; code += step) out.push(String.fromCharCode(code));
  } else if (numbers) {
    const width = numbers[1]!.startsWith("0") ? numbers[1]!.length : 0;
    for (let value = Number(numbers[1]); value <= Number(numbers[2]) && out.length <= MOST; value += step)
      out.push(String(value).padStart(width, "0"));
  }
  if (out.length === 0) throw rangeFault(pattern, at);
  return out;
}

/** How far glob_range has read: to the second number, or not at all. */
function rangeFault(pattern: string, at: number): CurlFailure {
  const begun = /^\d+(?:-[ \t]*)?/.exec(pattern.slice(at + 1))?.[0];
  if (begun !== undefined) return fault(pattern, at + 1 + (begun.includes("-") ? begun.length : 0), "bad range");
  return fault(pattern, at + 1, /^[a-z]/i.test(pattern.slice(at + 1)) ? "bad range" : "bad range specification");
}

function fault(pattern: string, at: number, words: string): CurlFailure {
  return new CurlFailure(3, `${words} in URL position ${at + 1}:\n${pattern}\n${" ".repeat(at)}^`);
}
