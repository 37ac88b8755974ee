import { useSyncExternalStore } from "react";

let said = { text: "", count: 0 };
const listeners = new Set<() => void>();

/** Says something to screen readers, politely. The same words twice are said twice. */
export function announce(text: string): void {
  said = { text, count: said.count + 1 };
  for (const listener of listeners) listener();
}

/** The live region that `announce` speaks through: once in the page. */
export function Announcer() {
  const { text, count } = useSyncExternalStore(listen, () => said);
  return (
    <div className="only-read" role="status">
      <span key={count}>{text}</span>
    </div>
  );
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
