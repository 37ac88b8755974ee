/** Something that happened in a terminal, in the order in which it did. `at` is in milliseconds since 1970. */
export type CastEvent =
  | { readonly kind: "output"; readonly at: number; /** One character a byte. */ readonly bytes: string }
  | { readonly kind: "resize"; readonly at: number; readonly cols: number; readonly rows: number };

export interface CastHead {
  readonly cols: number;
  readonly rows: number;
  /** When the recording begins, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly title: string;
}

/**
 * A recording as an asciicast v2 file (docs.asciinema.org/manual/asciicast/v2): a header line, then one line for each
 * event with its time in seconds. A character whose bytes come in two outputs is written with the second one; bytes that
 * are not UTF-8 become U+FFFD, as a terminal shows them.
 */
export function asciicast(head: CastHead, events: Iterable<CastEvent>): string {
  const header = {
    version: 2,
    width: head.cols,
    height: head.rows,
    timestamp: Math.floor(head.startedAt / 1000),
    title: head.title,
    env: { TERM: "xterm-256color", SHELL: "/bin/bash" },
  };
  const lines = [JSON.stringify(header)];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let time = 0;
  const add = (code: string, data: string): void => {
    if (data !== "") lines.push(JSON.stringify([time, code, data]));
  };
  for (const event of events) {
    // Clocks of machines step back sometimes; time in a recording never does.
    time = Math.max(time, (event.at - head.startedAt) / 1000);
    if (event.kind === "resize") add("r", `${event.cols}x${event.rows}`);
    else add("o", decoder.decode(Buffer.from(event.bytes, "latin1"), { stream: true }));
  }
  add("o", decoder.decode());
  return `${lines.join("\n")}\n`;
}
