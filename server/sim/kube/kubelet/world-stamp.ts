import { Part, type Hosts } from "../../host/index.ts";
import type { State, Table } from "../../kernel/index.ts";
import { EVENTS } from "./cri/runtime.ts";

const AREAS = ["net", "processes", "files", "hosts"] as const;

/**
 * Tells whether the world has changed in a way that an answer over the network could depend on. What probes themselves and
 * the logs of containers leave behind does not count; else each probe would give the others a reason to ask again.
 */
export class WorldStamp {
  readonly #state: State;
  #quiet = false;
  /** How many changes of an area do not count. */
  readonly #own: Table<string, number>;

  constructor(state: State) {
    this.#state = state;
    this.#own = state.table("kubelet-own-changes", { quiet: true });
  }

  /** Does something whose traces do not count. */
  quietly<T>(act: () => T): T {
    if (this.#quiet) return act();
    const before = AREAS.map((area) => this.#state.generation(area));
    this.#quiet = true;
    try {
      return act();
    } finally {
      this.#quiet = false;
      for (const [at, area] of AREAS.entries()) this.#add(area, this.#state.generation(area) - before[at]!);
    }
  }

  /** So many writes to files do not count. */
  ownFiles(count: number): void {
    if (!this.#quiet) this.#add("files", count);
  }

  #add(area: string, count: number): void {
    if (count > 0) this.#own.set(area, (this.#own.get(area) ?? 0) + count);
  }

  get now(): string {
    return AREAS.map((area) => this.#state.generation(area) - (this.#own.get(area) ?? 0)).join(" ");
  }
}

const STAMP = new Part<WorldStamp>("stamp of the world");

export function provideWorldStamp(hosts: Hosts): WorldStamp {
  const stamp = new WorldStamp(hosts.kernel.state);
  hosts.provide(STAMP, stamp);
  // Probes that are commands, and hooks: what they do counts, that they come and go does not.
  hosts.writesOf = (row, write) => (row.onExit?.kind === EVENTS.execEnded ? stamp.quietly(write) : write());
  return stamp;
}

export function worldStamp(hosts: Hosts): WorldStamp {
  return hosts.part(STAMP);
}
