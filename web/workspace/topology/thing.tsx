import { createContext, type ReactNode, useContext } from "react";
import type { Key } from "./picture.ts";

export interface Choice {
  readonly chosen: Key | undefined;
  /** What has to do with the chosen one. */
  readonly related: ReadonlySet<Key>;
  /** The one thing that Tab stops at; arrows lead to the others. */
  readonly stop: Key | undefined;
  readonly choose: (key: Key) => void;
}

export const ChoiceContext = createContext<Choice>({
  chosen: undefined,
  related: new Set(),
  stop: undefined,
  choose: () => {},
});

export interface ThingProps {
  readonly id: Key;
  readonly name: string;
  /** Beside the name. */
  readonly more?: ReactNode;
  /** `ok` is said by its glyph only, everything else in words too. */
  readonly state?: "ok" | "wait" | "bad" | undefined;
  /** Said for the glyph. */
  readonly words?: string;
  readonly className?: string;
}

/** So many characters at a name's end are never cut off. */
const TAIL = 5;
const GLYPHS = { ok: "●", wait: "◌", bad: "✗" } as const;

/** Something in the picture: a press shows what it is, and what it has to do with others. */
export function Thing({ id, name, more, state, words, className = "" }: ThingProps) {
  const { chosen, related, stop, choose } = useContext(ChoiceContext);
  const dimmed = chosen !== undefined && chosen !== id && !related.has(id);
  return (
    <button
      type="button"
      className={`thing ${className}`}
      data-thing={id}
      data-state={state}
      data-dimmed={dimmed || undefined}
      data-related={related.has(id) || undefined}
      aria-pressed={chosen === id}
      tabIndex={stop === id ? 0 : -1}
      onClick={() => choose(id)}
    >
      {state === undefined ? null : (
        <span className="thing-glyph" aria-hidden="true">
          {GLYPHS[state]}
        </span>
      )}
      <span className="only-read">{name}</span>
      <span className="thing-name" title={name} aria-hidden="true">
        <span>{name.slice(0, -TAIL)}</span>
        <span>{name.slice(-TAIL)}</span>
      </span>
      {words === undefined ? null : <span className="only-read">{words}</span>}
      {more === undefined ? null : <span className="thing-more">{more}</span>}
    </button>
  );
}
