import { useSyncExternalStore } from "react";
import type { Kept, KeptText } from "../kept/index.ts";

/** A text that is saved while it is written, as it is now. */
export function useKept(kept: Kept): KeptText {
  return useSyncExternalStore(
    (listener) => kept.subscribe(listener),
    () => kept.text,
  );
}
