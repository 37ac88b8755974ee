import { ip, type Flow, type Stack, type Tuple } from "./stack.ts";
import { type IptablesOp } from "./op.ts";
import type { Scene } from "./matches.ts";
import type { Packet } from "./packet.ts";
import { selectSource } from "./ways.ts";

/** nf_conntrack_in. */
export function track(stack: Stack, packet: Packet): void {
  if (packet.tracked) return;
  packet.tracked = true;
  const of = packet.quote ? inverse(tupleOf(packet.quote)) : tupleOf(packet);
  const protocol = packet.quote?.protocol ?? packet.protocol;
  for (const flow of stack.flows) {
    if (flow.protocol !== protocol) continue;
    const back = sameTuple(flow.reply, of);
    if (!back && !sameTuple(flow.original, of)) continue;
    packet.flow = flow;
    packet.back = back;
    if (!packet.quote && back) flow.answered = true;
    return;
  }
  if (packet.quote || packet.icmp === "reply" || packet.tcp === "syn-ack" || packet.tcp === "reset") return;
  packet.back = false;
  const done = { sourceNat: false, destinationNat: false, sourceDone: false, destinationDone: false };
  packet.flow = { protocol, original: of, reply: inverse(of), answered: false, confirmed: false, ...done };
}

export function tracks(stack: Stack): boolean {
  for (const [name, chain] of stack.chains)
    for (const { match } of chain.rules) if (name.startsWith("nat ") || match?.states) return true;
  return false;
}

function tupleOf(packet: Packet): Tuple {
  const { src, dst, sport, dport } = packet;
  // The two ports of an echo are one number.
  return packet.protocol === "icmp" ? { src, dst, sport: sport || dport, dport: sport || dport } : { src, dst, sport, dport }; // prettier-ignore
}

function inverse({ src, dst, sport, dport }: Tuple): Tuple {
  return { src: dst, dst: src, sport: dport, dport: sport };
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport;
}

/** What a rule of table nat makes of a flow: its answers will come from, or go to, somewhere else. */
export function wish(flow: Flow, target: NonNullable<IptablesOp["target"]>, name: string, scene: Scene): boolean {
  const { stack, input, output, route } = scene;
  const { reply } = flow;
  if (target.name === "DNAT") {
    flow.reply = { ...reply, src: ip(target.to), ...(target.port === undefined ? {} : { sport: target.port }) };
    flow.destinationNat = !sameTuple(flow.reply, reply);
  } else if (target.name === "REDIRECT") {
    const own = name === "nat OUTPUT" ? ip("127.0.0.1") : input?.addresses[0]?.ip;
    if (own === undefined) return false;
    flow.reply = { ...reply, src: own, sport: target.port };
    flow.destinationNat = true;
  } else {
    const towards = route?.via ?? reply.src;
    const own = target.name === "SNAT" ? ip(target.to) : output ? selectSource(stack, output, towards, 0) : 0;
    if (own === 0) return false;
    flow.sourceNat ||= reply.dst !== own;
    flow.reply = { ...reply, dst: own };
  }
  return true;
}

/** Destinations where packets come in, sources where they leave. */
export function translate(packet: Packet, flow: Flow, source: boolean): void {
  const to = packet.back ? inverse(flow.original) : inverse(flow.reply);
  const applies = (source ? !packet.back : packet.back) ? flow.sourceNat : flow.destinationNat;
  if (!applies) return;
  const echo = packet.protocol === "icmp";
  const { quote } = packet;
  if (quote) {
    const turned = source ? { dst: to.src, dport: to.sport } : { src: to.dst, sport: to.dport };
    packet.quote = { ...quote, ...(quote.protocol === "icmp" ? { ...turned, sport: quote.sport, dport: quote.dport } : turned) }; // prettier-ignore
    if (source) packet.src = to.src;
    else packet.dst = to.dst;
  } else if (source) {
    packet.src = to.src;
    if (!echo) packet.sport = to.sport;
  } else {
    packet.dst = to.dst;
    if (!echo) packet.dport = to.dport;
  }
}

export function stateOf({ flow, quote, back }: Packet): "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" {
  if (!flow) return "INVALID";
  if (quote) return "RELATED";
  return back || flow.answered ? "ESTABLISHED" : "NEW";
}
