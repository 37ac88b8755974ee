import type { JournalEntry, ToWorker } from "../protocol/index.ts";

/** What a session can be sent without waiting for an answer. */
export type Typed = Extract<ToWorker, { kind: "input" | "resize" | "hang-up" }>;

export interface Sent {
  message: Typed;
  /** It was sent before, to a worker that is gone. */
  readonly again: boolean;
  /** The first ping that was sent after it. */
  ping: number | undefined;
}

/**
 * What a session was sent and has not come back in its journal. A worker answers pings in order with the rest, so what
 * was sent before a ping that is answered was taken, or dropped by the session itself (its terminal had ended).
 */
export class Unheard {
  #sent: Sent[] = [];

  add(message: Typed, again: boolean): void {
    this.#sent.push({ message, again, ping: undefined });
  }

  /** These entries came in with the journal. Input may be cut or joined differently there. */
  heard(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === "input") this.#heardBytes(entry.terminal, entry.bytes.length);
      else if (entry.kind !== "open") this.#heardOne(entry.kind === "close" ? "hang-up" : "resize", entry.terminal);
    }
  }

  mark(ping: number): void {
    for (const sent of this.#sent) sent.ping ??= ping;
  }

  settle(ping: number): void {
    if (this.#sent.length > 0) this.#sent = this.#sent.filter((sent) => sent.ping === undefined || sent.ping > ping);
  }

  /** Takes everything, in order. */
  take(): readonly Sent[] {
    const all = this.#sent;
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
    this.#sent = this.#sent.filter(({ message }) => message.kind !== "input" || message.bytes !== "");
  }

  #heardOne(kind: Typed["kind"], terminal: number): void {
    const at = this.#sent.findIndex(({ message }) => message.kind === kind && message.terminal === terminal);
    if (at >= 0) this.#sent.splice(at, 1);
  }
}
