import { parseRfc3339, type Bytes, type Time } from "../../../../kernel/index.ts";

/** An entry of a log file in the CRI's format. */
export interface LogEntry {
  /** As it stands in the file. */
  readonly time: string;
  readonly stream: "stdout" | "stderr";
  readonly partial: boolean;
  readonly text: Bytes;
}

/** What of a log is wanted (v1.PodLogOptions). */
export interface LogQuery {
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly since?: Time;
  readonly limitBytes?: number;
  readonly stream?: "stdout" | "stderr";
}

export function parseEntry(line: Bytes): LogEntry | undefined {
  const match = /^(\S+) (stdout|stderr) (\S+) ?/.exec(line);
  if (!match) return undefined;
  return {
    time: match[1]!,
    stream: match[2] as LogEntry["stream"],
    partial: match[3]!.split(":")[0] === "P",
    text: line.slice(match[0].length),
  };
}

/**
 * Renders the entries of a log as `kubectl logs` gets them (k8s.io/cri-client/pkg/logs). Keeps what it needs between pieces
 * of a log that is followed.
 */
export class LogRenderer {
  readonly #query: LogQuery;
  #left: number;
  /** The piece that was written last was a part of a line: the next one gets no timestamp. */
  #inLine = false;

  constructor(query: LogQuery) {
    this.#query = query;
    this.#left = query.limitBytes ?? Infinity;
  }

  /** Nothing more will be written. */
  get full(): boolean {
    return this.#left <= 0;
  }

  /** The text of complete lines of the file. */
  render(data: Bytes): Bytes {
    let out = "";
    for (const line of data.split("\n")) {
      const entry = line === "" ? undefined : parseEntry(line);
      if (!entry || this.full) continue;
      const { since, stream, timestamps } = this.#query;
      if (since !== undefined && (parseRfc3339(entry.time) ?? 0) < since) continue;
      if (stream !== undefined && entry.stream !== stream) continue;
      const head = timestamps && !this.#inLine ? `${entry.time} ` : "";
      this.#inLine = entry.partial;
      const piece = `${head}${entry.text}${entry.partial ? "" : "\n"}`.slice(0, this.#left);
      this.#left -= piece.length;
      out += piece;
    }
    return out;
  }
}

/** Where the last `count` lines of a file begin (tail.FindTailLineStartIndex). */
export function tailStart(data: Bytes, count: number): number {
  if (count === 0) return data.length;
  let at = data.endsWith("\n") ? data.length - 1 : data.length;
  for (let line = 0; line < count; line++) {
    at = data.lastIndexOf("\n", at - 1);
    if (at < 0) return 0;
  }
  return at + 1;
}
