import type { TableIndex } from "../../kernel/index.ts";
import { fail, ok, type Result } from "../errno.ts";
import { address, ANY, ANY6, isIPv4, isMulticast, parseAddress, type Address } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "../route/address-type.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { connectionIndex, socketIndex } from "./lookup.ts";
import type { ConnectionRow, SocketProtocol, SocketRow } from "./row.ts";

/** A socket as a program opens it. */
export interface SocketSpec {
  readonly protocol: SocketProtocol;
  /** `0.0.0.0`, `::` or an address of the namespace; unix: the path. */
  readonly address: string;
  /** 0: an ephemeral one. Raw: the IP protocol. */
  readonly port: number;
  readonly family?: 4 | 6;
  readonly v6only?: boolean;
  /** TCP and unix: listen, with this backlog. */
  readonly backlog?: number;
  readonly device?: string;
  readonly pid?: number;
  readonly fd?: number;
  readonly uid?: number;
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
  readonly application?: string;
  readonly args?: unknown;
  /** Unix: see SocketRow. */
  readonly type?: "stream" | "dgram";
  readonly place?: string;
}

export function nextSocketId(ns: Namespace): number {
  return ns.network.nextInode(ns.machine);
}

/**
 * Binds a socket, and lets it listen if it has a backlog (inet_bind, inet_csk_get_port). EADDRNOTAVAIL for an address that is
 * not here, EADDRINUSE where another holds it. Whether the user may take a low port is for the caller to say.
 */
export function openSocket(ns: Namespace, spec: SocketSpec): Result<SocketRow> {
  const id = nextSocketId(ns);
  const base = {
    id,
    protocol: spec.protocol,
    v6only: spec.v6only ?? (spec.protocol !== "unix" && configurationOf(ns).number("net/ipv6/bindv6only") !== 0),
    address: spec.address,
    state: spec.backlog === undefined ? "unconnected" : "listen",
    backlog: somaxconn(ns, spec.backlog ?? 0),
    uid: spec.uid ?? 0,
    inode: id,
    reuseAddress: spec.reuseAddress ?? false,
    reusePort: spec.reusePort ?? false,
    ...(spec.device === undefined ? {} : { device: spec.device }),
    ...(spec.pid === undefined ? {} : { pid: spec.pid }),
    ...(spec.fd === undefined ? {} : { fd: spec.fd }),
    ...(spec.application === undefined ? {} : { application: spec.application }),
    ...(spec.args === undefined ? {} : { args: spec.args }),
    ...(spec.type === undefined ? {} : { type: spec.type }),
    ...(spec.place === undefined ? {} : { place: spec.place }),
  } as const;
  if (spec.protocol === "unix") return openUnix(ns, { ...base, family: 4, port: 0 });
  const local = parseAddress(spec.address);
  if (local === undefined) return fail("EINVAL");
  if (!canBind(ns, local)) return fail("EADDRNOTAVAIL");
  const family = spec.family ?? (isIPv4(local) ? 4 : 6);
  const port = spec.port === 0 && spec.protocol !== "raw" ? freePort(ns, spec.protocol, local, family) : spec.port;
  if (port === undefined) return fail("EADDRINUSE");
  const row: SocketRow = { ...base, family, port };
  if (spec.protocol !== "raw" && isTaken(ns, row, local)) return fail("EADDRINUSE");
  ns.sockets.set(id, row);
  return ok(row);
}

/** Names of files are the file system's business; those without a file (`@name`) are each namespace's own. */
function openUnix(ns: Namespace, row: SocketRow): Result<SocketRow> {
  if (row.place === undefined && row.address !== "")
    for (const other of ns.sockets.values())
      if (other.protocol === "unix" && other.address === row.address && other.place === undefined)
        return fail("EADDRINUSE");
  ns.sockets.set(row.id, row);
  return ok(row);
}

/** A bound socket starts to listen (inet_csk_listen_start): its port is asked for again, and may be another listener's now. */
export function listenSocket(ns: Namespace, id: number, backlog: number): Result<SocketRow> {
  const row = ns.sockets.get(id);
  if (!row) return fail("EINVAL");
  if (row.protocol === "tcp" && isTaken(ns, row, address(row.address))) return fail("EADDRINUSE");
  const listening: SocketRow = { ...row, state: "listen", backlog: somaxconn(ns, backlog) };
  ns.sockets.set(id, listening);
  return ok(listening);
}

/** Changes what a socket says of itself: a server hands it to a child. */
export function updateSocket(
  ns: Namespace,
  id: number,
  change: Partial<Pick<SocketRow, "pid" | "fd" | "application" | "args" | "place" | "state" | "peer">>,
): void {
  const row = ns.sockets.get(id);
  if (row) ns.sockets.set(id, { ...row, ...change });
}

