import type { ToBrowser } from "../sessions/protocol/index.ts";
import type { Listener } from "./attempts.ts";
import type { StorageTrouble } from "./session-log.ts";

type Changed = Extract<ToBrowser, { type: "changed" }>["what"];

/** Who wants to hear of which attempt. */
export class Listeners {
  readonly #of = new Map<string, Set<Listener>>();
  readonly #anywhere = new Set<(id: string) => void>();

  /** Hears of every attempt in which something happens. */
  anywhere(listener: (id: string) => void): () => void {
    this.#anywhere.add(listener);
    return () => void this.#anywhere.delete(listener);
  }

  /** Somebody typed. */
  typed(id: string): void {
    for (const listener of this.#anywhere) listener(id);
  }

  /** A listener that comes while storage is in trouble hears of it. */
  add(id: string, listener: Listener, trouble: StorageTrouble | undefined): () => void {
    const listeners = this.#of.get(id) ?? new Set();
    this.#of.set(id, listeners.add(listener));
    if (trouble !== undefined) listener({ type: "storage", ok: false, message: trouble.message });
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#of.get(id) === listeners) this.#of.delete(id);
    };
  }

  changed(id: string, what: Changed): void {
    for (const listener of this.#of.get(id) ?? []) listener({ type: "changed", what });
    for (const listener of this.#anywhere) listener(id);
  }

  storage(trouble: StorageTrouble | undefined): void {
    const message = trouble?.message ?? "Everything is stored again.";
    for (const listeners of this.#of.values()) {
      for (const listener of listeners) listener({ type: "storage", ok: trouble === undefined, message });
    }
  }
}
