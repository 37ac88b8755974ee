import type { Bytes } from "../../sim/kernel/index.ts";
import type { OpenFile, Process } from "../../sim/host/index.ts";
import { blocks, chunks, nextChunk } from "../gnu/input.ts";
import type { Output } from "../gnu/output.ts";

export interface Wanted {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  /** `+NUM`: from that line or byte on, instead of the last so many. */
  readonly fromStart: boolean;
  readonly delimiter: string;
}

const STEP = 65_536;

/** Writes the last part of a file, and leaves it at its end. */
export async function copyLast(process: Process, out: Output, file: OpenFile, wanted: Wanted): Promise<void> {
  if (wanted.fromStart) return fromStart(process, out, file, wanted);
  const { position } = file;
  if (position) file.seek(startOfLast(process, file, position.size, wanted));
  else if (wanted.unit === "bytes") return lastBytes(process, out, file, wanted.count);
  else return lastLines(process, out, file, wanted);
  for await (const chunk of chunks(process, file, out)) await out.put(chunk);
}

async function fromStart(process: Process, out: Output, file: OpenFile, wanted: Wanted): Promise<void> {
  let skip = Math.max(0, wanted.count - 1);
  for await (const chunk of chunks(process, file, out)) {
    let at = 0;
    if (wanted.unit === "bytes") {
      at = Math.min(skip, chunk.length);
      skip -= at;
    } else {
      while (skip > 0) {
        const found = chunk.indexOf(wanted.delimiter, at);
        at = found < 0 ? chunk.length : found + 1;
        if (found < 0) break;
        skip--;
      }
    }
    await out.put(at === 0 ? chunk : chunk.slice(at));
  }
}

/** Where the last part of a file that can seek begins. Reads backwards, so that the end of a large file costs little. */
function startOfLast(process: Process, file: OpenFile, size: number, { unit, count, delimiter }: Wanted): number {
  if (unit === "bytes") return Math.max(0, size - count);
  if (count === 0) return size;
  let left = count;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - STEP);
    file.seek(start);
    const piece = file.read(process, end - start) as Bytes;
    let at = piece.length;
    // The newline that ends the file ends its last line.
    if (end === size && piece.endsWith(delimiter)) at--;
    for (;;) {
      const found = at === 0 ? -1 : piece.lastIndexOf(delimiter, at - 1);
      if (found < 0) break;
      if (--left === 0) return start + found + 1;
      at = found;
    }
    end = start;
  }
  return 0;
}

async function lastBytes(process: Process, out: Output, file: OpenFile, count: number): Promise<void> {
  let held: Bytes = "";
  for (;;) {
    const chunk = await nextChunk(process, file, out);
    if (chunk === "") break;
    held = (held + chunk).slice(count === 0 ? chunk.length + held.length : -count);
  }
  await out.put(held);
}

async function lastLines(process: Process, out: Output, file: OpenFile, { count, delimiter }: Wanted): Promise<void> {
  const held: { text: Bytes; lines: number }[] = [];
  let lines = 0;
  for await (const text of blocks(process, file, out, delimiter)) {
    const own = countOf(text, delimiter) + (text.endsWith(delimiter) ? 0 : 1);
    held.push({ text, lines: own });
    lines += own;
    while (held.length > 1 && lines - held[0]!.lines >= count) lines -= held.shift()!.lines;
  }
  const rest = held.map(({ text }) => text).join("");
  let skip = lines - count;
  let at = 0;
  for (; skip > 0; skip--) {
    const found = rest.indexOf(delimiter, at);
    at = found < 0 ? rest.length : found + 1;
  }
  await out.put(rest.slice(at));
}

export function countOf(text: Bytes, delimiter: string): number {
  let count = 0;
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, at + 1)) count++;
  return count;
}
