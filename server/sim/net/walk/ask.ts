import { ANY, addressText, isIPv4, type Address } from "../ip.ts";
import { fdbKey, learn, learnRemote } from "../fdb.ts";
import { bridgePorts, getLink, lowerOf, peerOf, uppersOf } from "../link/links.ts";
import type { BridgeLink, LinkRow, UpperLink, VxlanLink } from "../link/row.ts";
import { ZERO_MAC, type Mac } from "../mac.ts";
import { findNeighbour, isProxied, putNeighbour } from "../neighbour.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "../route/address-type.ts";
import { flow } from "../route/flow.ts";
import { lookupRoute } from "../route/lookup.ts";
import { scopeNumber } from "../address-row.ts";
import { addressesOf, localAddress, sameSubnet } from "../local.ts";
import { count } from "../mib.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { answerFrame, questionFrame } from "../capture/neighbour-frame.ts";
import { capture, watched } from "../capture/tap.ts";
import { countFrames } from "./counters.ts";
import { discoveryPasses } from "./discovery-rules.ts";
import type { Packet } from "./packet.ts";
import { routeInput } from "./route-input.ts";
import { listeners } from "./stacked.ts";

/** Who has `target`? Tell `sender`, at `mac`. */
export interface Question {
  readonly target: Address;
  readonly sender: Address;
  readonly mac: Mac;
  /** Nanoseconds from now. */
  readonly at?: number;
  /** Only to know what would be answered: nobody captures it. */
  readonly silent?: boolean;
  readonly unknown?: Mac;
  readonly unicast?: Mac;
  readonly announces?: boolean;
  /** Told when the answer was there, in nanoseconds from now. */
  readonly answered?: (at: number) => void;
  /** Told who has the address and why it does not answer. */
  readonly refused?: (why: string) => void;
}

/** Carries a frame through a vxlan to another end: where it comes out, or undefined if it does not get there. */
export type Tunnel = (
  ns: Namespace,
  link: VxlanLink,
  remote: string,
  frame?: Packet,
  began?: number,
) => { ns: Namespace; link: LinkRow; at: number } | undefined;

/**
 * Asks for a neighbour by a broadcast on a link, which goes through bridges, veths, segments and vxlans as it really would, so
 * that all of them learn (ARP, and neighbour discovery in its place). The first answer counts.
 */
export function ask(tunnel: Tunnel, ns: Namespace, link: LinkRow, question: Question): Mac | undefined {
  const flood = new Flood(tunnel, question);
  const six = !isIPv4(question.target);
  if (six && !discoveryPasses(ns, "out", link, () => questionFrame(question))) return undefined;
  const answer = flood.out(ns, link);
  if (six && answer !== undefined && !discoveryPasses(ns, "in", link, () => answerFrame(question, answer)))
    return undefined;
  question.answered?.(flood.at);
  return answer;
}

/** Tells everybody on a link which MAC address has an IP address: a gratuitous ARP. Only those who know it already listen. */
export function announce(
  tunnel: Tunnel,
  ns: Namespace,
  link: LinkRow,
  address: Address,
  options: Pick<Question, "announces" | "unknown"> = {},
): void {
  new Flood(tunnel, { target: address, sender: address, mac: link.address, ...options }).out(ns, link);
}

/** Bytes of an ARP frame, and of a neighbour solicitation with its option. */
const ARP = 42;
const SOLICITATION = 86;
/** Of Ethernet. */
const HEADER = 14;

/** From one link to the next, in nanoseconds. */
const STEP = 1_000;

class Flood {
  readonly #tunnel: Tunnel;
  readonly #question: Question;
  /** Of a frame with the question or its answer. */
  readonly #bytes: number;
  /** Links it came in by: a loop of bridges ends here. */
  readonly #seen = new Set<string>();
  /** 802.1Q tags that the frame has where it is, the outermost last. */
  readonly #tags: number[] = [];
  /** Nanoseconds from now until where it is. */
  #at: number;

  constructor(tunnel: Tunnel, question: Question) {
    this.#tunnel = tunnel;
    this.#question = question;
    this.#at = question.at ?? 0;
    this.#bytes = isIPv4(question.target) ? ARP : SOLICITATION;
  }

  get at(): number {
    return this.#at;
  }