function somaxconn(ns: Namespace, backlog: number): number {
  return Math.min(backlog, configurationOf(ns).number("net/core/somaxconn"));
}

/** Sockets of a process, for when it ends. */
export function socketsOf(ns: Namespace, pid: number): { sockets: SocketRow[]; connections: ConnectionRow[] } {
  ns.socketsByPid ??= ns.sockets.index(ownerOf);
  ns.connectionsByPid ??= ns.connections.index(ownerOf);
  return { sockets: rowsOf(ns.socketsByPid, pid), connections: rowsOf(ns.connectionsByPid, pid) };
}

function ownerOf({ pid }: { readonly pid?: number }): string {
  return String(pid);
}

/** In the order in which they were made: one that was handed over to the process stands behind others in the index. */
function rowsOf<Row extends { readonly id: number }>(index: TableIndex<number, Row> | undefined, pid: number): Row[] {
  return index ? [...index.rows(String(pid))].sort((a, b) => a.id - b.id) : [];
}

/** A port from ip_local_port_range for a connection; undefined if all are taken. */
export function connectionPort(
  ns: Namespace,
  protocol: "tcp" | "udp",
  ends: { local: Address; peer: Address; peerPort: number },
): number | undefined {
  const index = connectionIndex(ns);
  return drawPort(
    ns,
    (port) =>
      index.find(protocol, ends.local, port, ends.peer, ends.peerPort) === undefined &&
      socketIndex(ns).all(protocol, port).length === 0,
  );
}

function canBind(ns: Namespace, local: Address): boolean {
  if (local === ANY || local === ANY6 || isMulticast(local) || local === -1) return true;
  const free = isIPv4(local) ? "net/ipv4/ip_nonlocal_bind" : "net/ipv6/ip_nonlocal_bind";
  return isLocal(ns, local) || configurationOf(ns).number(free) !== 0;
}

function freePort(ns: Namespace, protocol: SocketProtocol, local: Address, family: 4 | 6): number | undefined {
  const base = { protocol, family, v6only: false, reuseAddress: false, reusePort: false, uid: 0 } as SocketRow;
  return drawPort(ns, (port) => !isTaken(ns, { ...base, port, state: "unconnected" }, local));
}

/** Starts at a random port of the range and goes on, even ones first, as connect(2) does. */
function drawPort(ns: Namespace, isFree: (port: number) => boolean): number | undefined {
  const {
    portRange: [low, high],
    reservedPorts,
  } = configurationOf(ns);
  const count = high - low + 1;
  const start = ns.kernel.random.below(`port/${ns.id}`, count) & ~1;
  for (let step = 0; step < count * 2; step += 2) {
    const offset = step < count ? step : step - count + (count % 2 === 0 ? 1 : 0);
    const port = low + ((start + offset) % count);
    if (!reservedPorts.has(port) && isFree(port)) return port;
  }
  return undefined;
}

/** inet_csk_bind_conflict: same port, overlapping links and addresses, and not both willing to share. */
function isTaken(ns: Namespace, row: SocketRow, local: Address): boolean {
  for (const { row: other, address: held } of socketIndex(ns).all(row.protocol, row.port)) {
    if (other.id === row.id) continue;
    if (row.device !== undefined && other.device !== undefined && row.device !== other.device) continue;
    if (!overlaps(row, local, other, held)) continue;
    if (row.reuseAddress && other.reuseAddress && !(row.protocol === "tcp" && other.state === "listen")) continue;
    if (row.reusePort && other.reusePort && row.uid === other.uid) continue;
    return true;
  }
  if (row.protocol !== "tcp" || row.reuseAddress) return false;
  for (const connection of ns.connections.values()) {
    if (connection.protocol !== "tcp" || connection.port !== row.port) continue;
    if (connection.until !== undefined && connection.until <= ns.kernel.now) continue;
    const held = address(connection.address);
    if (local === ANY || local === ANY6 || local === held) return true;
  }
  return false;
}

/** A wildcard overlaps with everything of its family, `::` with IPv4 too unless it is for IPv6 only. */
function overlaps(row: SocketRow, local: Address, other: SocketRow, held: Address): boolean {
  const [any, otherAny] = [local === ANY || local === ANY6, held === ANY || held === ANY6];
  if (row.family === other.family) return any || otherAny || local === held;
  const six = row.family === 6 ? row : other;
  if (six.v6only) return false;
  return row.family === 6 ? any : otherAny;
}
