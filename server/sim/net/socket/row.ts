import type { Bytes, Time } from "../../kernel/index.ts";
import type { TlsSession } from "../transport/tls.ts";

export type SocketProtocol = "tcp" | "udp" | "raw" | "unix" | "icmp";

/** A datagram that has come for a process that is stopped. */
export interface QueuedDatagram {
  readonly bytes: Bytes;
  readonly from: { readonly address: string; readonly port: number };
  readonly to: { readonly address: string; readonly port: number };
}

/** A socket that is bound or listens. */
export interface SocketRow {
  readonly id: number;
  readonly protocol: SocketProtocol;
  /** 6 for sockets of AF_INET6, which take IPv4 as well unless `v6only`. */
  readonly family: 4 | 6;
  readonly v6only: boolean;
  /** Text; `0.0.0.0` and `::` are wildcards. Unix: the path. */
  readonly address: string;
  /** Raw sockets: the IP protocol. */
  readonly port: number;
  readonly state: "listen" | "unconnected" | "connected";
  /** Unix: stream if not given. */
  readonly type?: "stream" | "dgram";
  /** Unix: the file that it is bound to, as `FILESYSTEM/INODE`: whoever reaches that file reaches the socket. */
  readonly place?: string;
  /** Unix: the inode of the socket at the other end. */
  readonly peer?: number;
  /** Bound to a link by name (SO_BINDTODEVICE). */
  readonly device?: string;
  readonly backlog: number;
  /** Machine-wide; none for sockets that the kernel itself holds (a vxlan's). */
  readonly pid?: number;
  readonly fd?: number;
  readonly uid: number;
  readonly inode: number;
  readonly reuseAddress: boolean;
  readonly reusePort: boolean;
  /** Code that answers, by the name that `network.serve` bound it under, and plain data for it. */
  readonly application?: string;
  readonly args?: unknown;
  readonly queued?: readonly QueuedDatagram[];
}

export type TcpState =
  | "syn-sent"
  | "syn-recv"
  | "established"
  | "fin-wait-1"
  | "fin-wait-2"
  | "close-wait"
  | "last-ack"
  | "time-wait"
  | "close";

/** The numbers that TCP keeps of a connection. */
export interface TcpFlow {
  /** Of the next byte that is sent (snd_nxt), and of the next that is expected (rcv_nxt). */
  readonly next: number;
  readonly expects: number;
  /** The other end's last timestamp (ts_recent). */
  readonly stamp: number;
  /** As it stands in the header, scaled. */
  readonly window: number;
  /** Of the first packet's IP header; it counts up from there (inet_id). */
  readonly id: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly segmentsOut: number;
  readonly segmentsIn: number;
  /** It has answered: its acknowledgements wait for the next answer. */
  readonly talks?: true;
}

/** A connected socket: one end of a TCP connection, or a UDP socket with a fixed peer. */
export interface ConnectionRow {
  readonly id: number;
  readonly protocol: "tcp" | "udp";
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly state: TcpState;
  readonly pid?: number;
  readonly fd?: number;
  readonly uid: number;
  readonly inode: number;
  /** The listening socket that it came from. */
  readonly listener?: number;
  /** It waits for a program to accept it. */
  readonly waiting?: true;
  /** Its program has closed it; what is left is the kernel's. */
  readonly orphan?: true;
  readonly application?: string;
  readonly args?: unknown;
  /** Largest segment, as both ends agreed. */
  readonly mss: number;
  readonly since: Time;
  /** TIME-WAIT ends by itself. */
  readonly until?: Time;
  /** What has arrived and nobody has read yet. */
  readonly received?: Bytes;
  readonly queued?: readonly QueuedDatagram[];
  /** The other end's farewell has come while the process was stopped. */
  readonly farewell?: true;
  /** What a server's application keeps between two pieces of a stream. */
  readonly memory?: unknown;
  readonly tls?: TlsSession;
  readonly flow?: TcpFlow;
}
