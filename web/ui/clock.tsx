import { Button } from "react-aria-components";
import { clockText, clockWords } from "./times.ts";
import { Icon } from "./icon.tsx";
import "./clock.css";

export interface ClockProps {
  /** Left, in milliseconds; negative in overtime. */
  readonly ms: number;
  /** Below so many milliseconds left it is marked. */
  readonly lastMs?: number;
  readonly hidden: boolean;
  readonly onToggle: () => void;
}

/** What is left of the time. A click hides the digits for those whom they make nervous. */
export function Clock({ ms, lastMs = 120_000, hidden, onToggle }: ClockProps) {
  const state = ms <= 0 ? "over" : ms <= lastMs ? "last" : "running";
  return (
    <Button className="clock" data-state={state} onPress={onToggle}>
      <Icon name="clock" />
      <span className="only-read">{hidden ? "Show the clock" : `${clockWords(ms)}. Hide the clock`}</span>
      {hidden ? null : (
        <span className="clock-digits" aria-hidden="true">
          {clockText(ms)}
        </span>
      )}
    </Button>
  );
}
