import { useEffect, useState, type ReactNode } from "react";
import "./loading.css";

export interface LoadingProps {
  /** What is loaded, as in "Loading …". */
  readonly what: string;
  /** More words, where they are known: what it waits for. */
  readonly children?: ReactNode;
}

/** Shown only if something takes longer than 300 ms. */
export function Loading({ what, children }: LoadingProps) {
  const shown = useLate(300);
  return (
    <div className="loading">
      {shown ? (
        <>
          <span className="loading-bar" aria-hidden="true" />
          <div role="status">
            <h1>Loading {what}…</h1>
          </div>
          {children}
        </>
      ) : null}
    </div>
  );
}

/** True from so many milliseconds after the first drawing on. */
export function useLate(ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return late;
}
