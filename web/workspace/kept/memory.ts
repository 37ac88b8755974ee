/** What this browser remembers of an attempt: where somebody was, and what is not saved yet. */
export function memoryKey(attempt: string, ...path: (string | number)[]): string {
  return ["drydock", attempt, ...path].join("/");
}

/** The browser's storage, or undefined where it is closed to pages. */
export function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

/** What was remembered, as JSON; null if there is nothing to be read. */
export function recall(key: string): unknown {
  try {
    return JSON.parse(browserStorage()?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    browserStorage()?.setItem(key, JSON.stringify(value));
  } catch {
    // A full storage forgets where somebody was; nothing else is lost.
  }
}
