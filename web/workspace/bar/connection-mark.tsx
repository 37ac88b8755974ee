import { useSyncExternalStore } from "react";
import type { Desk } from "../desk.ts";

/** How the line to the terminals is. Its changes are said aloud. */
export function ConnectionMark({ desk }: { readonly desk: Desk }) {
  const { connection, roundTrip } = useSyncExternalStore(desk.subscribe, () => desk.terminals.state);
  const lost = connection.is === "lost" || connection.is === "refused";
  return (
    <span className="connection" data-state={connection.is}>
      <span className="connection-dot" aria-hidden="true" />
      <span className="connection-words">
        {connection.is === "open" ? (
          <>
            <span className="only-read">Connected, round trip </span>
            {roundTrip === undefined ? "" : `${Math.max(1, Math.round(roundTrip))} ms`}
          </>
        ) : (
          WORDS[connection.is]
        )}
      </span>
      <span className="only-read" role="status">
        {lost ? "The connection is gone." : ""}
      </span>
    </span>
  );
}

const WORDS = { connecting: "connecting…", lost: "offline", refused: "closed", closed: "closed" } as const;
