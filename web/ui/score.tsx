import "./score.css";

/** Points of so many: `4 / 6`. */
export function Score({ points, of }: { readonly points: number; readonly of: number }) {
  return (
    <span className="score">
      {pointsText(points)}
      <span className="score-of">
        <span aria-hidden="true"> / </span>
        <span className="only-read"> of </span>
        {pointsText(of)}
      </span>
    </span>
  );
}

/** Points as people write them: at most two decimals, a true minus. */
export function pointsText(points: number): string {
  const rounded = Math.round(Math.abs(points) * 100) / 100;
  return points < 0 && rounded > 0 ? `\u2212${rounded}` : String(rounded);
}

/** Percent without decimals. Never 100 (or the pass line reached) by rounding up: it rounds down. */
export function percentText(percent: number): string {
  return `${Math.floor(percent + 1e-9)} %`;
}
