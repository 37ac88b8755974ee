import { useCallback, useEffect, useRef, useState } from "react";
import {
  forgetDraft,
  isKeptAs,
  keepDraft,
  keptText,
  recallDraft,
  sameFiles,
  type Draft,
  type Files,
} from "../drafts/drafts.ts";

/** How long somebody must not have typed before the draft is written into the browser's storage. */
const CALM_MS = 300;

export interface DraftDesk {
  readonly draft: Draft | undefined;
  /** This browser could not keep it: what is typed is only in this page. */
  readonly lost: boolean;
  /** What another window of this browser made of the draft while it was written in here; `files` is missing if it ended it. */
  readonly other: { readonly files: Files | undefined } | undefined;
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
  /** The draft of this window holds (`mine`), or that of the other one. */
  settle(mine: boolean): void;
}

/**
 * The draft of a lab in this browser. Until somebody writes there is none. Another window that shows the same lab has the
 * same draft: what is written there appears here. Where both wrote, neither is overwritten until somebody says so.
 */
export function useDraft(
  name: string,
  stored: { readonly files: Files; readonly hash: string } | undefined,
): DraftDesk {
  const [draft, setDraft] = useState(() => recallDraft(localStorage, name));
  const [lost, setLost] = useState(false);
  const [other, setOther] = useState<DraftDesk["other"]>();
  const now = useRef(draft);
  /** What was in the storage when this window last read or wrote it. */
  const seen = useRef(useState(() => keptText(localStorage, name))[0]);
  const met = useRef(false);
  const timer = useRef<number>(undefined);
  const before = useRef(stored);
  before.current = stored;

  const show = useCallback((next: Draft | undefined) => {
    now.current = next;
    setDraft(next);
  }, []);

  /** Both windows wrote. */
  const meet = useCallback(() => {
    met.current = true;
    setOther({ files: recallDraft(localStorage, name)?.files });
  }, [name]);

  const keep = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = undefined;
    if (!now.current) return;
    if (keptText(localStorage, name) !== seen.current) return meet();
    setLost(!keepDraft(localStorage, name, now.current));
    seen.current = keptText(localStorage, name);
  }, [name, meet]);

  const change = useCallback(
    (next: (files: Files) => Files) => {
      const files = now.current?.files ?? before.current?.files ?? {};
      const base = now.current ? now.current.base : (before.current?.hash ?? null);
      show({ files: { ...next(files) }, base, at: Date.now() });
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(keep, CALM_MS);
    },
    [keep, show],
  );

  /** The other window's draft holds here as well. */
  const follow = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = undefined;
    seen.current = keptText(localStorage, name);
    met.current = false;
    setOther(undefined);
    setLost(false);
    show(recallDraft(localStorage, name));
  }, [name, show]);

  useEffect(() => {
    const leave = (): void => {
      if (timer.current !== undefined) keep();
    };
    const hear = ({ key }: StorageEvent): void => {
      // What is being written here is compared when it is kept.
      if (!isKeptAs(key, name) || timer.current !== undefined || keptText(localStorage, name) === seen.current) return;
      if (met.current) meet();
      else follow();
    };
    window.addEventListener("pagehide", leave);
    window.addEventListener("storage", hear);
    return () => {
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("storage", hear);
      leave();
    };
  }, [keep, follow, meet, name]);

  const drop = useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = undefined;
    show(undefined);
    setLost(false);
    met.current = false;
    setOther(undefined);
    forgetDraft(localStorage, name);
    seen.current = null;
  }, [name, show]);

  const rebase = useCallback(
    (base: string | null) => {
      if (!now.current) return;
      show({ ...now.current, base });
      keep();
    },
    [keep, show],
  );

  return {
    draft,
    lost,
    other,
    rebase,
    drop,
    settle: useCallback(
      (mine) => {
        if (!mine) return follow();
        seen.current = keptText(localStorage, name);
        met.current = false;
        setOther(undefined);
        keep();
      },
      [follow, keep, name],
    ),
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
