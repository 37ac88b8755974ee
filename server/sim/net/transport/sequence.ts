import { scatter } from "../capture/octets.ts";
import type { Address } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import type { ConnectionRow, TcpFlow } from "../socket/row.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { FIN, SYN, type Packet, type TcpFields } from "../walk/packet.ts";

type Ends = Pick<ConnectionRow, "address" | "port" | "peerAddress" | "peerPort">;

/** Where a connection begins to count: a hash of its ends and the clock (secure_tcp_seq). */
export function initialSequence(ns: Namespace, { address, port, peerAddress, peerPort }: Ends): number {
  return scatter("seq", address, port, peerAddress, peerPort, ns.kernel.now);
}

/** The clock of a pair of addresses, in milliseconds from a beginning of its own (tcp_time_stamp, secure_tcp_ts_off). */
export function timestamp(ns: Namespace, { address, peerAddress }: Ends, after: number): number {
  return (scatter("ts", address, peerAddress) + Math.floor((ns.kernel.now + after) / 1000)) >>> 0 || 1;
}

/** How far a window is shifted, so that the largest receive buffer fits in 16 bits (tcp_select_initial_window). */
export function windowScale(ns: Namespace): number {
  const most = Number(configurationOf(ns).text("net/ipv4/tcp_rmem").split(/\s+/).at(-1));
  return Math.min(14, Math.max(0, Math.floor(Math.log2(most)) - 15));
}

/** What both ends know of each other's numbers once the handshake is over. */
export function establishedFlow(sent: TcpFields, received: TcpFields, window: number, id: number): TcpFlow {
  return {
    next: (sent.seq + 1) >>> 0,
    expects: (received.seq + 1) >>> 0,
    stamp: received.tsval,
    window,
    id,
    bytesSent: 0,
    bytesReceived: 0,
    segmentsOut: 1,
    segmentsIn: 1,
  };
}

/** The header of the next segment of a connection. */
export function tcpFields(ns: Namespace, row: ConnectionRow, after: number): TcpFields | undefined {
  const { flow } = row;
  if (!flow) return undefined;
  return { seq: flow.next, ack: flow.expects, tsval: timestamp(ns, row, after), tsecr: flow.stamp };
}

/** What a segment takes of the numbers: its bytes, and one each for SYN and FIN. */
export function sequenceLength(packet: Packet): number {
  return (packet.payload?.length ?? 0) + (packet.flags & SYN ? 1 : 0) + (packet.flags & FIN ? 1 : 0);
}

/** After a segment has left. */
export function sentFlow(flow: TcpFlow, packet: Packet): TcpFlow {
  const bytes = packet.payload?.length ?? 0;
  return {
    ...flow,
    next: (flow.next + sequenceLength(packet)) >>> 0,
    bytesSent: flow.bytesSent + bytes,
    segmentsOut: flow.segmentsOut + packet.segments,
    // It answers what came shortly before: from now on it waits with its acknowledgements (inet_csk_in_pingpong_mode).
    ...(bytes > 0 && flow.bytesReceived > 0 ? { talks: true as const } : {}),
  };
}

/** After a segment has come. */
export function receivedFlow(flow: TcpFlow, packet: Packet): TcpFlow {
  const { tcp } = packet;
  if (!tcp) return flow;
  return {
    ...flow,
    expects: (tcp.seq + sequenceLength(packet)) >>> 0,
    stamp: tcp.tsval || flow.stamp,
    bytesReceived: flow.bytesReceived + (packet.payload?.length ?? 0),
    segmentsIn: flow.segmentsIn + packet.segments,
  };
}

export function identification(...ends: readonly (Address | number)[]): number {
  return scatter("id", ...ends) & 0xffff;
}
