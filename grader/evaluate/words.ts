const SHOWN = 100;

/** A text in quotes on one line, cut if it is long. */
export function quoted(text: string): string {
  return shorten(JSON.stringify(text.trim()));
}

const EVIDENCE = 16_384;

/** A longer text for a report's evidence, which is kept: not more of it than somebody reads. */
export function excerpt(text: string): string {
  return text.length > EVIDENCE ? `${text.slice(0, EVIDENCE)}…` : text;
}

export function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
