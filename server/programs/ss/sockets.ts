import type { Process, ProcessRow } from "../../sim/host/index.ts";
import {
  queuedBytes,
  waitingConnections,
  type ConnectionRow,
  type Namespace,
  type SocketRow,
} from "../../sim/net/index.ts";

/** States of sockets by the names of Linux. */
export type State =
  | "ESTAB" | "SYN-SENT" | "SYN-RECV" | "FIN-WAIT-1" | "FIN-WAIT-2" | "TIME-WAIT" | "UNCONN" | "CLOSE-WAIT"
  | "LAST-ACK" | "LISTEN" | "CLOSING"; // prettier-ignore

export interface ShownSocket {
  readonly protocol: "tcp" | "udp" | "raw" | "unix";
  readonly family: 4 | 6;
  readonly v6only: boolean;
  readonly state: State;
  readonly received: number;
  readonly sending: number;
  readonly address: string;
  readonly port: number;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly device?: string;
  readonly inode: number;
  readonly uid: number;
  readonly id: number;
  /** Of unix sockets. */
  readonly type?: "stream" | "dgram";
  /** Undefined for sockets of the kernel, and for those that nobody holds any more. */
  readonly owner?: { readonly row: ProcessRow; readonly fd: number };
  /** When TIME-WAIT ends. */
  readonly until?: number;
}

const STATES: Readonly<Record<ConnectionRow["state"], State>> = {
  "syn-sent": "SYN-SENT",
  "syn-recv": "SYN-RECV",
  established: "ESTAB",
  "fin-wait-1": "FIN-WAIT-1",
  "fin-wait-2": "FIN-WAIT-2",
  "close-wait": "CLOSE-WAIT",
  "last-ack": "LAST-ACK",
  "time-wait": "TIME-WAIT",
  close: "UNCONN",
};

/** All sockets of a namespace: of a protocol IPv4 before IPv6, listening ones before connected ones. */
export function socketsIn(ns: Namespace, process: Process): ShownSocket[] {
  const { now } = ns.kernel;
  const sockets = [...ns.sockets.values()].filter((row) => row.protocol !== "tcp" || row.state === "listen");
  const connections = [...ns.connections.values()].filter((row) => row.until === undefined || row.until > now);
  const descriptors = descriptorsOf([...sockets, ...connections.filter(isHeld)]);
  const bound = sockets.map((row) => ofSocket(ns, process, row, descriptors));
  const connected = connections.map((row) => ofConnection(process, row, descriptors));
  return [...bound, ...connected].sort((a, b) => a.family - b.family);
}

/** By a socket's id, the file descriptor that it is: of daemons, which open no other files here, in the order of their opening. */
function descriptorsOf(rows: readonly (SocketRow | ConnectionRow)[]): ReadonlyMap<number, number> {
  const descriptors = new Map<number, number>();
  const next = new Map<number, number>();
  for (const { id, pid, fd } of rows.toSorted((a, b) => a.id - b.id)) {
    if (pid === undefined) continue;
    const free = next.get(pid) ?? 3;
    descriptors.set(id, fd ?? free);
    if (fd === undefined) next.set(pid, free + 1);
  }
  return descriptors;
}

/** Its program has it open: what is left of others is the kernel's. */
function isHeld({ orphan, waiting, state }: ConnectionRow): boolean {
  return !orphan && !waiting && state !== "time-wait";
}

function ofSocket(
  ns: Namespace,
  process: Process,
  row: SocketRow,
  descriptors: ReadonlyMap<number, number>,
): ShownSocket {
  const listens = row.state === "listen";
  const any = row.family === 6 ? "::" : "0.0.0.0";
  const owner = ownerOf(process, row, descriptors);
  return {
    protocol: row.protocol === "icmp" ? "raw" : row.protocol,
    family: row.family,
    v6only: row.v6only,
    state: listens ? "LISTEN" : row.state === "connected" ? "ESTAB" : "UNCONN",
    received: listens && row.protocol === "tcp" ? waitingConnections(ns, row.id).length : queuedBytes(row),
    sending: listens ? row.backlog : 0,
    address: row.address,
    port: row.port,
    peerAddress: any,
    // Of a unix socket the inode of the other end.
    peerPort: row.peer ?? 0,
    ...(row.type === undefined ? {} : { type: row.type }),
    ...(row.device === undefined ? {} : { device: row.device }),
    inode: row.inode,
    uid: row.uid,
    id: row.id,
    ...(owner ? { owner } : {}),
  };
}

function ofConnection(process: Process, row: ConnectionRow, descriptors: ReadonlyMap<number, number>): ShownSocket {
  const held = isHeld(row);
  const owner = held ? ownerOf(process, row, descriptors) : undefined;
  return {
    protocol: row.protocol,
    family: row.family,
    v6only: false,
    state: STATES[row.state],
    received: row.protocol === "udp" ? queuedBytes(row) : (row.received?.length ?? 0),
    sending: 0,
    address: row.address,
    port: row.port,
    peerAddress: row.peerAddress,
    peerPort: row.peerPort,
    inode: held ? row.inode : 0,
    uid: row.uid,
    id: row.id,
    ...(owner ? { owner } : {}),
    ...(row.until === undefined ? {} : { until: row.until }),
  };
}

/** Whose it is, as far as the one who asks may see it in /proc: root all, others their own. */
function ownerOf(
  process: Process,
  { id, pid }: SocketRow | ConnectionRow,
  descriptors: ReadonlyMap<number, number>,
): ShownSocket["owner"] {
  const row = pid === undefined ? undefined : process.machine.process(pid);
  if (!row || (process.uid !== 0 && process.uid !== row.uid)) return undefined;
  if (!process.host.sees(row)) return undefined;
  return { row, fd: descriptors.get(id)! };
}
