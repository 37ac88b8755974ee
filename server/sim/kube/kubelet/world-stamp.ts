import { Part, type Hosts } from "../../host/index.ts";
import type { State } from "../../kernel/index.ts";

const AREAS = ["net", "processes", "files", "hosts"] as const;

/**
 * Tells whether the world has changed in a way that an answer over the network could depend on. What probes themselves and
 * the logs of containers leave behind does not count; else each probe would give the others a reason to ask again.
 */
export class WorldStamp {
  readonly #state: State;
  #quiet = false;
  readonly #own = { net: 0, processes: 0, files: 0, hosts: 0 };

  constructor(state: State) {
    this.#state = state;
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
      for (const [at, area] of AREAS.entries()) this.#own[area] += this.#state.generation(area) - before[at]!;
    }
  }

  /** So many writes to files do not count. */
  ownFiles(count: number): void {
    if (!this.#quiet) this.#own.files += count;
  }

  get now(): string {
    return AREAS.map((area) => this.#state.generation(area) - this.#own[area]).join(" ");
  }
}

const STAMP = new Part<WorldStamp>("stamp of the world");

export function provideWorldStamp(hosts: Hosts): WorldStamp {
  const stamp = new WorldStamp(hosts.kernel.state);
  hosts.provide(STAMP, stamp);
  return stamp;
}

export function worldStamp(hosts: Hosts): WorldStamp {
  return hosts.part(STAMP);
}
