import { useEffect, useState } from "react";
import { AssignmentProgress } from "../../server/sessions/protocol/index.ts";
import { liveUrl } from "../api/index.ts";

export interface Live {
  readonly progress: AssignmentProgress | undefined;
  /** The server's clock at `performance.now()` of ours when the progress was told. */
  readonly heardAt: number;
  /** It was not, or is no longer, told how it goes; the browser tries again by itself. */
  readonly lost: boolean;
}

const NOTHING: Live = { progress: undefined, heardAt: 0, lost: false };

/** How an assignment goes, as the server tells it while this is shown. */
export function useLive(assignment: string): Live {
  const [live, setLive] = useState(NOTHING);
  useEffect(() => {
    const events = new EventSource(liveUrl(assignment));
    events.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const progress = AssignmentProgress.parse(JSON.parse(data));
      setLive({ progress, heardAt: performance.now(), lost: false });
    });
    events.addEventListener("error", () => setLive((now) => ({ ...now, lost: true })));
    return () => events.close();
  }, [assignment]);
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
