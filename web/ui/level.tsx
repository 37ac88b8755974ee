import type { Level as LevelName } from "../../server/sessions/protocol/index.ts";
import "./level.css";

const DOTS = { easy: 1, medium: 2, hard: 3 } as const;

/** How hard a lab is: one to three dots, and the word for screen readers and on pointing. */
export function Level({ level }: { readonly level: LevelName }) {
  return (
    <span className="level" title={level}>
      {[1, 2, 3].map((dot) => (
        <span key={dot} className="level-dot" data-on={dot <= DOTS[level] || undefined} aria-hidden="true" />
      ))}
      <span className="only-read">{level}</span>
    </span>
  );
}
