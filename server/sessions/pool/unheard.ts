import type { JournalEntry, ToWorker } from "../protocol/index.ts";

/** What a session can be sent without waiting for an answer. */
export type Typed = Extract<ToWorker, { kind: "input" | "resize" | "hang-up" }>;

/** What has not come back after so long, in milliseconds, was taken without an effect: nobody wants it any more. */
const FORGOTTEN = 60_000;
/** Keys with which a session forgets what waits to be typed before them. */
const SIGNAL_KEYS: ReadonlySet<string> = new Set(["\x03", "\x1a", "\x1c"]);

export interface Sent {
  message: Typed;
  /** It was sent before, to a worker that is gone. */
  readonly again: boolean;
  readonly at: number;
}

/** What a session was sent and has not come back in its journal. A long input waits until its terminal has room for it. */
export class Unheard {
  #sent: Sent[] = [];

  add(message: Typed, again: boolean, at: number): void {
    const { kind, terminal } = message;
    if (kind === "resize" || (kind === "input" && SIGNAL_KEYS.has(message.bytes))) {
      this.#drop((other) => other.terminal === terminal && other.kind === kind);
    }
    this.#sent.push({ message, again, at });
  }

  /** These entries came in with the journal. Input may be cut or joined differently there. */
  heard(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === "input") this.#heardBytes(entry.terminal, entry.bytes.length);
      else if (entry.kind === "resize")
        this.#drop(({ kind, terminal }) => kind === "resize" && terminal === entry.terminal);
      else if (entry.kind === "close") this.ended(entry.terminal);
    }
  }

  /** The terminal takes nothing any more. */
  ended(terminal: number): void {
    this.#drop((message) => message.terminal === terminal);
  }

  /** The session refused what was too much. */
  refused(): void {
    this.#drop(({ kind }) => kind === "input");
  }

  /** Takes what may still be wanted, in order. */
  take(now: number): readonly Sent[] {
    const all = this.#sent.filter((sent) => now - sent.at < FORGOTTEN);
    this.#sent = [];
    return all;
  }

  #heardBytes(terminal: number, count: number): void {
    let left = count;
    for (const sent of this.#sent) {
      if (left <= 0) break;
      const { message } = sent;
      if (message.kind !== "input" || message.terminal !== terminal) continue;
      sent.message = { ...message, bytes: message.bytes.slice(left) };
      left -= message.bytes.length;
    }
    this.#drop((message) => message.kind === "input" && message.bytes === "");
  }

  #drop(which: (message: Typed) => boolean): void {
    if (this.#sent.length > 0) this.#sent = this.#sent.filter(({ message }) => !which(message));
  }
}
