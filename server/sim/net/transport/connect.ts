import { address, addressText, isIPv4, isMulticast, parseAddress, specified, type Address } from "../ip.ts";
import type { Errno } from "../errno.ts";
import { findLink } from "../link/links.ts";
import { count } from "../mib.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "../route/address-type.ts";
import { getRoute } from "../route/get.ts";
import { connectionIndex } from "../socket/lookup.ts";
import type { ConnectionRow } from "../socket/row.ts";
import { connectionPort, nextSocketId } from "../socket/sockets.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { scatter } from "../capture/octets.ts";
import { ACK, SYN, synWindow, tcpPacket, type TcpFields } from "../walk/packet.ts";
import { establishedFlow, identification, tcpFields, timestamp, windowScale } from "./sequence.ts";
import type { Delivery, Hop, Trace } from "../walk/trace.ts";
import { walk } from "../walk/walk.ts";
import { isAsleep } from "../socket/waiting.ts";
import { Connection } from "./connection.ts";
import { judge, type Outcome } from "./outcome.ts";

export interface ConnectSpec {
  /** An address; names are the resolver's business. */
  readonly to: string;
  readonly port: number;
  readonly from?: { readonly address?: string; readonly port?: number };
  readonly device?: string;
  readonly pid?: number;
  readonly fd?: number;
  readonly uid?: number;
  /** Code that acts on what comes, if the client is no program that reads: the name that `network.serve` bound it under. */
  readonly application?: string;
  readonly tracing?: boolean;
}

export interface ConnectResult {
  readonly outcome: "connected" | Exclude<Outcome, "answered">;
  readonly errno: Errno | undefined;
  readonly by: Hop | undefined;
  readonly trace: Trace | undefined;
  /** Microseconds until the outcome was known. */
  readonly latency: number;
  /**
   * Open if `connected`. After `no answer` it waits in SYN-SENT: try again with `retry` after 1, 3, 7 s… and close it in the
   * end.
   */
  readonly connection: Connection | undefined;
}

/** Opens a TCP connection by one SYN (connect(2) until the first retransmission). */
export function connect(ns: Namespace, spec: ConnectSpec): ConnectResult {
  const peer = peerOf(spec);
  if (peer === undefined) return failed("EINVAL");
  const ends = chooseEnds(ns, spec, peer);
  if (typeof ends === "string") return failed(ends);
  purge(ns);
  const id = nextSocketId(ns);
  const row: ConnectionRow = {
    id,
    protocol: "tcp",
    family: isIPv4(peer) ? 4 : 6,
    address: addressText(ends.local),
    port: ends.port,
    peerAddress: addressText(peer),
    peerPort: spec.port,
    state: "syn-sent",
    ...(spec.pid === undefined ? {} : { pid: spec.pid }),
    ...(spec.fd === undefined ? {} : { fd: spec.fd }),
    uid: spec.uid ?? 0,
    inode: id,
    ...(spec.application === undefined ? {} : { application: spec.application }),
    mss: largestSegment(ends.mtu, peer),
    since: ns.kernel.now,
  };
  connectionIndex(ns).put(row);
  count(ns, "Tcp.ActiveOpens");
  return attempt(new Connection(ns, id), spec);
}

/** Sends the SYN of a connection that waits again. */
export function retry(connection: Connection, options: { tracing?: boolean; device?: string } = {}): ConnectResult {
  if (connection.row?.state !== "syn-sent") return failed("EINVAL");
  count(connection.ns, "Tcp.RetransSegs");
  count(connection.ns, "TcpExt.TCPSynRetrans");
  return attempt(connection, options);
}

function attempt(connection: Connection, options: { tracing?: boolean; device?: string }): ConnectResult {
  const { ns } = connection;
  const row = connection.row!;
  const oif = options.device === undefined ? 0 : (findLink(ns, options.device)?.index ?? 0);
  const trace = walk(ns, synPacket(ns, row, SYN), { tracing: options.tracing ?? true, oif });
  const judged = judge(ns, trace, (reply) => reply.delivery?.connection?.id === row.id, { deaf: true });
  const { errno, by, latency } = judged;
  if (judged.outcome === "no answer") return { outcome: "no answer", errno: undefined, by, trace, latency, connection };
  if (judged.outcome !== "answered") {
    count(ns, "Tcp.AttemptFails");
    connection.close();
    return { outcome: judged.outcome, errno, by, trace, latency, connection: undefined };
  }
  establish(connection, row, trace.delivery!, trace, latency, oif);
  return { outcome: "connected", errno: undefined, by, trace, latency, connection };
}

