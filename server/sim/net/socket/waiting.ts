import type { Bytes } from "../../kernel/index.ts";
import { addressText } from "../ip.ts";
import { count } from "../mib.ts";
import type { Namespace } from "../namespace.ts";
import { connectionIndex } from "./lookup.ts";
import type { ConnectionRow, QueuedDatagram, SocketRow } from "./row.ts";
import type { Packet } from "../walk/packet.ts";

/** net.core.rmem_default: what waits in a datagram socket, with what the kernel keeps around it. */
const RECEIVE_BUFFER = 212_992;

/** Whether the process that a socket belongs to is stopped: what comes waits in the kernel until it goes on. */
export function isAsleep({ network, machine }: Namespace, { pid }: { readonly pid?: number }): boolean {
  return pid !== undefined && network.isPaused(machine, pid);
}

/** Connections that a listening socket's program has not accepted yet, oldest first. */
export function waitingConnections(ns: Namespace, listener: number): ConnectionRow[] {
  return [...ns.connections.values()].filter((row) => row.waiting && row.listener === listener);
}

/** No more connections fit between the kernel and a program that does not accept them (sk_acceptq_is_full). */
export function acceptQueueIsFull(ns: Namespace, socket: SocketRow): boolean {
  if (socket.application !== undefined && !isAsleep(ns, socket)) return false;
  return waitingConnections(ns, socket.id).length > socket.backlog;
}

/** Keeps a datagram for a socket whose process is stopped. One that does not fit is lost. */
export function queueDatagram(ns: Namespace, row: SocketRow | ConnectionRow, packet: Packet, bytes: Bytes): void {
  const queued = row.queued ?? [];
  if (queuedBytes(row) > RECEIVE_BUFFER) return count(ns, "Udp.RcvbufErrors");
  const { src, sport, dst, dport } = packet;
  const waiting: QueuedDatagram = {
    bytes,
    from: { address: addressText(src), port: sport },
    to: { address: addressText(dst), port: dport },
  };
  const next = { ...row, queued: [...queued, waiting] };
  if ("peerAddress" in next) connectionIndex(ns).put(next);
  else ns.sockets.set(next.id, next);
}

/** What waits in a datagram socket as `Recv-Q` shows it: each one with its buffer (skb->truesize, measured on Linux 6.18). */
export function queuedBytes({ queued = [] }: { readonly queued?: readonly QueuedDatagram[] }): number {
  return queued.reduce((sum, { bytes }) => sum + bufferSize(bytes.length), 0);
}

function bufferSize(length: number): number {
  if (length <= 190) return 832;
  return 256 + 2 ** Math.ceil(Math.log2(length + 370));
}
