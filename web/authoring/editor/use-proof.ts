import { useCallback, useEffect, useRef, useState } from "react";
import type { ProofEvent } from "../../../server/sessions/protocol/index.ts";
import { proveDraft } from "../authoring-api.ts";
import type { Files } from "../drafts/drafts.ts";

type Of<K extends ProofEvent["kind"]> = Extract<ProofEvent, { kind: K }>;

export interface ProofRun {
  readonly running: boolean;
  readonly cancelled: boolean;
  /** The files that were proved: others may be in the draft meanwhile. */
  readonly files: Files | undefined;
  readonly plan: Of<"plan"> | undefined;
  readonly rows: readonly Of<"row">[];
  readonly end: Of<"judged"> | Of<"ended"> | undefined;
  readonly error: unknown;
}

const NONE: ProofRun = {
  running: false,
  cancelled: false,
  files: undefined,
  plan: undefined,
  rows: [],
  end: undefined,
  error: undefined,
};

/** Proves a draft; what comes of it comes while it is done. */
export function useProof(name: string) {
  const [run, setRun] = useState(NONE);
  const asked = useRef<AbortController>(undefined);
  const start = useCallback(
    (files: Files, seeds: number) => {
      asked.current?.abort();
      const mine = new AbortController();
      asked.current = mine;
      setRun({ ...NONE, running: true, files });
      const hear = (event: ProofEvent): void => {
        if (mine.signal.aborted) return;
        setRun((before) => {
          if (event.kind === "plan") return { ...before, plan: event };
          if (event.kind === "row") return { ...before, rows: [...before.rows, event] };
          return { ...before, end: event };
        });
      };
      proveDraft({ name, files: { ...files }, seeds }, hear, mine.signal)
        .then(() => setRun((before) => (asked.current === mine ? { ...before, running: false } : before)))
        .catch((error: unknown) => {
          if (asked.current !== mine) return;
          const cancelled = mine.signal.aborted;
          setRun((before) => ({ ...before, running: false, cancelled, error: cancelled ? undefined : error }));
        });
    },
    [name],
  );
  useEffect(() => () => asked.current?.abort(), []);
  return { run, start, cancel: useCallback(() => asked.current?.abort(), []) };
}
