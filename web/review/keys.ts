import { useEffect } from "react";

export type ReviewKey = "toggle" | "back" | "forward" | "previous" | "next" | "comment";

const KEYS: Readonly<Record<string, ReviewKey>> = {
  " ": "toggle",
  ArrowLeft: "back",
  ArrowRight: "forward",
  "[": "previous",
  "]": "next",
  c: "comment",
};

/** Places in which the keys mean something else: what is typed, and controls that space or arrows are for. */
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], .sandbox, .dialog-overlay";
const PRESSED = "button, a, [role=tab], summary, input";

/** What a key is for; undefined if it is somebody else's. */
export function keyOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "target">,
): ReviewKey | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const key = KEYS[event.key];
  const target = event.target as { closest?: (selectors: string) => unknown } | null;
  if (key === undefined || target?.closest?.(TYPING)) return undefined;
  if (key === "toggle" && target?.closest?.(PRESSED)) return undefined;
  if ((key === "back" || key === "forward") && target?.closest?.("[role=tablist]")) return undefined;
  return key;
}

/** Obeys the keys of a review wherever the focus is. */
export function useReviewKeys(obey: (key: ReviewKey) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const key = document.querySelector(".dialog-overlay") ? undefined : keyOf(event);
      if (key === undefined) return;
      event.preventDefault();
      obey(key);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [obey]);
}
