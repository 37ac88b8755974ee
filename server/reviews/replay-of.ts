import type { JournalEntry, Replay, ReplayEvent, TypedCommand } from "../sessions/protocol/index.ts";
import type { OutputChunk } from "../store/store.ts";

/** A terminal's recording: what it printed, and its sizes from the journal. Undefined if it never was. */
export function replayOf(
  terminal: number,
  output: readonly OutputChunk[],
  journal: readonly JournalEntry[],
): Omit<Replay, "keyframes"> | undefined {
  const sizes = journal.flatMap((entry) => ("cols" in entry && entry.terminal === terminal ? [entry] : []));
  const [first, ...others] = sizes;
  if (first === undefined) return undefined;
  const startedAt = Math.min(milliseconds(first.at), output[0]?.at ?? Infinity);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // A character that is cut between two outputs comes with the second one.
  const printed = output.map(({ at, bytes }): ReplayEvent => {
    return [at - startedAt, decoder.decode(Buffer.from(bytes, "latin1"), { stream: true })];
  });
  const resized = others.map(({ at, cols, rows }): ReplayEvent => [milliseconds(at) - startedAt, cols, rows]);
  const events = [...printed, ...resized].filter(([, what]) => what !== "").sort(([a], [b]) => a - b);
  return { startedAt, cols: first.cols, rows: first.rows, events };
}

/**
 * When the work of a command was recorded: what its terminal had printed then. (The clock of a world says when it was done,
 * the recording when it was sent: on a busy machine that is later.)
 */
export function withShown(command: TypedCommand, output: readonly OutputChunk[]): TypedCommand {
  const { terminal, printed } = command;
  if (printed === null) return command;
  const chunk = output.find(
    (each) => each.terminal === terminal && each.offset < printed && each.offset + each.bytes.length >= printed,
  );
  return { ...command, shown: chunk?.at ?? null };
}

/** A world's clock counts microseconds. */
function milliseconds(at: number): number {
  return Math.round(at / 1000);
}
