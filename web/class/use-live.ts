import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { AssignmentProgress } from "../../server/sessions/protocol/index.ts";
import { liveUrl, peopleKeys } from "../api/index.ts";

export interface Live {
  readonly progress: AssignmentProgress | undefined;
  /** The server's clock at `performance.now()` of ours when the progress was told. */
  readonly heardAt: number;
  /** It was not, or is no longer, told how it goes; the browser tries again by itself. */
  readonly lost: boolean;
  /** It does not try again: the assignment was taken back, or is not one's own any more. */
  readonly over: boolean;
}

const NOTHING: Live = { progress: undefined, heardAt: 0, lost: false, over: false };

/** How an assignment goes, as the server tells it while this is shown. */
export function useLive(assignment: string): Live {
  const client = useQueryClient();
  const [live, setLive] = useState(NOTHING);
  useEffect(() => {
    const events = new EventSource(liveUrl(assignment));
    events.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const progress = AssignmentProgress.parse(JSON.parse(data));
      setLive({ progress, heardAt: performance.now(), lost: false, over: false });
    });
    events.addEventListener("error", () => {
      // A browser that gives up was answered with an error: perhaps nobody is signed in any more.
      const over = events.readyState === EventSource.CLOSED;
      if (over) void client.invalidateQueries({ queryKey: peopleKeys.me, exact: true });
      setLive((now) => ({ ...now, lost: true, over }));
    });
    return () => events.close();
  }, [assignment, client]);
  return live;
}

/** Draws again every so many milliseconds while the page is seen: ages grow. */
export function useTicking(ms: number): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") tick((count) => count + 1);
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
}
