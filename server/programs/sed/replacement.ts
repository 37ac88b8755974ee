import type { Match } from "../../shell/regex/index.ts";
import type { CaseChange, Piece } from "./script.ts";

/** Splits the right side of `s` at `&`, `\1` and changes of case (sed/compile.c setup_replacement). */
export function parseReplacement(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  let change: Piece["change"];
  let first: CaseChange;
  const flush = (group: number | undefined): void => {
    if (plain === "" && group === undefined && change === undefined && first === undefined) return;
    pieces.push({ text: plain, group, change, first });
    plain = "";
    change = undefined;
    first = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "&") flush(0);
    else if (char === "\\" && at + 1 < text.length) {
      const next = text[++at]!;
      if (/[0-9]/.test(next)) flush(Number(next));
      else if ("ULE".includes(next)) {
        flush(undefined);
        change = next === "U" ? "upper" : next === "L" ? "lower" : "none";
      } else if (next === "u" || next === "l") {
        if (plain !== "") flush(undefined);
        first = next === "u" ? "upper" : "lower";
      } else plain += next;
    } else plain += char;
  }
  flush(undefined);
  return pieces;
}

/** The text that takes the place of a match. */
export function replacementOf(pieces: readonly Piece[], match: Match, text: string): string {
  const [only] = pieces;
  if (pieces.length === 1 && only!.group === undefined && only!.change === undefined && only!.first === undefined)
    return only!.text;
  let out = "";
  let change: CaseChange;
  let first: CaseChange;
  const put = (part: string): void => {
    if (part === "") return;
    let shown = change === "upper" ? part.toUpperCase() : change === "lower" ? part.toLowerCase() : part;
    if (first !== undefined) {
      const lead = String.fromCodePoint(shown.codePointAt(0)!);
      shown = (first === "upper" ? lead.toUpperCase() : lead.toLowerCase()) + shown.slice(lead.length);
      first = undefined;
    }
    out += shown;
  };
  for (const piece of pieces) {
    if (piece.change !== undefined) change = piece.change === "none" ? undefined : piece.change;
    if (piece.first !== undefined) first = piece.first;
    put(piece.text);
    const span = piece.group === undefined ? undefined : match.groups[piece.group];
    if (span) put(text.slice(span.start, span.end));
  }
  return out;
}
