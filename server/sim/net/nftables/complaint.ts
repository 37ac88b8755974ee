import type { Complaint } from "./cursor.ts";
import type { Place } from "./scan.ts";

/** An error as nft prints it: where it is in a file, its line, and what is meant underlined (erec_print). */
export function complaintText({ says, place, also }: Complaint): string {
  const { name, text } = place.source;
  // Behind the last line there is nothing to show: nft takes the first.
  const at = place.start >= text.length ? 0 : place.start;
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const line = text.slice(start, end < 0 ? text.length : end);
  const number = text.slice(0, at).split("\n").length;
  const column = at - start;
  const width = Math.max(1, Math.min(place.end - place.start, line.length - column + 1));
  const where = name === "" ? "" : `${name}:${number}:${column + 1}-${column + width}: `;
  return `${where}Error: ${says}\n${line}\n${marks(line, start, place, column, width, also)}\n`;
}

/** Blanks (tabs stay), `~~~~` below the other place, `^^^^` below the one. */
function marks(
  line: string,
  start: number,
  place: Place,
  column: number,
  width: number,
  also: Place | undefined,
): string {
  const before = also && also.source === place.source ? also : undefined;
  const last = Math.max(column + width, before ? before.end - start : 0);
  let out = "";
  for (let at = 0; at < last; at++) {
    if (at >= column && at < column + width) out += "^";
    else if (before && at >= before.start - start && at < before.end - start) out += "~";
    else out += line[at] === "\t" ? "\t" : " ";
  }
  return out;
}