function synPacket(ns: Namespace, row: ConnectionRow, flags: number) {
  const packet = tcpPacket(flags);
  packet.src = address(row.address);
  packet.dst = address(row.peerAddress);
  packet.sport = row.port;
  packet.dport = row.peerPort;
  packet.fitFamily();
  packet.ttl = configurationOf(ns).defaultTtl;
  packet.uid = row.uid;
  packet.id = (identification(row.id) + (flags & SYN ? 0 : 1)) & 0xffff;
  if (flags & SYN) {
    packet.window = synWindow(row.mss);
    packet.mss = row.mss;
    packet.tcp = synFields(ns, row);
  } else {
    packet.window = row.flow?.window ?? packet.window;
    packet.tcp = tcpFields(ns, row, 0);
  }
  return packet;
}

function synFields(ns: Namespace, row: ConnectionRow): TcpFields {
  // The first SYN and those that repeat it begin at the same number.
  const seq = scatter("seq", row.address, row.port, row.peerAddress, row.peerPort, row.since);
  return { seq, ack: 0, tsval: timestamp(ns, row, 0), tsecr: 0, mss: row.mss, scale: windowScale(ns) };
}

/** Both ends have a socket from here on; the server's takes over who listens and what answers. */
function establish(
  connection: Connection,
  row: ConnectionRow,
  delivery: Delivery,
  trace: Trace,
  latency: number,
  oif: number,
): void {
  const { ns } = connection;
  const there = delivery.ns;
  const { packet, socket } = delivery;
  const accepted = socket ? accept(there, socket.id, packet.src, packet.sport, packet.dst, packet.dport) : undefined;
  // What each end heard of the other's: a rule may have lowered it on the way (TCPMSS).
  const heard = [packet.mss, trace.reply?.delivery?.packet.mss ?? 0].filter((offered) => offered > 0);
  const mss = Math.min(row.mss, accepted?.row?.mss ?? row.mss, ...heard);
  const answer = trace.reply?.delivery?.packet.tcp;
  const scale = windowScale(ns);
  const own = synFields(ns, row);
  const open: ConnectionRow = {
    ...row,
    state: "established",
    mss,
    ...(answer
      ? { flow: establishedFlow(own, answer, scaled(synWindow(row.mss), scale), (identification(row.id) + 1) & 0xffff) }
      : {}),
  };
  connectionIndex(ns).put(open);
  walk(ns, synPacket(ns, open, ACK), { tracing: false, answers: false, oif, after: latency });
  if (!accepted) return;
  const theirs = accepted.row!;
  connectionIndex(there).put({
    ...theirs,
    mss,
    ...(answer && packet.tcp
      ? {
          flow: establishedFlow(
            answer,
            packet.tcp,
            scaled(synWindow(theirs.mss - 12), windowScale(there)),
            identification(theirs.id),
          ),
        }
      : {}),
  });
  if (socket!.application === undefined) there.network.receivers.get(`${there.id}/${socket!.id}`)?.connected?.(latency);
  else if (!theirs.waiting) accepted.open(latency, trace.reply);
}

function scaled(window: number, scale: number): number {
  return Math.ceil(window / 2 ** scale);
}

