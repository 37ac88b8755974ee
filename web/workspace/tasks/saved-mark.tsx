import type { KeptText } from "../kept/index.ts";

/** What became of what somebody wrote. Only failures are said aloud. */
export function SavedMark({ text }: { readonly text: KeptText }) {
  const failed = text.state === "retrying" || text.state === "refused";
  return (
    <span className="saved-mark" data-failed={failed || undefined} role={failed ? "alert" : undefined}>
      {wordsOf(text)}
    </span>
  );
}

function wordsOf({ value, state, problem }: KeptText): string {
  switch (state) {
    case "saved":
      return value === "" ? "" : "saved";
    case "unsaved":
    case "saving":
      return "saving…";
    case "retrying":
      return `not saved: ${problem} Trying again; this browser keeps it.`;
    case "refused":
      return `not saved: ${problem}`;
  }
}
