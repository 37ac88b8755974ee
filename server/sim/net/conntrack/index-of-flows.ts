import type { Namespace } from "../namespace.ts";
import { isFlowChange, tellOfFlow, type FlowAuthor } from "./events.ts";
import { tupleKey, type ConntrackRow } from "./row.ts";

/** Flows by both of their directions. Kept in step with the rows; made anew if somebody else wrote them. */
export class ConntrackIndex {
  readonly #ns: Namespace;
  readonly #byTuple = new Map<string, number>();
  #version: number;

  constructor(ns: Namespace) {
    this.#ns = ns;
    this.#version = ns.conntrack.version;
    for (const row of ns.conntrack.values()) this.#enter(row);
  }

  get current(): boolean {
    return this.#version === this.#ns.conntrack.version;
  }

  /** The flow that has this key in one of its directions and has not expired. */
  find(key: string): ConntrackRow | undefined {
    const id = this.#byTuple.get(key);
    if (id === undefined) return undefined;
    const row = this.#ns.conntrack.get(id)!;
    if (row.expires > this.#ns.kernel.now) return row;
    this.delete(row);
    return undefined;
  }

  /** Ids are drawn, as the kernel makes them from a hash, so that no count has to be kept. */
  nextId(): number {
    for (;;) {
      const id = this.#ns.kernel.random.uint32(`conntrack/${this.#ns.id}`);
      if (!this.#ns.conntrack.has(id)) return id;
    }
  }

  put(row: ConntrackRow, author?: FlowAuthor): void {
    this.#enter(row);
    this.#ns.conntrack.set(row.id, row);
    this.#version = this.#ns.conntrack.version;
    if (this.#ns.network.flowWatchers) tellOfFlow(this.#ns, "NEW", row, author);
  }

  /** Replaces a row whose tuples stay the same. */
  update(row: ConntrackRow, author?: FlowAuthor): void {
    const before = this.#ns.network.flowWatchers && this.#ns.conntrack.get(row.id);
    if (before && isFlowChange(before, row)) tellOfFlow(this.#ns, "UPDATE", row, author);
    this.#ns.conntrack.set(row.id, row);
    this.#version = this.#ns.conntrack.version;
  }

  delete(row: ConntrackRow, author?: FlowAuthor): void {
    if (this.#ns.network.flowWatchers) tellOfFlow(this.#ns, "DESTROY", row, author);
    this.#byTuple.delete(tupleKey(row.protocol, row.original));
    this.#byTuple.delete(tupleKey(row.protocol, row.reply));
    this.#ns.conntrack.delete(row.id);
    this.#version = this.#ns.conntrack.version;
  }

  #enter(row: ConntrackRow): void {
    this.#byTuple.set(tupleKey(row.protocol, row.original), row.id);
    this.#byTuple.set(tupleKey(row.protocol, row.reply), row.id);
  }
}

export function conntrackIndex(ns: Namespace): ConntrackIndex {
  if (!ns.conntrackIndex?.current) ns.conntrackIndex = new ConntrackIndex(ns);
  return ns.conntrackIndex;
}
