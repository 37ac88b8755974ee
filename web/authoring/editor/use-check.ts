import { useEffect, useState } from "react";
import type { DraftCheck } from "../../../server/sessions/protocol/index.ts";
import { ApiError } from "../../api/index.ts";
import { authoringApi } from "../authoring-api.ts";
import type { Files } from "../drafts/drafts.ts";

const CALM_MS = 350;

export interface Checked {
  /** What the server said last; of files as they may have been a moment ago. */
  readonly check: DraftCheck | undefined;
  readonly checking: boolean;
  readonly error: ApiError | undefined;
}

/** What the server says of a draft, a moment after somebody stopped typing. */
export function useCheck(name: string, files: Files): Checked {
  const [checked, setChecked] = useState<Checked>({ check: undefined, checking: true, error: undefined });
  useEffect(() => {
    const asked = new AbortController();
    setChecked((before) => ({ ...before, checking: true }));
    const timer = setTimeout(() => {
      authoringApi.check({ name, files: { ...files } }, asked.signal).then(
        (check) => {
          if (asked.signal.aborted) return;
          // While a file cannot be read, the values are those that it drew before.
          setChecked((before) => {
            const draws = check.draws.length > 0 ? check.draws : (before.check?.draws ?? []);
            return { check: { ...check, draws }, checking: false, error: undefined };
          });
        },
        (error: unknown) => {
          if (asked.signal.aborted || !(error instanceof ApiError)) return;
          setChecked(({ check }) => ({ check, checking: false, error }));
        },
      );
    }, CALM_MS);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [name, files]);
  return checked;
}
