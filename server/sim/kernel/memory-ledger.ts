interface Held {
  bytes: number;
  /** Counts again what is really held: charges only grow. */
  readonly recount: (() => number) | undefined;
}

/**
 * What the programs of a session hold in memory together: texts, lists, buffers that may be large. Each is bounded by itself;
 * this bounds their sum, so that a session of many greedy programs does not take the memory of the thread that it shares with
 * others. Runtime only: programs do not survive a snapshot.
 */
export class MemoryLedger {
  readonly #limit: number;
  readonly #held = new Map<object, Held>();
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get total(): number {
    return this.#total;
  }

  /** The owner holds so many bytes now. False, and nothing changed, if there is no room for them. */
  hold(owner: object, bytes: number): boolean {
    const before = this.#held.get(owner)?.bytes ?? 0;
    if (bytes > before && !this.#hasRoom(bytes - before)) return false;
    this.#set(owner, { bytes, recount: undefined });
    return true;
  }

  /** The owner holds so many bytes more, as far as it knows; `recount` tells what it really holds. False if there is no room. */
  charge(owner: object, bytes: number, recount: () => number): boolean {
    const held = this.#held.get(owner);
    if (held?.recount) {
      held.bytes += bytes;
      this.#total += bytes;
    } else this.#set(owner, { bytes: recount() + bytes, recount });
    return this.#total <= this.#limit || this.#hasRoom(0);
  }

  release(owner: object): void {
    const held = this.#held.get(owner);
    if (!held) return;
    this.#held.delete(owner);
    this.#total -= held.bytes;
  }

  #hasRoom(bytes: number): boolean {
    if (this.#total + bytes <= this.#limit) return true;
    for (const held of this.#held.values()) {
      if (!held.recount) continue;
      const now = held.recount();
      this.#total += now - held.bytes;
      held.bytes = now;
    }
    return this.#total + bytes <= this.#limit;
  }

  #set(owner: object, held: Held): void {
    this.release(owner);
    this.#held.set(owner, held);
    this.#total += held.bytes;
  }
}
