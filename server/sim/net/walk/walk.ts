import type { Namespace } from "../namespace.ts";
import { getLink } from "../link/links.ts";
import type { LinkRow, VxlanLink } from "../link/row.ts";
import { deliver } from "./deliver.ts";
import { frameIn, frameOut } from "./frames.ts";
import { receive } from "./input.ts";
import { send } from "./output.ts";
import { Packet } from "./packet.ts";
import type { Trace } from "./trace.ts";
import { transmit } from "./transmit.ts";
import { wrap } from "./vxlan.ts";
import { Walker, type Answer } from "./walker.ts";

export interface WalkOptions {
  /** Note every hop; without, only the one that decides. */
  readonly tracing?: boolean;
  /** Leave by this link (SO_BINDTODEVICE). */
  readonly oif?: number;
  /** Let the stacks on the way answer: replies, resets, ICMP errors. */
  readonly answers?: boolean;
  /** The source need not be an address of the sender. */
  readonly anySource?: boolean;
  /** It sets out only so many microseconds from now: what a capture shows. */
  readonly after?: number;
  /** The sender may send to everybody (SO_BROADCAST). */
}

/** Answers to answers (a reset against a strange SYN-ACK) end here. */
const DEPTH = 4;

/** Steps that one hop may take: a packet in a circle is stopped by its TTL or by the limit on hops. */
const STEPS_PER_HOP = 8;

/**
 * Carries one packet from a namespace to where it ends, and then the packet that answers it. The packet is changed on its
 * way.
 */
export function walk(ns: Namespace, packet: Packet, options: WalkOptions = {}): Trace {
  const answer: Answer = { ns, packet, anySource: options.anySource ?? false };
  return walkAnswered(answer, options, 0, (options.after ?? 0) * 1000);
}

function walkAnswered(sent: Answer, options: WalkOptions, depth: number, began: number): Trace {
  const walker = new Walker(sent.ns, sent.packet, {
    tracing: options.tracing ?? true,
    oif: depth === 0 ? (options.oif ?? 0) : 0,
    anySource: sent.anySource,
    began,
    tunnel: carry,
  });
  run(walker);
  const trace = walker.trace();
  const { answer, aside } = walker;
  if (aside && depth < DEPTH && options.answers !== false) trace.aside = walkAnswered(aside, options, DEPTH, walker.at);
  if (answer && depth < DEPTH && options.answers !== false)
    trace.reply = walkAnswered(answer, options, depth + 1, walker.at);
  return trace;
}

function run(walker: Walker): void {
  const limit = walker.ns.kernel.limits.hops * STEPS_PER_HOP;
  for (let count = 0; walker.next !== "end"; count++) {
    if (count > limit) return walker.end("looped", "link", 0, () => ({ what: "goes round in circles" }));
    step(walker);
  }
}

function step(walker: Walker): void {
  switch (walker.next) {
    case "send":
      return send(walker);
    case "transmit":
      return transmit(walker);
    case "frame-out":
      return frameOut(walker);
    case "frame-in":
      return frameIn(walker);
    case "receive":
      return receive(walker);
    case "deliver":
      return deliver(walker);
    case "end":
  }
}

/** Walks the outer packet of a vxlan without a trace, to learn whether a frame gets to another end, and where. */
export function carry(
  ns: Namespace,
  link: VxlanLink,
  remote: string,
  frame?: Packet,
  began = 0,
): { ns: Namespace; link: LinkRow; at: number } | undefined {
  const probe = frame ?? new Packet();
  probe.size = probe.bytes = 28;
  const under = link.underlay === undefined ? ns : (ns.network.find(link.underlay) ?? ns);
  const walker = new Walker(under, wrap(probe, link, remote), {
    tracing: false,
    tunnel: () => undefined,
    began,
    silent: frame === undefined,
  });
  walker.oif = link.dev !== undefined && under.links.has(link.dev) ? link.dev : 0;
  const limit = ns.kernel.limits.hops * STEPS_PER_HOP;
  for (let count = 0; walker.next !== "end" && count <= limit; count++) {
    step(walker);
    if (walker.packet === probe) return { ns: walker.ns, link: getLink(walker.ns, walker.link!.index), at: walker.at };
  }
  return undefined;
}
