import { useEffect, useRef, useState } from "react";
import type { AttemptView } from "../../../server/sessions/protocol/index.ts";
import { announce, Clock, toast } from "../../ui/index.ts";
import { recall, remember } from "../kept/index.ts";
import { endOf, extraTimeText, lastOf, type ServerClock, warning } from "./clock.ts";

const HIDDEN = "drydock.clock-hidden";

export interface AttemptClockProps {
  readonly attempt: AttemptView;
  readonly clock: ServerClock;
  /** An exam's time is up, and the attempt is still open here. */
  readonly onEnd: () => void;
}

function tell(kind: "info" | "warn", title: string): void {
  announce(title);
  toast({ kind, title });
}

/** The attempt's time by the server's clock, and its warnings in words. */
export function AttemptClock({ attempt, clock, onEnd }: AttemptClockProps) {
  const [now, setNow] = useState(() => clock.now());
  const [hidden, setHidden] = useState(() => recall(HIDDEN) === true);
  const before = useRef(now);
  const asked = useRef(0);
  const stood = useRef(false);
  const { pausedAt, extraMinutes = 0 } = attempt;
  const given = useRef(extraMinutes);
  const ms = endOf(attempt) - (pausedAt ?? now);

  useEffect(() => {
    if (attempt.state !== "open") return;
    if (attempt.pausedAt !== undefined) return void (stood.current = true);
    // No time went by while it stood.
    if (stood.current) before.current = clock.now();
    stood.current = false;
    let timer: ReturnType<typeof setTimeout>;
    const tick = (): void => {
      const now = clock.now();
      setNow(now);
      const words = warning(attempt, before.current, now);
      before.current = now;
      if (words) tell("warn", words);
      // The server says so itself; should its word be lost, it is asked, a little later and again.
      if (attempt.kind === "exam" && now >= endOf(attempt) + 2000 && now - asked.current > 3000) {
        asked.current = now;
        onEnd();
      }
      const left = endOf(attempt) - now;
      timer = setTimeout(tick, (((left % 1000) + 1000) % 1000) + 5);
    };
    tick();
    return () => clearTimeout(timer);
  }, [attempt, clock, onEnd]);

  useEffect(() => {
    const minutes = extraMinutes - given.current;
    given.current = extraMinutes;
    if (minutes !== 0) tell(minutes > 0 ? "info" : "warn", extraTimeText(minutes));
  }, [extraMinutes]);

  return (
    <div className="attempt-clock">
      <Clock
        ms={ms}
        lastMs={lastOf(attempt)}
        hidden={hidden}
        onToggle={() => {
          remember(HIDDEN, !hidden);
          setHidden(!hidden);
        }}
      />
      {pausedAt !== undefined ? <span className="clock-over">paused</span> : null}
      {ms <= 0 && !hidden && pausedAt === undefined ? (
        <span className="clock-over">{attempt.kind === "lab" ? "over time" : "time is up"}</span>
      ) : null}
    </div>
  );
}
