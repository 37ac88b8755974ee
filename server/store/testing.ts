/** Rows for tests. */
import type { AttemptReport, JournalEntry, LabText } from "../sessions/protocol/index.ts";
import type { AttemptRow, OutputChunk, PartRow, Store } from "./store.ts";

export function attemptRow(id: string, row: Partial<AttemptRow> = {}): AttemptRow {
  return {
    id,
    owner: "local",
    assignment: null,
    kind: "lab",
    of: "lost-endpoints",
    title: "Lost endpoints",
    minutes: 7.5,
    pass: null,
    state: "open",
    startedAt: 1_795_255_200_000,
    endsAt: null,
    submittedAt: null,
    away: 0,
    percent: null,
    notes: "",
    ...row,
  };
}

export function partRow(attempt: string, part = 0, row: Partial<PartRow> = {}): PartRow {
  return {
    attempt,
    part,
    lab: "lost-endpoints",
    seed: 2_147_483_647,
    weight: 1,
    text: LAB_TEXT,
    touched: false,
    ...row,
  };
}

const LAB_TEXT: LabText = {
  id: "lost-endpoints",
  title: "Lost endpoints",
  level: "easy",
  minutes: 7.5,
  seed: 2_147_483_647,
  host: "controlplane",
  user: "root",
  tasks: [
    {
      id: "repair",
      points: 4,
      prompt: "The Service `cart` answers nobody → find out why.",
      questions: [{ id: "port", ask: "Which port?", kind: "number", points: 1 }],
      hints: [{ text: "Look at its endpoints.", costs: 0.5 }],
    },
  ],
  explain: "The selector was wrong.",
};

/** An attempt with one part whose snapshot is four bytes, stored. */
export async function startAttempt(store: Store, id: string, row: Partial<AttemptRow> = {}): Promise<AttemptRow> {
  const attempt = attemptRow(id, row);
  await store.createAttempt(attempt, [{ ...partRow(id), snapshot: Uint8Array.of(0, 1, 128, 255) }]);
  return attempt;
}

export function report(attempt: string, final: boolean, percent: number): AttemptReport {
  return {
    attempt,
    kind: "lab",
    of: "lost-endpoints",
    title: "Lost endpoints",
    final,
    reason: final ? "submitted" : "check",
    at: 1_795_255_500_000,
    startedAt: 1_795_255_200_000,
    took: 300_000,
    percent,
    pass: null,
    parts: [],
  };
}

export function typed(bytes: string, at = 1_795_255_200_000_000): JournalEntry {
  return { kind: "input", at, step: 17, terminal: 1, bytes };
}

export function printed(session: string, offset: number, bytes: string, terminal = 1): OutputChunk {
  return { session, terminal, offset, at: 1_795_255_200_000 + offset, bytes };
}
