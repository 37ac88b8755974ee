const SHOWN = 100;

/** A text in quotes on one line, cut if it is long. */
export function quoted(text: string): string {
  return shorten(JSON.stringify(text.trim()));
}

export function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
