import { useCallback, useEffect, useRef, useState } from "react";
import { forgetDraft, keepDraft, recallDraft, sameFiles, type Draft, type Files } from "../drafts/drafts.ts";

/** How long somebody must not have typed before the draft is written into the browser's storage. */
const CALM_MS = 300;

export interface DraftDesk {
  readonly draft: Draft | undefined;
  /** This browser could not keep it: what is typed is only in this page. */
  readonly lost: boolean;
  /** Another text for a file. */
  write(file: string, text: string): void;
  /** Other files altogether. */
  put(files: Files): void;
  /** What is on the server now is what the draft begins with: the files that were saved, or those that others wrote. */
  rebase(base: string | null): void;
  /** These files are on the server: the draft ends, unless somebody wrote on meanwhile. */
  saved(files: Files, hash: string): void;
  /** Nothing is left of it: what is stored holds. */
  drop(): void;
}

/** The draft of a lab in this browser. Until somebody writes there is none. */
export function useDraft(
  name: string,
  stored: { readonly files: Files; readonly hash: string } | undefined,
): DraftDesk {
  const [draft, setDraft] = useState(() => recallDraft(localStorage, name));
  const [lost, setLost] = useState(false);
  const now = useRef(draft);
  const timer = useRef<number>(undefined);
  const before = useRef(stored);
  before.current = stored;

  const keep = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = undefined;
    if (now.current) setLost(!keepDraft(localStorage, name, now.current));
  }, [name]);

  const change = useCallback(
    (next: (files: Files) => Files) => {
      const files = now.current?.files ?? before.current?.files ?? {};
      const base = now.current ? now.current.base : (before.current?.hash ?? null);
      now.current = { files: { ...next(files) }, base, at: Date.now() };
      setDraft(now.current);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(keep, CALM_MS);
    },
    [keep],
  );

  useEffect(() => {
    const leave = (): void => {
      if (timer.current !== undefined) keep();
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [keep]);

  const drop = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = undefined;
    now.current = undefined;
    setDraft(undefined);
    setLost(false);
    forgetDraft(localStorage, name);
  }, [name]);

  const rebase = useCallback(
    (base: string | null) => {
      if (!now.current) return;
      now.current = { ...now.current, base };
      setDraft(now.current);
      keep();
    },
    [keep],
  );

  return {
    draft,
    lost,
    rebase,
    drop,
    saved: useCallback(
      (files, hash) => {
        if (now.current && sameFiles(now.current.files, files)) drop();
        else rebase(hash);
      },
      [drop, rebase],
    ),
    write: useCallback((file, text) => change((files) => ({ ...files, [file]: text })), [change]),
    put: useCallback((files) => change(() => files), [change]),
  };
}