  /** Sends the question out by a link; returns the answer that comes back. */
  out(ns: Namespace, link: LinkRow): Mac | undefined {
    if (!link.up || !link.carrier) return undefined;
    countFrames(ns, link, "tx", 1, this.#bytes);
    this.#show(ns, link, "out", undefined);
    const answer = this.#flood(ns, link);
    if (answer === undefined) return undefined;
    countFrames(ns, link, "rx", 1, this.#received(link));
    // What a bridge sends by its ports comes back by them.
    this.#show(ns, link, "in", answer);
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
      case "macvlan":
      case "vlan":
        return this.#below(ns, link);
      case "loopback":
      case "dummy":
      case "ifb":
      case "ipip":
      case "tun":
        return undefined;
    }
  }

  #arrive(ns: Namespace, link: LinkRow): Mac | undefined {
    const key = `${ns.id}/${link.index}`;
    if (!link.up || this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    countFrames(ns, link, "rx", 1, this.#bytes);
    this.#show(ns, link, "in", undefined);
    const answer = this.#heard(ns, link);
    if (answer === undefined) return undefined;
    countFrames(ns, link, "tx", 1, this.#bytes);
    this.#show(ns, link, "out", answer);
    return answer;
  }

  /** To the other macvlans on the same link, and out by it; a vlan's frames are tagged on the way. */
  #below(ns: Namespace, link: UpperLink): Mac | undefined {
    const below = lowerOf(ns, link);
    if (!below) return undefined;
    if (link.kind === "vlan") {
      this.#tags.push(link.id);
      const answer = this.out(below.ns, below.link);
      this.#tags.pop();
      return answer;
    }
    let answer: Mac | undefined;
    for (const sibling of listeners(below.ns, below.link, link)) answer ??= this.#arrive(sibling.ns, sibling.link);
    return answer ?? this.out(below.ns, below.link);
  }

  /** What stands on a link hears the question too: the vlan of its tag, or all macvlans. */
  #above(ns: Namespace, link: LinkRow): Mac | undefined {
    const tag = this.#tags.at(-1);
    if (tag !== undefined) {
      const vlan = uppersOf(ns, link).find((one) => one.link.kind === "vlan" && one.link.id === tag);
      if (!vlan) return undefined;
      this.#tags.pop();
      const answer = this.#arrive(vlan.ns, vlan.link);
      this.#tags.push(tag);
      return answer;
    }
    let answer: Mac | undefined;
    for (const upper of listeners(ns, link, undefined)) answer ??= this.#arrive(upper.ns, upper.link);
    return answer;
  }

  #heard(ns: Namespace, link: LinkRow): Mac | undefined {
    const above = link.uppers ? this.#above(ns, link) : undefined;
    if (link.master === undefined) return (this.#tags.length > 0 ? undefined : this.#endpoint(ns, link)) ?? above;
    if (above !== undefined) return above;
    const bridge = ns.links.get(link.master);
    if (bridge?.kind !== "bridge" || !canForward(link)) return undefined;
    if (link.port!.learning) learn(ns, bridge, link.index, this.#question.mac);
    return this.#bridge(ns, bridge, link);
  }

  /** To all other ports, and to the bridge itself. */
  #bridge(ns: Namespace, bridge: BridgeLink, from: LinkRow | undefined): Mac | undefined {
    if (from) this.#show(ns, bridge, "in", undefined);
    let answer: Mac | undefined;
    for (const port of bridgePorts(ns, bridge.index)) {
      if (!canForward(port) || (port.index === from?.index && !port.port!.hairpin)) continue;
      if (from?.port?.isolated && port.port!.isolated) continue;
      const { broadcastFlood = true, multicastFlood = true } = port.port!;
      if (!(isIPv4(this.#question.target) ? broadcastFlood : multicastFlood)) continue;
      const mac = this.out(ns, port);
      if (mac === undefined) continue;
      if (port.port!.learning) learn(ns, bridge, port.index, mac);
      answer ??= mac;
      if (from && this.#captures(ns) && watched(ns, bridge)) this.#show(ns, bridge, "in", mac);
    }
    // Flows of a datapath lead from port to port; none lead to the machine itself.
    const own = from && !bridge.openvswitch ? this.#own(ns, getLink(ns, bridge.index)) : undefined;
    if (own !== undefined) this.#show(ns, bridge, "out", own);
    return answer ?? own;
  }

  /** The bridge itself hears the question. */
  #own(ns: Namespace, bridge: LinkRow): Mac | undefined {
    countFrames(ns, bridge, "rx", 1, this.#received(bridge));
    const above = bridge.uppers ? this.#above(ns, bridge) : undefined;
    const mac = above ?? (this.#tags.length > 0 ? undefined : this.#endpoint(ns, bridge));
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
      const question = this.#question.silent ? undefined : this.#frame(undefined);
      const there = this.#tunnel(ns, link, remote, question, this.#at);
      if (!there) continue;
      this.#at = there.at;
      if (there.link.kind === "vxlan" && there.link.learning && link.local !== undefined)
        learnRemote(there.ns, there.link.index, this.#question.mac, link.local);
      const mac = this.#arrive(there.ns, there.link);
      if (mac === undefined) continue;
      if (link.learning) learnRemote(ns, link.index, mac, remote);
      if (this.#captures(ns) && there.link.kind === "vxlan" && link.local !== undefined)
        this.#at = this.#tunnel(there.ns, there.link, link.local, this.#frame(mac), this.#at)?.at ?? this.#at;
      answer ??= mac;
    }
    return answer;
  }

  #captures(ns: Namespace): boolean {
    return ns.network.taps !== undefined && this.#question.silent !== true;
  }

  /** The question, or the answer of who has that MAC address. */
  #frame(answer: Mac | undefined): Packet {
    return answer === undefined ? questionFrame(this.#question) : answerFrame(this.#question, answer);
  }

  #show(ns: Namespace, link: LinkRow, way: "in" | "out", answer: Mac | undefined): void {
    this.#at += STEP;
    if (this.#captures(ns)) capture(ns, link, this.#frame(answer), way, this.#at);
  }

  /** A stack hears the question: it notes who asked, and answers for its own addresses (arp_process). */
  #endpoint(ns: Namespace, link: LinkRow): Mac | undefined {
    const { sender, target } = this.#question;
    if (!link.up || !link.arp) return undefined;
    const answers = this.#answersFor(ns, link, sender, target);
    const six = answers && !isIPv4(target);
    if (six && !discoveryPasses(ns, "in", link, () => this.#frame(undefined))) return undefined;
    this.#note(ns, link, sender, answers);
    if (six && !discoveryPasses(ns, "out", link, () => this.#frame(link.address))) return undefined;
    return answers ? link.address : undefined;
  }

  #answersFor(ns: Namespace, link: LinkRow, sender: Address, target: Address): boolean {
    if (!isIPv4(target)) return localAddress(ns, target)?.link === link.index;
    if (sender === ANY || sender === target) return sender === ANY && isLocal(ns, target);
    const device = configurationOf(ns).device(link.index);
    const route = routeInput(ns, flow(target, { source: sender, iif: link.index }));
    if (route.kind === "local") {
      if (!this.#ignored(ns, link, sender, target, device.arpIgnore)) {
        if (!device.arpFilter || wayBack(ns, sender, target) === link.index) return true;
        count(ns, "TcpExt.ArpFilter");
        this.#question.refused?.(
          `${ns.title || ns.machine} has its way back by another link (arp_filter on ${link.name})`,
        );
        return false;
      }
      this.#question.refused?.(`${ns.title || ns.machine} does not answer for it here (arp_ignore on ${link.name})`);
      return false;
    }
    if ((route.kind === "reverse path" || route.kind === "martian") && localAddress(ns, target)) {
      const filter = route.kind === "martian" ? "" : `rp_filter on ${link.name}: `;
      this.#question.refused?.(
        `${ns.title || ns.machine} has it, but does not take the question (${filter}${route.reason})`,
      );
    }
    const proxied = device.proxyArp || isProxied(ns, link.index, target);
    const elsewhere = device.proxyArpPvlan || (route.kind === "forward" && route.choice.link !== link.index);
    return route.kind === "forward" && proxied && elsewhere;
  }

  /** arp_ignore() in net/ipv4/arp.c; 4 to 7 are reserved and mean nothing. */
  #ignored(ns: Namespace, link: LinkRow, sender: Address, target: Address, level: number): boolean {
    const row = addressesOf(ns, link.index).find((one) => one.family === 4 && one.local === addressText(target));
    switch (level) {
      case 1:
        return row === undefined;
      case 2:
        return row === undefined || !sameSubnet(row, sender);
      case 3: {
        const scope = localAddress(ns, target)?.row.scope;
        return scope !== undefined && scopeNumber(scope) > scopeNumber("link");
      }
      case 8:
        return true;
      default:
        return false;
    }
  }

  /** arp_accept: an announcement is heeded also by who did not know the address, with 2 only of an own subnet. */
  #accepted(ns: Namespace, link: LinkRow, sender: Address): boolean {
    if (!isIPv4(sender) || sender !== this.#question.target) return false;
    const { arpAccept } = configurationOf(ns).device(link.index);
    if (arpAccept !== 2) return arpAccept === 1;
    return addressesOf(ns, link.index).some((row) => sameSubnet(row, sender));
  }

  /** Who asks us is known from then on; others only correct what they know. */
  #note(ns: Namespace, link: LinkRow, sender: Address, asked: boolean): void {
    if (sender === ANY) return;
    const known = findNeighbour(ns, link.index, sender);
    if (known && (known.kind === "permanent" || known.kind === "noarp")) return;
    if (!known && !asked && !this.#accepted(ns, link, sender)) return;
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

/** The link by which an answer from an own address to the asker would go out. */
function wayBack(ns: Namespace, sender: Address, target: Address): number | undefined {
  const back = lookupRoute(ns, flow(sender, { source: target }));
  return back?.entry.error ? undefined : back?.link;
}

function canForward(port: LinkRow): boolean {
  return port.port?.state === "forwarding";
}
