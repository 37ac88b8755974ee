/** The page's theme: the system's, or one of the two that somebody chose. Kept in this browser (public/first-paint.js). */
import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "drydock.theme";
const listeners = new Set<() => void>();
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
systemDark.addEventListener("change", tell);
window.addEventListener("storage", (event) => {
  if (event.key === KEY) apply(event.newValue === "light" || event.newValue === "dark" ? event.newValue : "system");
});

export function chooseTheme(theme: ThemeChoice): void {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the choice lasts until the page is left.
  }
  apply(theme);
}

/** What was chosen. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(listen, choice);
}

/** What is shown. */
export function useTheme(): "light" | "dark" {
  return useSyncExternalStore(listen, shown);
}

function choice(): ThemeChoice {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

function shown(): "light" | "dark" {
  const theme = choice();
  if (theme !== "system") return theme;
  return systemDark.matches ? "dark" : "light";
}

function apply(theme: ThemeChoice): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  tell();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
