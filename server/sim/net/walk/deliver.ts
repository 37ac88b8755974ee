import { addressText, type Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { count, countDelivered } from "../mib.ts";
import { ICMP, ICMPV6, protocolName, TCP, UDP } from "../netfilter/protocols.ts";
import { connectionIndex, socketIndex } from "../socket/lookup.ts";
import type { ConnectionRow, SocketRow } from "../socket/row.ts";
import { socketText } from "../socket/text.ts";
import { acceptQueueIsFull } from "../socket/waiting.ts";
import { initialSequence, timestamp, windowScale } from "../transport/sequence.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { sendToReal } from "./balance.ts";
import { dropped } from "./dropped.ts";
import { reassemble } from "./fragments.ts";
import { runHook } from "./hooks.ts";
import { icmpError, reset, tcpAnswer } from "./icmp.ts";
import { CODE } from "./icmp-code.ts";
import { decapsulateIp, IPIP, tunnelFor } from "./ipip.ts";
import { LATENCY } from "./latency.ts";
import { ACK, ECHO_REPLY, ECHO_REQUEST, REDIRECT, RST, SYN, synWindow, UNREACHABLE, type Packet } from "./packet.ts";
import { learnRedirect } from "./redirect.ts";
import type { Description } from "./trace.ts";
import { decapsulate, unwrapLink } from "./vxlan.ts";
import type { Answer, Walker } from "./walker.ts";
import { endWords, flowWords, icmpErrorWords } from "./words.ts";

/** A packet is for this host: hook INPUT, then the socket that takes it (ip_local_deliver). */
export function deliver(walker: Walker): void {
  const { ns } = walker;
  const link = walker.link!;
  if (walker.packet.whole) {
    count(ns, "Ip.ReasmReqds", walker.packet.segments);
    reassemble(walker.packet);
    count(ns, "Ip.ReasmOKs", walker.packet.segments);
  }
  const refused = runHook(walker, "INPUT", ns, link, undefined);
  if (refused) return refused.outcome === "turned" ? sendToReal(walker) : dropped(walker, refused);
  const { packet } = walker;
  countDelivered(ns, packet);
  switch (packet.protocol) {
    case TCP:
      return deliverTcp(walker, link);
    case UDP:
      return deliverUdp(walker, link);
    case ICMP:
    case ICMPV6:
      return deliverIcmp(walker, link);
    default:
      return deliverRaw(walker, link);
  }
}

function accepted(
  walker: Walker,
  found: { socket?: SocketRow; connection?: ConnectionRow },
  describe: () => Description,
): void {
  walker.delivery = { ns: walker.ns, packet: walker.packet, ...found };
  walker.end("delivered", "socket", LATENCY.deliver, describe);
}

function deliverTcp(walker: Walker, link: LinkRow): void {
  const { ns, packet } = walker;
  const connection = connectionIndex(ns).find("tcp", packet.dst, packet.dport, packet.src, packet.sport);
  const begins = (packet.flags & (SYN | ACK | RST)) === SYN;
  if (connection && !(connection.state === "time-wait" && begins)) {
    const end = endWords(packet.dst, packet.dport);
    const what =
      connection.state === "syn-sent"
        ? `${end} has waited for this answer`
        : `connection at ${end} (${connection.state})`;
    return accepted(walker, { connection }, () => ({ what }));
  }
  const socket = socketIndex(ns).find("tcp", packet.dst, packet.dport, link.name);
  if (socket?.state === "listen" && begins) {
    if (acceptQueueIsFull(ns, socket)) {
      count(ns, "TcpExt.ListenOverflows");
      count(ns, "TcpExt.ListenDrops");
      const text = socketText(socket);
      const what = `the queue of listening socket ${text} is full: its program accepts nobody`;
      return walker.end("dropped", "socket", LATENCY.deliver, () => ({ what, ref: { kind: "socket", text } }));
    }
    const answer = tcpAnswer(ns, packet, SYN | ACK);
    // Timestamps take 12 bytes of each segment.
    answer.window = synWindow(link.mtu - 52);
    answer.mss = Math.min(link.mtu, 65_535) - (typeof packet.dst === "number" ? 40 : 60);
    answer.id = 0;
    const { tcp } = packet;
    if (tcp) {
      const ends = {
        address: addressText(packet.dst),
        port: packet.dport,
        peerAddress: addressText(packet.src),
        peerPort: packet.sport,
      };
      answer.tcp = {
        seq: initialSequence(ns, ends),
        ack: (tcp.seq + 1) >>> 0,
        tsval: timestamp(ns, ends, walker.at / 1000),
        tsecr: tcp.tsval,
        mss: Math.min(link.mtu, 65535) - (typeof packet.dst === "number" ? 40 : 60),
        scale: windowScale(ns),
      };
    }
    walker.answer = { ns, packet: answer, anySource: false };
    return accepted(walker, { socket }, () => socketDescription(socket));
  }
  walker.answer = reset(ns, packet);
  const { dst, dport, flags } = packet;
  walker.end("refused", "socket", LATENCY.deliver, () => ({
    what: begins
      ? nothingListens(ns, dst, dport, "TCP")
      : `no connection at ${endWords(dst, dport)}${flagWords(flags)}`,
  }));
}

function flagWords(flags: number): string {
  return (flags & (SYN | ACK)) === (SYN | ACK) ? " waits for this answer" : "";
}

function deliverUdp(walker: Walker, link: LinkRow): void {
  const { ns, packet } = walker;
  if (packet.inner) {
    const tunnel = unwrapLink(ns, packet.dport, packet.vni);
    if (tunnel) count(ns, "Udp.InDatagrams", packet.segments);
    if (tunnel) return decapsulate(walker, tunnel.ns, tunnel.link);
  }
  const connection = connectionIndex(ns).find("udp", packet.dst, packet.dport, packet.src, packet.sport);
  const socket = connection ? undefined : socketIndex(ns).find("udp", packet.dst, packet.dport, link.name);
  if (typeof packet.dst === "number") count(ns, (connection ?? socket) ? "Udp.InDatagrams" : "Udp.NoPorts");
  if (connection)
    return accepted(walker, { connection }, () => ({ what: `socket at ${endWords(packet.dst, packet.dport)}` }));
  if (socket) return accepted(walker, { socket }, () => socketDescription(socket));
  walker.answer = icmpError(ns, packet, UNREACHABLE, CODE.port);
  const { dst, dport } = packet;
  walker.end("refused", "socket", LATENCY.deliver, () => ({ what: nothingListens(ns, dst, dport, "UDP") }));
}

function deliverIcmp(walker: Walker, link: LinkRow): void {
  const { ns, packet } = walker;
  const v6 = packet.protocol === ICMPV6;
  if (packet.quote) {
    learnPathMtu(ns, packet);
    if (packet.icmpType === REDIRECT && !v6) learnRedirect(walker.tunnel, ns, link, packet);
    return accepted(walker, quotedSocket(ns, packet.quote), () => ({
      what: `hears of an ICMP error: ${icmpErrorWords(packet)} from ${addressText(packet.src)}`,
    }));
  }
  if (packet.icmpType === (v6 ? 128 : ECHO_REQUEST)) {
    const path = v6 ? "net/ipv6/icmp/echo_ignore_all" : "net/ipv4/icmp_echo_ignore_all";
    if (configurationOf(ns).number(path) !== 0)
      return walker.end("dropped", "sysctl", LATENCY.deliver, () => ({
        what: "this host does not answer pings",
        ref: { kind: "sysctl", text: `${path.replaceAll("/", ".")} = 1` },
      }));
    walker.answer = echoReply(ns, packet, v6 ? 129 : ECHO_REPLY);
  }
  accepted(walker, {}, () => ({ what: `takes ${flowWords(packet)}` }));
}

function deliverRaw(walker: Walker, link: LinkRow): void {
  const { ns, packet } = walker;
  if (packet.protocol === IPIP && packet.inner) {
    const tunnel = tunnelFor(ns, packet.src, packet.dst);
    if (tunnel) return decapsulateIp(walker, tunnel);
  }
  const socket = socketIndex(ns).find("raw", packet.dst, packet.protocol, link.name);
  if (socket) return accepted(walker, { socket }, () => socketDescription(socket));
  walker.answer = icmpError(ns, packet, UNREACHABLE, CODE.protocol);
  const name = protocolName(packet.protocol) ?? String(packet.protocol);
  walker.end("protocol unreachable", "socket", LATENCY.deliver, () => ({ what: `nothing here speaks ${name}` }));
}

function echoReply(ns: Namespace, request: Packet, type: number): Answer {
  const packet = request.copy();
  packet.src = request.dst;
  packet.dst = request.src;
  packet.icmpType = type;
  packet.id = -1;
  packet.mark = 0;
  packet.ttl = configurationOf(ns).defaultTtl;
  packet.df = false;
  packet.cuttable = true;
  return { ns, packet, anySource: false };
}

/** The socket that sent the packet that an ICMP error quotes. */
function quotedSocket(ns: Namespace, quote: Packet): { socket?: SocketRow; connection?: ConnectionRow } {
  if (quote.protocol !== TCP && quote.protocol !== UDP) return {};
  const name = quote.protocol === TCP ? "tcp" : "udp";
  const connection = connectionIndex(ns).find(name, quote.src, quote.sport, quote.dst, quote.dport);
  if (connection) return { connection };
  const socket = socketIndex(ns).find(name, quote.src, quote.sport, "");
  return socket ? { socket } : {};
}

/** Ten minutes (net.ipv4.route.mtu_expires). */
const MTU_EXPIRES = 600_000_000;

function learnPathMtu(ns: Namespace, packet: Packet): void {
  if (packet.icmpType !== UNREACHABLE || packet.icmpCode !== CODE.fragmentation || packet.icmpMtu === 0) return;
  const until = ns.kernel.now + MTU_EXPIRES;
  ns.pathMtu.set(addressText(packet.quote!.dst), { mtu: Math.max(packet.icmpMtu, 552), until });
}

function nothingListens(ns: Namespace, address: Address, port: number, protocol: string): string {
  const title = ns.title === "" ? ns.machine : ns.title;
  return `nothing listens on ${protocol} ${endWords(address, port)} in ${title}`;
}

function socketDescription(socket: SocketRow): Description {
  const text = socketText(socket);
  return {
    what: `${socket.state === "listen" ? "listening socket" : "socket"} ${text}`,
    ref: { kind: "socket", text },
  };
}
