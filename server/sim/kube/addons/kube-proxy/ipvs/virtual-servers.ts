import {
  addDestination,
  addService,
  deleteDestination,
  deleteService,
  editDestination,
  editService,
  serviceKey,
  servicesOf,
  type DestinationRow,
  type Namespace,
  type Scheduler,
  type ServiceAddress,
} from "../../../../net/index.ts";

export interface VirtualServer {
  readonly at: ServiceAddress;
  readonly scheduler: Scheduler;
  /** Session affinity, seconds. */
  readonly persistent?: number;
}

/** Real servers that wait for the end of their connections, by `realServerName` (graceful_termination.go). */
export type Terminating = Set<string>;

/** `tcp 10.96.0.1 443/10.244.0.2 80` */
export function realServerName(
  at: ServiceAddress,
  { address, port }: Pick<DestinationRow, "address" | "port">,
): string {
  return `${serviceKey(at)}/${address} ${port}`;
}

/** Makes a virtual server, or gives it what it shall be (syncService). */
export function ensureVirtualServer(ns: Namespace, wanted: VirtualServer): void {
  const found = servicesOf(ns).get(serviceKey(wanted.at));
  if (!found) addService(ns, wanted);
  else if (found.scheduler !== wanted.scheduler || found.persistent !== wanted.persistent) editService(ns, wanted);
}

const REAL = { weight: 1, upper: 0, lower: 0 } as const;

/**
 * Gives a virtual server its real servers (syncEndpoint). One that is not wanted any more goes at once if it has no
 * connections; else it gets no new ones, and `terminating` remembers it. `first`: after a start weights are set anew.
 */
export function syncRealServers(
  ns: Namespace,
  at: ServiceAddress,
  endpoints: readonly Pick<DestinationRow, "address" | "port">[],
  terminating: Terminating,
  first: boolean,
  connections: (at: ServiceAddress, real: Pick<DestinationRow, "address" | "port">) => number,
): void {
  const current = servicesOf(ns).get(serviceKey(at))?.destinations ?? [];
  const known = new Map(current.map((one) => [`${one.address} ${one.port}`, one]));
  for (const { address, port } of endpoints) {
    const real = { address, port, ...REAL };
    const have = known.get(`${address} ${port}`);
    known.delete(`${address} ${port}`);
    if (have) {
      if (first && have.weight !== REAL.weight) editDestination(ns, at, real);
      const name = realServerName(at, real);
      if (!terminating.has(name)) continue;
      terminating.delete(name);
      deleteDestination(ns, at, have);
    }
    addDestination(ns, at, real);
  }
  for (const old of known.values()) {
    const name = realServerName(at, old);
    if (terminating.has(name) || removeIfIdle(ns, at, old, connections)) continue;
    editDestination(ns, at, { ...old, weight: 0 });
    terminating.add(name);
  }
}

/** UDP knows no end of connections: its real servers go at once (deleteRsFunc). */
function removeIfIdle(
  ns: Namespace,
  at: ServiceAddress,
  real: DestinationRow,
  connections: (at: ServiceAddress, real: DestinationRow) => number,
): boolean {
  const graceful = "protocol" in at && at.protocol !== "udp";
  if (graceful && connections(at, real) > 0) return false;
  deleteDestination(ns, at, real);
  return true;
}

/** Takes away those that wait and have no connections any more. */
export function removeTerminated(
  ns: Namespace,
  terminating: Terminating,
  connections: (at: ServiceAddress, real: Pick<DestinationRow, "address" | "port">) => number,
): void {
  for (const service of servicesOf(ns).values())
    for (const real of service.destinations) {
      const name = realServerName(service.at, real);
      if (terminating.has(name) && removeIfIdle(ns, service.at, real, connections)) terminating.delete(name);
    }
  const left = new Set<string>();
  for (const { at, destinations } of servicesOf(ns).values())
    for (const real of destinations) left.add(realServerName(at, real));
  for (const name of terminating) if (!left.has(name)) terminating.delete(name);
}

/** Takes away the virtual servers that nobody wants, but those in `excluded` networks (cleanLegacyService). */
export function removeOthers(
  ns: Namespace,
  active: ReadonlySet<string>,
  isExcluded: (address: string) => boolean,
): void {
  for (const [key, { at }] of servicesOf(ns).entries()) {
    if (active.has(key) || !("address" in at) || at.address.includes(":") || isExcluded(at.address)) continue;
    deleteService(ns, at);
  }
}
