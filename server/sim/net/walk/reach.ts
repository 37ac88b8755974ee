import { fdbKey, findFdb } from "../fdb.ts";
import { bridgePorts, lowerOf, peerOf } from "../link/links.ts";
import type { BridgeLink, LinkRow, UpperLink } from "../link/row.ts";
import type { Mac } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import { siblingFor, upperFor } from "./stacked.ts";

/** True if a frame to this MAC address that comes in by a link finds a taker behind it. Changes nothing. */
export function leadsTo(ns: Namespace, link: LinkRow, mac: Mac, tags: readonly number[]): boolean {
  return new Search(mac, tags).arrives(ns, link);
}

/** True if a frame to this MAC address that goes out by a link finds a taker. */
export function reaches(ns: Namespace, link: LinkRow, mac: Mac, tags: readonly number[]): boolean {
  return new Search(mac, tags).leaves(ns, link);
}

/** True if a bridge takes frames to this address up to its own stack. */
export function isOwnMac(ns: Namespace, bridge: BridgeLink, mac: Mac): boolean {
  if (mac === bridge.address) return true;
  for (const link of ns.links.values()) if (link.master === bridge.index && link.address === mac) return true;
  return false;
}

class Search {
  readonly #mac: Mac;
  #tags: readonly number[];
  readonly #seen = new Set<string>();

  constructor(mac: Mac, tags: readonly number[]) {
    this.#mac = mac;
    this.#tags = tags;
  }

  arrives(ns: Namespace, link: LinkRow): boolean {
    if (!link.up) return false;
    const upper = link.uppers && upperFor(ns, link, { dstMac: this.#mac, tags: this.#tags });
    if (upper) {
      const tags = this.#tags;
      if (upper.link.kind === "vlan") this.#tags = tags.slice(0, -1);
      const found = this.arrives(upper.ns, upper.link);
      this.#tags = tags;
      return found;
    }
    if (link.master === undefined) return link.address === this.#mac && this.#tags.length === 0;
    const key = `${ns.id}/${link.index}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    const bridge = ns.links.get(link.master);
    if (bridge?.kind !== "bridge" || link.port?.state !== "forwarding") return false;
    if (isOwnMac(ns, bridge, this.#mac)) return true;
    const entry = findFdb(ns, bridge.index, this.#mac, bridge.ageing);
    for (const port of bridgePorts(ns, bridge.index)) {
      if (port.index === link.index || port.port!.state !== "forwarding") continue;
      if (entry && entry.link !== port.index) continue;
      if (this.leaves(ns, port)) return true;
    }
    return false;
  }

  leaves(ns: Namespace, link: LinkRow): boolean {
    if (!link.up || !link.carrier) return false;
    if (link.kind === "veth") {
      const peer = peerOf(ns, link);
      return peer !== undefined && this.arrives(peer.ns, peer.link);
    }
    if (link.kind === "macvlan" || link.kind === "vlan") return this.#leavesBelow(ns, link);
    if (link.kind === "vxlan")
      return ns.fdb.has(fdbKey(link.index, this.#mac)) || ns.fdbLearned.has(fdbKey(link.index, this.#mac));
    if (link.kind !== "physical" || link.segment === undefined) return false;
    for (const card of ns.network.segment(link.segment).cards) {
      if (card.namespace === ns.id && card.index === link.index) continue;
      const there = ns.network.find(card.namespace);
      const other = there?.links.get(card.index);
      if (there && other && this.arrives(there, other)) return true;
    }
    return false;
  }

  #leavesBelow(ns: Namespace, link: UpperLink): boolean {
    const below = lowerOf(ns, link);
    if (!below) return false;
    if (link.kind === "macvlan" && siblingFor(below, link, { dstMac: this.#mac })) return true;
    const tags = this.#tags;
    if (link.kind === "vlan") this.#tags = [...tags, link.id];
    const found = this.leaves(below.ns, below.link);
    this.#tags = tags;
    return found;
  }
}
