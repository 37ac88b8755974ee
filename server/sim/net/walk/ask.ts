import { ANY, addressText, isIPv4, type Address } from "../ip.ts";
import { fdbKey, learn, learnRemote } from "../fdb.ts";
import { bridgePorts, getLink, peerOf } from "../link/links.ts";
import type { BridgeLink, LinkRow, VxlanLink } from "../link/row.ts";
import { ZERO_MAC, type Mac } from "../mac.ts";
import { findNeighbour, putNeighbour } from "../neighbour.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "../route/address-type.ts";
import { flow } from "../route/flow.ts";
import { localAddress } from "../local.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { countFrames } from "./counters.ts";
import { routeInput } from "./route-input.ts";

/** Who has `target`? Tell `sender`, at `mac`. */
export interface Question {
  readonly target: Address;
  readonly sender: Address;
  readonly mac: Mac;
  /** Told who has the address and why it does not answer. */
  readonly refused?: (why: string) => void;
}

/** Carries a frame through a vxlan to another end: where it comes out, or undefined if it does not get there. */
export type Tunnel = (ns: Namespace, link: VxlanLink, remote: string) => { ns: Namespace; link: LinkRow } | undefined;

/**
 * Asks for a neighbour by a broadcast on a link, which goes through bridges, veths, segments and vxlans as it really would, so
 * that all of them learn (ARP, and neighbour discovery in its place). The first answer counts.
 */
export function ask(tunnel: Tunnel, ns: Namespace, link: LinkRow, question: Question): Mac | undefined {
  return new Flood(tunnel, question).out(ns, link);
}

/** Tells everybody on a link which MAC address has an IP address: a gratuitous ARP. Only those who know it already listen. */
export function announce(tunnel: Tunnel, ns: Namespace, link: LinkRow, address: Address): void {
  new Flood(tunnel, { target: address, sender: address, mac: link.address }).out(ns, link);
}

/** Bytes of an ARP frame, and of a neighbour solicitation with its option. */
const ARP = 42;
const SOLICITATION = 86;
/** Of Ethernet. */
const HEADER = 14;

class Flood {
  readonly #tunnel: Tunnel;
  readonly #question: Question;
  /** Of a frame with the question or its answer. */
  readonly #bytes: number;
  /** Links it came in by: a loop of bridges ends here. */
  readonly #seen = new Set<string>();

  constructor(tunnel: Tunnel, question: Question) {
    this.#tunnel = tunnel;
    this.#question = question;
    this.#bytes = isIPv4(question.target) ? ARP : SOLICITATION;
  }

  /** Sends the question out by a link; returns the answer that comes back. */
  out(ns: Namespace, link: LinkRow): Mac | undefined {
    if (!link.up || !link.carrier) return undefined;
    countFrames(ns, link, "tx", 1, this.#bytes);
    const answer = this.#flood(ns, link);
    if (answer !== undefined) countFrames(ns, link, "rx", 1, this.#received(link));
    return answer;
  }

  /** A bridge counts what it takes up itself without the Ethernet header (br_pass_frame_up). */
  #received(link: LinkRow): number {
    return link.kind === "bridge" ? this.#bytes - HEADER : this.#bytes;
  }

  #flood(ns: Namespace, link: LinkRow): Mac | undefined {
    switch (link.kind) {
      case "veth": {
        const peer = peerOf(ns, link);
        return peer && this.#arrive(peer.ns, peer.link);
      }
      case "physical":
        return this.#segment(ns, link, link.segment);
      case "bridge":
        return this.#bridge(ns, link, undefined);
      case "vxlan":
        return this.#vxlan(ns, link);
      case "loopback":
      case "dummy":
        return undefined;
    }
  }

