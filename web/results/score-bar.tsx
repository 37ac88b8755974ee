import { percentText } from "../ui/index.ts";
import "./score-bar.css";

export interface ScoreBarProps {
  /** Of 0 to 100. */
  readonly percent: number;
  /** The pass line; null: there is none. */
  readonly pass: number | null;
}

/** The score as one bar, with the pass line across it. The numbers stand beside it in words. */
export function ScoreBar({ percent, pass }: ScoreBarProps) {
  const reached = percent >= (pass ?? 100);
  return (
    <div
      className="score-bar"
      data-reached={reached || undefined}
      data-line={pass !== null || undefined}
      aria-hidden="true"
    >
      <div className="score-bar-track">
        <div className="score-bar-fill" style={{ width: `${Math.max(0, Math.min(100, percent))}%` }} />
      </div>
      {pass === null ? null : (
        <div className="score-bar-line" style={{ left: `${pass}%` }}>
          <span>{percentText(pass)} to pass</span>
        </div>
      )}
    </div>
  );
}
