import type { Errno } from "../errno.ts";
import type { Address } from "../ip.ts";
import type { Tunnel } from "./ask.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import type { Choice } from "../route/fib.ts";
import { flow, type Flow } from "../route/flow.ts";
import type { Packet } from "./packet.ts";
import { Hop, Trace, type Delivery, type Description, type HopPlace, type Verdict } from "./trace.ts";

/**
 * Where a packet goes next. Each step of the walk says it and returns, so that no way is too long for the stack and the
 * files of the walk don't depend on each other in a circle.
 */
export type NextStep = "send" | "transmit" | "frame-out" | "frame-in" | "receive" | "deliver" | "end";

/** A packet that a system sends of its own accord: an answer, a reset, an ICMP error. */
export interface Answer {
  readonly ns: Namespace;
  readonly packet: Packet;
  /** Its source need not be an address of the sender (a reset in another's name). */
  readonly anySource: boolean;
}

export interface WalkerOptions {
  readonly tracing: boolean;
  readonly tunnel: Tunnel;
  readonly oif?: number;
  readonly anySource?: boolean;
  /** Nanoseconds from now until it sets out. */
  readonly began?: number;
  /** Nobody captures it: it is only to learn where a packet would go. */
  readonly silent?: boolean;
  /** Its sender may send to everybody (SO_BROADCAST). */
}

/** The walk of one packet: where it is, and what is to be said about its way. */
export class Walker {
  packet: Packet;
  /** Where it is. */
  ns: Namespace;
  link: LinkRow | undefined;
  next: NextStep;
  /** The next hop, once routed; its link, neighbour and route. */
  nexthop: Address | undefined;
  choice: Choice | undefined;
  /** The link it came in by, for what is forwarded. */
  inLink: LinkRow | undefined;
  /** Bound to a link by its sender. */
  oif = 0;
  anySource = false;
  /** The mark by which its way was chosen. */
  routedMark = 0;
  /** Sent by the namespace's own stack, not forwarded. */
  local = true;
  /** It carries another packet, whose sender hears nothing of what becomes of it. */
  tunnelled = false;
  answer: Answer | undefined;
  /** What a router on the way told the sender while it passed the packet on. */
  aside: Answer | undefined;
  delivery: Delivery | undefined;
  errno: Errno | undefined;
  /** Tells where a frame comes out that a question sends through a vxlan. */
  readonly tunnel: Tunnel;
  readonly flow: Flow = flow(0);
  readonly tracing: boolean;
  readonly began: number;
  readonly silent: boolean;
  readonly #sent: Packet;
  readonly #hops: Hop[] = [];
  #verdict: Verdict = "dropped";
  #by: Hop | undefined;
  #elapsed = 0;

  constructor(ns: Namespace, packet: Packet, options: WalkerOptions) {
    this.ns = ns;
    this.packet = packet;
    this.next = "send";
    this.link = undefined;
    this.nexthop = undefined;
    this.choice = undefined;
    this.inLink = undefined;
    this.answer = undefined;
    this.aside = undefined;
    this.delivery = undefined;
    this.errno = undefined;
    this.tracing = options.tracing;
    this.tunnel = options.tunnel;
    this.began = options.began ?? 0;
    this.silent = options.silent ?? false;
    this.oif = options.oif ?? 0;
    this.anySource = options.anySource ?? false;
    this.#sent = packet.copy();
  }

  go(step: NextStep, ns: Namespace, link: LinkRow | undefined): void {
    this.next = step;
    this.ns = ns;
    this.link = link;
  }

  /** Notes a step. */
  hop(at: HopPlace, nanoseconds: number, describe: () => Description, before?: Packet): void {
    this.#elapsed += nanoseconds;
    if (!this.tracing) return;
    const after = before && this.packet.copy();
    this.#hops.push(new Hop(this.ns.row, at, nanoseconds, describe, before, after));
  }

  /** Notes the step that decided and ends the walk. */
  end(verdict: Verdict, at: HopPlace, nanoseconds: number, describe: () => Description): void {
    this.#elapsed += nanoseconds;
    this.#verdict = verdict;
    this.#by = new Hop(this.ns.row, at, nanoseconds, describe);
    this.#hops.push(this.#by);
    this.next = "end";
  }

  /** What the system call of the sender returns, while it still runs. */
  fail(errno: Errno): void {
    if (this.local && !this.tunnelled) this.errno = errno;
  }

  /** Time that passes without a step: three questions that nobody answers. */
  wait(nanoseconds: number): void {
    this.#elapsed += nanoseconds;
  }

  /** Nanoseconds from now until where it is. */
  get at(): number {
    return this.began + this.#elapsed;
  }

  get elapsed(): number {
    return this.#elapsed;
  }

  trace(): Trace {
    return new Trace({
      sent: this.#sent,
      verdict: this.#verdict,
      by: this.#by!,
      hops: this.#hops,
      ns: this.#elapsed,
      errno: this.errno,
      delivery: this.delivery,
      tunnelled: this.tunnelled,
    });
  }
}