function accept(
  ns: Namespace,
  listener: number,
  peer: Address,
  peerPort: number,
  local: Address,
  port: number,
): Connection {
  const socket = ns.sockets.get(listener)!;
  count(ns, "Tcp.PassiveOpens");
  const id = nextSocketId(ns);
  const route = getRoute(ns, { destination: peer });
  const mtu = typeof route === "string" ? 1500 : (route.row.mtu ?? route.link.mtu);
  connectionIndex(ns).put({
    id,
    protocol: "tcp",
    family: socket.family,
    address: addressText(local),
    port,
    peerAddress: addressText(peer),
    peerPort,
    state: "established",
    ...(socket.pid === undefined ? {} : { pid: socket.pid }),
    uid: socket.uid,
    inode: id,
    listener,
    ...(socket.application === undefined ? {} : { application: socket.application }),
    ...(socket.application === undefined || isAsleep(ns, socket) ? { waiting: true } : {}),
    ...(socket.args === undefined ? {} : { args: socket.args }),
    mss: largestSegment(mtu, peer),
    since: ns.kernel.now,
  });
  return new Connection(ns, id);
}

/** What is left of a packet behind its headers; none is longer than 65535 bytes, whatever `lo` would take. */
function largestSegment(mtu: number, peer: Address): number {
  return Math.min(mtu, 65535) - (isIPv4(peer) ? 40 : 60);
}

interface Ends {
  readonly local: Address;
  readonly port: number;
  readonly mtu: number;
}

/** Whom it is to be connected to; undefined if that is no address. */
export function peerOf({ to, from }: Pick<ConnectSpec, "to" | "from">): Address | undefined {
  const peer = parseAddress(to);
  return peer === undefined
    ? undefined
    : specified(peer, from?.address === undefined ? undefined : parseAddress(from.address));
}

/** The source address by the route, and a free port (tcp_v4_connect). */
export function chooseEnds(
  ns: Namespace,
  spec: Pick<ConnectSpec, "to" | "port" | "from" | "device">,
  peer: Address,
  protocol: "tcp" | "udp" = "tcp",
): Ends | Errno {
  if (protocol === "tcp" && (isMulticast(peer) || peer === -1)) return "ENETUNREACH";
  const link = spec.device === undefined ? undefined : findLink(ns, spec.device);
  if (spec.device !== undefined && !link) return "ENODEV";
  const source = spec.from?.address === undefined ? undefined : parseAddress(spec.from.address);
  const fixed = source !== undefined && source !== 0 && source !== 0n ? { source } : {};
  if (fixed.source !== undefined && !isLocal(ns, fixed.source)) return "EADDRNOTAVAIL";
  const route = getRoute(ns, { destination: peer, oif: link?.index ?? 0, ...fixed });
  if (typeof route === "string") return route;
  if (route.row.type === "broadcast") return protocol === "tcp" ? "ENETUNREACH" : "EACCES";
  const local = route.source ?? (isIPv4(peer) ? 0 : 0n);
  const wanted = spec.from?.port;
  const port = wanted || connectionPort(ns, protocol, { local, peer, peerPort: spec.port });
  if (port === undefined) return "EADDRNOTAVAIL";
  if (wanted && connectionIndex(ns).find(protocol, local, wanted, peer, spec.port)) return "EADDRNOTAVAIL";
  const mtu = route.row.mtu ?? route.link.mtu;
  // `advmss` of a route: what a SYN may offer.
  const advertised = route.row.metrics?.["advmss"];
  const most = typeof advertised === "number" ? advertised + (isIPv4(peer) ? 40 : 60) : mtu;
  return { local, port, mtu: Math.min(mtu, most) };
}

const OUTCOMES: Partial<Record<Errno, Exclude<Outcome, "answered">>> = {
  ENETUNREACH: "net unreachable",
  EHOSTUNREACH: "host unreachable",
  EACCES: "prohibited",
};

function failed(errno: Errno): ConnectResult {
  const outcome = OUTCOMES[errno] ?? "not sent";
  return { outcome, errno, by: undefined, trace: undefined, latency: 0, connection: undefined };
}

/** Forgets connections whose time is over, now and then: depends on nothing but the rows, so that it is the same everywhere. */
function purge(ns: Namespace): void {
  if (ns.connections.size % 64 === 63) forgetEnded(ns);
}

/** Forgets connections whose TIME-WAIT is over. */
export function forgetEnded(ns: Namespace): void {
  const index = connectionIndex(ns);
  for (const row of ns.connections.values())
    if (row.until !== undefined && row.until <= ns.kernel.now) index.delete(row);
}
