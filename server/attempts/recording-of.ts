import { asciicast, type CastEvent } from "../recording/asciicast.ts";
import type { JournalEntry } from "../sessions/protocol/index.ts";
import type { OutputChunk } from "../store/store.ts";

/** A terminal's recording as asciicast v2: what it printed, and its sizes from the journal. Undefined if it never was. */
export function recordingOf(
  title: string,
  terminal: number,
  output: readonly OutputChunk[],
  journal: readonly JournalEntry[],
): string | undefined {
  const sizes = journal.filter((entry) => "cols" in entry && entry.terminal === terminal);
  const [first] = sizes;
  if (first === undefined || !("cols" in first)) return undefined;
  const events: CastEvent[] = output.map(({ at, bytes }) => ({ kind: "output", at, bytes }));
  for (const entry of sizes.slice(1)) {
    // A world's clock follows the wall clock, in microseconds.
    if ("cols" in entry)
      events.push({ kind: "resize", at: Math.round(entry.at / 1000), cols: entry.cols, rows: entry.rows });
  }
  events.sort((a, b) => a.at - b.at);
  const startedAt = Math.min(Math.round(first.at / 1000), events[0]?.at ?? Infinity);
  return asciicast({ cols: first.cols, rows: first.rows, startedAt, title }, events);
}
