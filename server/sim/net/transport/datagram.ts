import type { Bytes, Duration } from "../../kernel/index.ts";
import { address, addressText, isIPv4, parseAddress, type Address } from "../ip.ts";
import type { Errno } from "../errno.ts";
import { findLink } from "../link/links.ts";
import type { Namespace } from "../namespace.ts";
import { connectionIndex } from "../socket/lookup.ts";
import type { ConnectionRow, QueuedDatagram, SocketRow } from "../socket/row.ts";
import { nextSocketId } from "../socket/sockets.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { udpPacket } from "../walk/packet.ts";
import type { Delivery, Hop, Trace } from "../walk/trace.ts";
import { walk } from "../walk/walk.ts";
import { isAsleep, queueDatagram } from "../socket/waiting.ts";
import type { Context, End } from "./application.ts";
import { chooseEnds, peerOf, type ConnectSpec } from "./connect.ts";
import { judge, type Outcome } from "./outcome.ts";
import { answerDatagram, applicationOf } from "./serve.ts";

export interface DatagramResult {
  /** `no answer` is what UDP hears of nearly everything; `refused` comes back as an ICMP error. */
  readonly outcome: Outcome;
  readonly errno: Errno | undefined;
  readonly by: Hop | undefined;
  readonly trace: Trace | undefined;
  /** Microseconds until the first answer, or the error, was there. */
  readonly latency: Duration;
  readonly answers: readonly { readonly bytes: Bytes; readonly delay: Duration }[];
}

export type DatagramSpec = ConnectSpec;

/** Sends one datagram from a socket of its own and takes what is answered at once. */
export function exchangeDatagram(ns: Namespace, spec: DatagramSpec, bytes: Bytes): DatagramResult {
  const row = openDatagram(ns, spec);
  if (typeof row === "string")
    return { outcome: unsent(row), errno: row, by: undefined, trace: undefined, latency: 0, answers: [] };
  const key = `${ns.id}/${row.id}`;
  const answers: { bytes: Bytes; delay: Duration }[] = [];
  ns.network.receivers.set(key, { datagram: (piece, _from, delay) => void answers.push({ bytes: piece, delay }) });
  const sent = sendDatagram(ns, row, { address: row.peerAddress, port: row.peerPort }, bytes, spec);
  ns.network.receivers.delete(key);
  connectionIndex(ns).delete(row);
  const [first] = answers;
  if (first === undefined) return { ...sent, answers };
  return { ...sent, outcome: "answered", errno: undefined, latency: first.delay, answers };
}

/** A UDP socket with a fixed peer (connect(2)), or why there can be none. */
export function openDatagram(ns: Namespace, spec: DatagramSpec): ConnectionRow | Errno {
  const peer = peerOf(spec);
  if (peer === undefined) return "EINVAL";
  const ends = chooseEnds(ns, spec, peer, "udp");
  if (typeof ends === "string") return ends;
  const id = nextSocketId(ns);
  const row: ConnectionRow = {
    id,
    protocol: "udp",
    family: isIPv4(peer) ? 4 : 6,
    address: addressText(ends.local),
    port: ends.port,
    peerAddress: addressText(peer),
    peerPort: spec.port,
    state: "established",
    ...(spec.pid === undefined ? {} : { pid: spec.pid }),
    ...(spec.fd === undefined ? {} : { fd: spec.fd }),
    uid: spec.uid ?? 0,
    inode: id,
    mss: 0,
    since: ns.kernel.now,
  };
  connectionIndex(ns).put(row);
  return row;
}

/** Sends a datagram from a socket that is open. What is answered arrives at its receiver. */
export function sendDatagram(
  ns: Namespace,
  from: SocketRow | ConnectionRow,
  to: End,
  bytes: Bytes,
  options: { tracing?: boolean; device?: string } = {},
): Omit<DatagramResult, "answers"> {
  const destination = parseAddress(to.address);
  if (destination === undefined)
    return { outcome: "not sent", errno: "EINVAL", by: undefined, trace: undefined, latency: 0 };
  const packet = datagram(ns, address(from.address), from.port, destination, to.port, bytes);
  packet.uid = from.uid;
  const device = options.device ?? ("device" in from ? from.device : undefined);
  const oif = device === undefined ? 0 : (findLink(ns, device)?.index ?? 0);
  const trace = walk(ns, packet, { tracing: options.tracing ?? true, oif });
  if (trace.delivery) deliverDatagram(trace.delivery, bytes, trace.ns / 1000, trace);
  const { outcome, errno, by, latency } = judge(ns, trace, () => false, { fatalOnly: true });
  // A socket without a peer is not told what came back for one of its datagrams (__udp4_lib_err).
  const told = "peerAddress" in from || trace.errno !== undefined;
  return { outcome, errno: told ? errno : undefined, by, trace, latency };
}

function datagram(ns: Namespace, src: Address, sport: number, dst: Address, dport: number, bytes: Bytes) {
  const packet = udpPacket(bytes);
  packet.src = src;
  packet.dst = dst;
  packet.sport = sport;
  packet.dport = dport;
  packet.fitFamily();
  packet.ttl = configurationOf(ns).defaultTtl;
  return packet;
}

/** Hands a datagram to the socket that it reached: its program, or its application, whose answers go back. */
function deliverDatagram(delivery: Delivery, bytes: Bytes, delay: Duration, trace: Trace): void {
  const { ns, packet, socket, connection } = delivery;
  const row = socket ?? connection;
  if (!row || packet.quote) return;
  if (isAsleep(ns, row)) return queueDatagram(ns, row, packet, bytes);
  const remote: End = { address: addressText(packet.src), port: packet.sport };
  const local: End = { address: addressText(packet.dst), port: packet.dport };
  takeDatagram(ns, row, { bytes, from: remote, to: local }, delay, trace);
}

/** A process goes on: its socket takes what has waited in it. */
export function deliverWaiting(ns: Namespace, id: number): void {
  const row = ns.sockets.get(id) ?? ns.connections.get(id);
  if (!row?.queued || isAsleep(ns, row)) return;
  const { queued, ...rest } = row;
  if ("peerAddress" in rest) connectionIndex(ns).put(rest);
  else ns.sockets.set(id, rest);
  for (const each of queued) takeDatagram(ns, rest, each, 0, undefined);
}

function takeDatagram(
  ns: Namespace,
  row: SocketRow | ConnectionRow,
  { bytes, from, to }: QueuedDatagram,
  delay: Duration,
  trace: Trace | undefined,
): void {
  const receiver = ns.network.receivers.get(`${ns.id}/${row.id}`);
  if (receiver?.datagram) return receiver.datagram(bytes, from, delay);
  const application = applicationOf(ns, row);
  if (!application) return;
  const context: Context = { ns, local: to, remote: from, args: row.args, now: ns.kernel.now, protocol: "udp" };
  for (const answer of answerDatagram(application, bytes, context)) {
    const after = delay + (answer.delay ?? 0);
    const back = datagram(ns, address(to.address), to.port, address(from.address), from.port, answer.bytes);
    const reply = walk(ns, back, { after });
    if (trace) trace.reply ??= reply;
    if (reply.delivery) deliverDatagram(reply.delivery, answer.bytes, after + reply.ns / 1000, reply);
  }
}

function unsent(errno: Errno): Outcome {
  if (errno === "ENETUNREACH") return "net unreachable";
  if (errno === "EHOSTUNREACH") return "host unreachable";
  return errno === "EACCES" ? "prohibited" : "not sent";
}