  #arrive(ns: Namespace, link: LinkRow): Mac | undefined {
    const key = `${ns.id}/${link.index}`;
    if (!link.up || this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    countFrames(ns, link, "rx", 1, this.#bytes);
    const answer = this.#heard(ns, link);
    if (answer !== undefined) countFrames(ns, link, "tx", 1, this.#bytes);
    return answer;
  }

  #heard(ns: Namespace, link: LinkRow): Mac | undefined {
    if (link.master === undefined) return this.#endpoint(ns, link);
    const bridge = ns.links.get(link.master);
    if (bridge?.kind !== "bridge" || !canForward(link)) return undefined;
    if (link.port!.learning) learn(ns, bridge, link.index, this.#question.mac);
    return this.#bridge(ns, bridge, link);
  }

  /** To all other ports, and to the bridge itself. */
  #bridge(ns: Namespace, bridge: BridgeLink, from: LinkRow | undefined): Mac | undefined {
    let answer: Mac | undefined;
    for (const port of bridgePorts(ns, bridge.index)) {
      if (!canForward(port) || (port.index === from?.index && !port.port!.hairpin)) continue;
      if (from?.port?.isolated && port.port!.isolated) continue;
      const mac = this.out(ns, port);
      if (mac === undefined) continue;
      if (port.port!.learning) learn(ns, bridge, port.index, mac);
      answer ??= mac;
    }
    const own = from && this.#up(ns, getLink(ns, bridge.index));
    return answer ?? own;
  }

  /** The bridge itself hears the question. */
  #up(ns: Namespace, bridge: LinkRow): Mac | undefined {
    countFrames(ns, bridge, "rx", 1, this.#received(bridge));
    const mac = this.#endpoint(ns, bridge);
    if (mac !== undefined) countFrames(ns, bridge, "tx", 1, this.#bytes);
    return mac;
  }

  #segment(ns: Namespace, link: LinkRow, name: string | undefined): Mac | undefined {
    if (name === undefined) return undefined;
    let answer: Mac | undefined;
    for (const card of ns.network.segment(name).cards) {
      if (card.namespace === ns.id && card.index === link.index) continue;
      const there = ns.network.find(card.namespace);
      const other = there?.links.get(card.index);
      if (there && other) answer ??= this.#arrive(there, other);
    }
    return answer;
  }

  /** A broadcast goes to every end that the all-zeros entry names (head-end replication). */
  #vxlan(ns: Namespace, link: VxlanLink): Mac | undefined {
    const key = fdbKey(link.index, ZERO_MAC);
    const remotes = ns.fdb.get(key)?.remotes ?? (link.remote === undefined ? [] : [link.remote]);
    let answer: Mac | undefined;
    for (const remote of remotes) {
      const there = this.#tunnel(ns, link, remote);
      if (!there) continue;
      if (there.link.kind === "vxlan" && there.link.learning && link.local !== undefined)
        learnRemote(there.ns, there.link.index, this.#question.mac, link.local);
      const mac = this.#arrive(there.ns, there.link);
      if (mac === undefined) continue;
      if (link.learning) learnRemote(ns, link.index, mac, remote);
      answer ??= mac;
    }
    return answer;
  }

  /** A stack hears the question: it notes who asked, and answers for its own addresses (arp_process). */
  #endpoint(ns: Namespace, link: LinkRow): Mac | undefined {
    const { sender, target } = this.#question;
    if (!link.up || !link.arp) return undefined;
    const answers = this.#answersFor(ns, link, sender, target);
    this.#note(ns, link, sender, answers);
    return answers ? link.address : undefined;
  }

  #answersFor(ns: Namespace, link: LinkRow, sender: Address, target: Address): boolean {
    if (!isIPv4(target)) return localAddress(ns, target)?.link === link.index;
    if (sender === ANY || sender === target) return sender === ANY && isLocal(ns, target);
    const device = configurationOf(ns).device(link.index);
    const route = routeInput(ns, flow(target, { source: sender, iif: link.index }));
    if (route.kind === "local") {
      if (device.arpIgnore === 0) return true;
      if (device.arpIgnore < 8 && localAddress(ns, target)?.link === link.index) return true;
      this.#question.refused?.(`${ns.title || ns.machine} has it on another link (arp_ignore on ${link.name})`);
      return false;
    }
    if ((route.kind === "reverse path" || route.kind === "martian") && localAddress(ns, target)) {
      const filter = route.kind === "martian" ? "" : `rp_filter on ${link.name}: `;
      this.#question.refused?.(
        `${ns.title || ns.machine} has it, but does not take the question (${filter}${route.reason})`,
      );
    }
    return route.kind === "forward" && device.proxyArp && route.choice.link !== link.index;
  }

  /** Who asks us is known from then on; others only correct what they know. */
  #note(ns: Namespace, link: LinkRow, sender: Address, asked: boolean): void {
    if (sender === ANY) return;
    const known = findNeighbour(ns, link.index, sender);
    if (known && (known.kind === "permanent" || known.kind === "noarp")) return;
    if (!known && !asked) return;
    if (known?.lladdr === this.#question.mac) return;
    putNeighbour(ns, {
      link: link.index,
      address: addressText(sender),
      kind: "learned",
      lladdr: this.#question.mac,
      confirmed: 0,
    });
  }
}

function canForward(port: LinkRow): boolean {
  return port.port?.state === "forwarding";
}
