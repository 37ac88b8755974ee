import type { Clock } from "../sessions/pool/index.ts";
import type { OutputChunk } from "../store/store.ts";

/** A session's recording is no longer than that. */
const MAX_RECORDED = 16 * 1024 * 1024;
/** So much output waits to be written at most; beyond it the oldest is dropped. */
const MAX_WAITING = 64 * 1024 * 1024;
/** Outputs of a terminal within so many milliseconds become one chunk, up to a size. */
const TOGETHER = 20;
const MAX_CHUNK = 65_536;

const FULL = "\r\n[drydock: the recording is full; what follows is not in it]\r\n";
const GAP = "\r\n[drydock: output is missing here, it could not be stored]\r\n";

interface Recorded {
  /** How much of each terminal has been delivered. */
  readonly delivered: Map<number, number>;
  /** Chunks that later output can still be added to. */
  readonly open: Map<number, { -readonly [Key in keyof OutputChunk]: OutputChunk[Key] }>;
  /** Bytes in the recording. */
  bytes: number;
  full: boolean;
  /** Terminals whose gap is noted. */
  readonly gaps: Set<number>;
}

/** Output of terminals on its way to the store, within bounds. */
export class Outputs {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Recorded>();
  #chunks: OutputChunk[] = [];
  #bytes = 0;
  /** Notes in the place of dropped output; they stay. */
  readonly #notes = new WeakSet<OutputChunk>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): boolean {
    return this.#chunks.length > 0;
  }

  /** Takes output from byte `offset` on. What was there before (a session was built again) is left out. */
  add(session: string, terminal: number, offset: number, bytes: string): void {
    const recorded = this.#of(session);
    const known = recorded.delivered.get(terminal) ?? 0;
    const fresh = offset < known ? bytes.slice(known - offset) : bytes;
    if (fresh === "") return;
    const at = Math.max(offset, known);
    recorded.delivered.set(terminal, at + fresh.length);
    if (recorded.full) return;
    if (recorded.bytes + fresh.length <= MAX_RECORDED) return this.#append(recorded, session, terminal, at, fresh);
    recorded.full = true;
    // The note is no longer than what it stands for: offsets that are read from the store stay below the true ones.
    this.#append(recorded, session, terminal, at, FULL.slice(0, fresh.length));
  }

  /** How much is delivered, with what the store says of a session that is not known here yet. */
  delivered(session: string, stored: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    const fresh = !this.#sessions.has(session);
    const recorded = this.#of(session);
    for (const [terminal, bytes] of Object.entries(stored)) {
      const number = Number(terminal);
      recorded.delivered.set(number, Math.max(bytes, recorded.delivered.get(number) ?? 0));
      if (fresh) recorded.bytes += bytes;
    }
    recorded.full ||= recorded.bytes >= MAX_RECORDED;
    return Object.fromEntries(recorded.delivered);
  }

  forget(session: string): void {
    this.#sessions.delete(session);
  }

  /** Everything that waits. It comes back by `putBack`, or is `written`. */
  take(): readonly OutputChunk[] {
    for (const recorded of this.#sessions.values()) recorded.open.clear();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    return chunks;
  }

  putBack(chunks: readonly OutputChunk[]): void {
    this.#chunks = [...chunks, ...this.#chunks];
    for (const chunk of chunks) this.#bytes += chunk.bytes.length;
    this.#bound();
  }

  written(): void {
    for (const recorded of this.#sessions.values()) recorded.gaps.clear();
  }

  #append(recorded: Recorded, session: string, terminal: number, offset: number, bytes: string): void {
    const at = this.#clock.now();
    const last = recorded.open.get(terminal);
    recorded.bytes += bytes.length;
    this.#bytes += bytes.length;
    if (
      last !== undefined &&
      last.offset + last.bytes.length === offset &&
      at - last.at < TOGETHER &&
      last.bytes.length + bytes.length <= MAX_CHUNK
    ) {
      last.bytes += bytes;
    } else {
      const chunk = { session, terminal, offset, at, bytes };
      recorded.open.set(terminal, chunk);
      this.#chunks.push(chunk);
    }
    this.#bound();
  }

  /** Drops the oldest output if there is too much, an eighth of it so that this happens seldom, with a note in its place. */
  #bound(): void {
    if (this.#bytes <= MAX_WAITING) return;
    const kept: OutputChunk[] = [];
    for (const chunk of this.#chunks) {
      if (this.#bytes <= (MAX_WAITING / 8) * 7 || this.#notes.has(chunk)) {
        kept.push(chunk);
        continue;
      }
      const recorded = this.#of(chunk.session);
      recorded.open.delete(chunk.terminal);
      this.#bytes -= chunk.bytes.length;
      if (recorded.gaps.has(chunk.terminal)) continue;
      recorded.gaps.add(chunk.terminal);
      const note = { ...chunk, bytes: GAP.slice(0, chunk.bytes.length) };
      this.#notes.add(note);
      this.#bytes += note.bytes.length;
      kept.push(note);
    }
    this.#chunks = kept;
  }

  #of(session: string): Recorded {
    let recorded = this.#sessions.get(session);
    if (recorded === undefined) {
      recorded = { delivered: new Map(), open: new Map(), bytes: 0, full: false, gaps: new Set() };
      this.#sessions.set(session, recorded);
    }
    return recorded;
  }
}
