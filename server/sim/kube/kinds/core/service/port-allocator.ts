import type { KindContext, Service } from "../../../api/index.ts";
import { heldPorts } from "./facts.ts";

/** Gives out ports of the nodes, as pkg/registry/core/service/portallocator. Who holds which is read from the Services. */
export class PortAllocator {
  readonly #context: KindContext;
  /** Handed out in this request, and not stored yet. */
  readonly #taken = new Set<number>();

  constructor(context: KindContext) {
    this.#context = context;
  }

  /** Reserves a port that was asked for; the message if that cannot be. */
  allocate(port: number): string | undefined {
    const { from, to } = this.#context.settings.nodePorts;
    if (port < from || port > to)
      return `provided port is not in the valid range. The range of valid ports is ${from}-${to}`;
    if (this.#isTaken(port)) return "provided port is already allocated";
    this.#taken.add(port);
    return undefined;
  }

  /** A free port: from the upper part of the range, and from the lower one when that is full. */
  allocateNext(): number | undefined {
    const { from, to } = this.#context.settings.nodePorts;
    const offset = reserved(to - from + 1);
    return this.#search(from + offset, to) ?? (offset > 0 ? this.#search(from, from + offset - 1) : undefined);
  }

  #search(from: number, to: number): number | undefined {
    const size = to - from + 1;
    const start = size > 0 ? this.#context.random.below("kube/node-port", size) : 0;
    for (let step = 0; step < size; step++) {
      const port = from + ((start + step) % size);
      if (this.#isTaken(port)) continue;
      this.#taken.add(port);
      return port;
    }
    return undefined;
  }

  #isTaken(port: number): boolean {
    const { store, kind } = this.#context;
    const holders = store.indexed(kind, "nodePort", (service) => heldPorts(service as Service), String(port));
    return this.#taken.has(port) || holders.length > 0;
  }
}

/** The ports that are left to those who choose: a part in 32, at least 16 and at most 128. */
function reserved(size: number): number {
  return size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 32)), 128);
}
