import { address, addressText, ANY, ANY6, type Address } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import type { ConnectionRow, SocketProtocol, SocketRow } from "./row.ts";

interface Bound {
  readonly row: SocketRow;
  readonly address: Address;
}

/** Bound sockets by protocol and port, as of a version of their rows. */
export class SocketIndex {
  readonly version: number;
  readonly #byPort = new Map<string, Bound[]>();

  constructor(ns: Namespace) {
    this.version = ns.sockets.version;
    for (const row of ns.sockets.values()) {
      if (row.protocol === "unix") continue;
      const key = `${row.protocol}/${row.port}`;
      const bound = { row, address: address(row.address) };
      const list = this.#byPort.get(key);
      if (list) list.push(bound);
      else this.#byPort.set(key, [bound]);
    }
  }

  all(protocol: SocketProtocol, port: number): readonly Bound[] {
    return this.#byPort.get(`${protocol}/${port}`) ?? [];
  }

  /** The socket that a packet to this address is for: the most exact binding wins (compute_score). */
  find(protocol: SocketProtocol, destination: Address, port: number, device: string): SocketRow | undefined {
    const bound = this.#byPort.get(`${protocol}/${port}`);
    if (!bound) return undefined;
    let best: SocketRow | undefined;
    let bestScore = -1;
    for (const { row, address: own } of bound) {
      const score = scoreOf(row, own, destination, device);
      // Among equals the TCP socket that was bound first, the UDP socket that was bound last (udp_lib_get_port).
      if (score > bestScore || (score === bestScore && score >= 0 && protocol === "udp"))
        [best, bestScore] = [row, score];
    }
    return best;
  }
}

/** -1 if the socket does not take packets to this address. */
function scoreOf(row: SocketRow, own: Address, destination: Address, device: string): number {
  if (row.device !== undefined && row.device !== device) return -1;
  const v4 = typeof destination === "number";
  if (v4 ? row.family === 6 && row.v6only : row.family === 4) return -1;
  const wildcard = own === ANY || own === ANY6;
  if (!wildcard && own !== destination) return -1;
  return (wildcard ? 0 : 4) + (row.device === undefined ? 0 : 2) + ((row.family === 4) === v4 ? 1 : 0);
}

export function socketIndex(ns: Namespace): SocketIndex {
  if (ns.socketIndex?.version !== ns.sockets.version) ns.socketIndex = new SocketIndex(ns);
  return ns.socketIndex;
}

/** Connected sockets by their four-tuple. Kept in step with the rows; made anew if somebody else wrote them. */
export class ConnectionIndex {
  readonly #ns: Namespace;
  readonly #byTuple = new Map<string, number>();
  #version: number;

  constructor(ns: Namespace) {
    this.#ns = ns;
    this.#version = ns.connections.version;
    for (const row of ns.connections.values()) this.#byTuple.set(rowKey(row), row.id);
  }

  get current(): boolean {
    return this.#version === this.#ns.connections.version;
  }

  find(protocol: string, local: Address, port: number, peer: Address, peerPort: number): ConnectionRow | undefined {
    const id = this.#byTuple.get(tupleKey(protocol, local, port, peer, peerPort));
    const row = id === undefined ? undefined : this.#ns.connections.get(id);
    if (row?.until === undefined || row.until > this.#ns.kernel.now) return row;
    this.delete(row);
    return undefined;
  }

  put(row: ConnectionRow): void {
    const before = this.#ns.connections.get(row.id);
    if (!before || !sameTuple(before, row)) this.#byTuple.set(rowKey(row), row.id);
    this.#ns.connections.set(row.id, row);
    this.#version = this.#ns.connections.version;
  }

  delete(row: ConnectionRow): void {
    const key = rowKey(row);
    if (this.#byTuple.get(key) === row.id) this.#byTuple.delete(key);
    this.#ns.connections.delete(row.id);
    this.#version = this.#ns.connections.version;
  }
}

function sameTuple(a: ConnectionRow, b: ConnectionRow): boolean {
  return (
    a.port === b.port &&
    a.peerPort === b.peerPort &&
    a.address === b.address &&
    a.peerAddress === b.peerAddress &&
    a.protocol === b.protocol
  );
}

function tupleKey(protocol: string, local: Address, port: number, peer: Address, peerPort: number): string {
  return `${protocol} ${keyOf(local)} ${port} ${keyOf(peer)} ${peerPort}`;
}

function keyOf(value: Address): string | number {
  return typeof value === "number" ? value : addressText(value);
}

function rowKey(row: ConnectionRow): string {
  return tupleKey(row.protocol, address(row.address), row.port, address(row.peerAddress), row.peerPort);
}

export function connectionIndex(ns: Namespace): ConnectionIndex {
  if (!ns.connectionIndex?.current) ns.connectionIndex = new ConnectionIndex(ns);
  return ns.connectionIndex;
}
