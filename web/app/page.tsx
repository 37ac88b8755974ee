import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "wouter";
import { Mark } from "../ui/index.ts";
import { ThemeSwitch } from "../theme/theme-switch.tsx";
import "./page.css";

export interface PageProps {
  /** For the window's title; the page has its own heading. */
  readonly title: string;
  /** Beside the mark in the bar. */
  readonly bar?: ReactNode;
  readonly children: ReactNode;
}

/** Of the page that was shown last. For the first one the browser has put the focus itself. */
let path = window.location.pathname;

/** The shell of every page but the workspace, which brings its own bar. */
export function Page({ title, bar, children }: PageProps) {
  useTitle(title);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    // Who came from another page by a link or a button stands at the start of this one.
    if (window.location.pathname === path) return;
    path = window.location.pathname;
    main.current?.focus();
  }, []);
  return (
    <div className="page">
      <SkipLink />
      <header className="page-bar no-print">
        <Link href="/" className="page-home" aria-label="Drydock, catalogue">
          <Mark />
          <span>Drydock</span>
        </Link>
        <div className="page-bar-middle">{bar}</div>
        <Link href="/review" className="page-link">
          Review
        </Link>
        <ThemeSwitch />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

export function SkipLink({ to = "main", children = "Skip to the content" }: { to?: string; children?: ReactNode }) {
  return (
    <a className="skip-link" href={`#${to}`}>
      {children}
    </a>
  );
}

/** The window's title: `title` and whose page it is. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Drydock`;
  }, [title]);
}
