import type { Namespace } from "../namespace.ts";
import { exchangeDatagram } from "../transport/datagram.ts";
import { connect } from "../transport/connect.ts";
import { ping } from "../transport/ping.ts";
import { address, addressText } from "../ip.ts";
import { isLocal } from "../route/address-type.ts";
import { ICMP } from "../netfilter/protocols.ts";
import type { Outcome } from "../transport/outcome.ts";
import type { Packet } from "../walk/packet.ts";
import { TCP_PORT, UDP_PORT, type Probe } from "./op.ts";

/**
 * What came of a probe in our network, in the words that all three sides use: `reply from A ttl N`, `connected to NS as A`,
 * `answer of NS as A`, `icmp TYPE/CODE from A`, the errno of the system call, or `silence`.
 */
export function verdictOf(ns: Namespace, probe: Probe, id: number): string {
  if (probe.kind === "icmp") return pinged(ns, probe, id);
  return probe.kind === "tcp" ? connected(ns, probe) : exchanged(ns, probe);
}

function from(probe: Probe): { from?: { address: string } } {
  return probe.from === undefined ? {} : { from: { address: probe.from } };
}

function pinged(ns: Namespace, { to, from: source, ttl, size, dontFragment }: Probe, id: number): string {
  // What bind(2) says before anything is sent.
  if (source !== undefined && !isLocal(ns, address(source))) return "EADDRNOTAVAIL";
  const spec = { to, id, seq: 1, ...(source === undefined ? {} : { from: source }), ...(ttl ? { ttl } : {}) };
  const { reply, errno, outcome } = ping(ns, {
    ...spec,
    ...(size === undefined ? {} : { size }),
    ...(dontFragment ? { dontFragment } : {}),
  });
  if (reply?.quote) return icmpText(reply);
  if (outcome === "answered") return `reply from ${addressText(reply!.src)} ttl ${reply!.ttl}`;
  return errno ?? "silence";
}

function connected(ns: Namespace, probe: Probe): string {
  const result = connect(ns, { to: probe.to, port: probe.port ?? TCP_PORT, ...from(probe) });
  const { errno, outcome, connection, trace } = result;
  connection?.close();
  if (outcome === "connected") return `connected to ${seen(trace?.delivery)}`;
  return errno ?? "silence";
}

function exchanged(ns: Namespace, probe: Probe): string {
  const result = exchangeDatagram(ns, { to: probe.to, port: probe.port ?? UDP_PORT, ...from(probe) }, "hello");
  const { errno, outcome, trace, answers } = result;
  if (answers[0]) return `answer of ${answers[0].bytes}`;
  const back = trace?.reply?.delivery;
  if (back?.ns === ns && back.packet.quote && heard(outcome)) return icmpText(back.packet);
  return errno ?? "silence";
}

function heard(outcome: Outcome): boolean {
  return outcome !== "not permitted" && outcome !== "no answer";
}

function icmpText({ icmpType, icmpCode, src, protocol }: Packet): string {
  return protocol === ICMP ? `icmp ${icmpType}/${icmpCode} from ${addressText(src)}` : "icmp6";
}

function seen(delivery: { readonly ns: Namespace; readonly packet: Packet } | undefined): string {
  return delivery ? `${delivery.ns.row.name ?? delivery.ns.id} as ${addressText(delivery.packet.src)}` : "?";
}
