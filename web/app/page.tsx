import { useEffect, type ReactNode } from "react";
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

/** The shell of every page but the workspace, which brings its own bar. */
export function Page({ title, bar, children }: PageProps) {
  useTitle(title);
  return (
    <div className="page">
      <SkipLink />
      <header className="page-bar no-print">
        <Link href="/" className="page-home" aria-label="Drydock, catalogue">
          <Mark />
          <span>Drydock</span>
        </Link>
        <div className="page-bar-middle">{bar}</div>
        <ThemeSwitch />
      </header>
      <main id="main" tabIndex={-1}>
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
