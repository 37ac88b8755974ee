import type { Kept } from "../kept/index.ts";
import { SavedMark } from "./saved-mark.tsx";
import { useKept } from "./use-kept.ts";

/** A notepad for the whole attempt. */
export function Notes({ kept, over }: { readonly kept: Kept; readonly over: boolean }) {
  const text = useKept(kept);
  return (
    <div className="notes">
      <label htmlFor="notes" className="muted">
        Your notes for this attempt. Nobody grades them.
      </label>
      <textarea
        id="notes"
        className="field mono"
        spellCheck={false}
        maxLength={100_000}
        readOnly={over}
        value={text.value}
        onChange={({ target }) => kept.write(target.value)}
        onBlur={() => kept.flush()}
      />
      <SavedMark text={text} />
    </div>
  );
}
