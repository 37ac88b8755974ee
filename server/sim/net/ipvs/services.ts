import type { Errno } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import type { Rows } from "../rows.ts";
import { connectionsOf } from "./connections.ts";
import { countersOf } from "./counters.ts";
import {
  destinationKey,
  serviceKey,
  type DestinationRow,
  type IpvsConnectionRow,
  type ServiceAddress,
  type ServiceRow,
} from "./row.ts";

/** Virtual services by their keys (`tcp 10.96.0.1 443`), in the order in which they were made. */
export function servicesOf(ns: Namespace): Rows<string, ServiceRow> {
  return ns.rows("ipvs/services");
}

type Outcome = Errno | undefined;

/** Errors as ip_vs_ctl.c gives them: EEXIST, ESRCH without the service, ENOENT without the destination. */
export function addService(ns: Namespace, service: Omit<ServiceRow, "destinations">): Outcome {
  const key = serviceKey(service.at);
  if (servicesOf(ns).has(key)) return "EEXIST";
  for (const module of ["ip_vs", `ip_vs_${service.scheduler}`]) ns.network.loadModule(ns.machine, module);
  servicesOf(ns).set(key, { ...service, destinations: [] });
  return undefined;
}

export function editService(ns: Namespace, service: Omit<ServiceRow, "destinations">): Outcome {
  const known = servicesOf(ns).get(serviceKey(service.at));
  if (!known) return "ESRCH";
  servicesOf(ns).set(serviceKey(service.at), { ...service, destinations: known.destinations });
  return undefined;
}

/** Connections of a service that is gone stay until they end, and their packets are dropped. */
export function deleteService(ns: Namespace, at: ServiceAddress): Outcome {
  const key = serviceKey(at);
  const known = servicesOf(ns).get(key);
  if (!known) return "ESRCH";
  servicesOf(ns).delete(key);
  for (const destination of known.destinations) countersOf(ns).delete(`${key} ${destinationKey(destination)}`);
  countersOf(ns).delete(key);
  return undefined;
}

export function clearServices(ns: Namespace): void {
  servicesOf(ns).clear();
  countersOf(ns).clear();
}

/** Sets the counters of a service, or of all, to zero. */
export function zeroService(ns: Namespace, at?: ServiceAddress): Outcome {
  const key = at && serviceKey(at);
  if (key !== undefined && !servicesOf(ns).has(key)) return "ESRCH";
  for (const own of countersOf(ns).keys())
    if (key === undefined || own === key || own.startsWith(`${key} `)) countersOf(ns).delete(own);
  return undefined;
}

export function addDestination(ns: Namespace, at: ServiceAddress, destination: DestinationRow): Outcome {
  return change(ns, at, (list, found) => (found < 0 ? [destination, ...list] : "EEXIST"), destination);
}

export function editDestination(ns: Namespace, at: ServiceAddress, destination: DestinationRow): Outcome {
  return change(ns, at, (list, found) => (found < 0 ? "ENOENT" : list.with(found, destination)), destination);
}

export function deleteDestination(
  ns: Namespace,
  at: ServiceAddress,
  destination: Pick<DestinationRow, "address" | "port">,
): Outcome {
  const outcome = change(ns, at, (list, found) => (found < 0 ? "ENOENT" : list.toSpliced(found, 1)), destination);
  if (outcome === undefined) countersOf(ns).delete(`${serviceKey(at)} ${destinationKey(destination)}`);
  return outcome;
}

function change(
  ns: Namespace,
  at: ServiceAddress,
  to: (list: readonly DestinationRow[], found: number) => readonly DestinationRow[] | Errno,
  { address, port }: Pick<DestinationRow, "address" | "port">,
): Outcome {
  const key = serviceKey(at);
  const service = servicesOf(ns).get(key);
  if (!service) return "ESRCH";
  const found = service.destinations.findIndex((one) => one.address === address && one.port === port);
  const list = to(service.destinations, found);
  if (typeof list === "string") return list;
  servicesOf(ns).set(key, { ...service, destinations: list });
  return undefined;
}

export interface Load {
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
}

/** How many connections each real server has: those that stand, the others, and the clients that are bound to it. */
export function loadsOf(ns: Namespace): ReadonlyMap<string, Load> {
  const loads = new Map<string, { active: number; inactive: number; persistent: number }>();
  const { now } = ns.kernel;
  for (const row of connectionsOf(ns).values()) {
    if (row.expires <= now) continue;
    const key = loadKey(row);
    let load = loads.get(key);
    if (!load) loads.set(key, (load = { active: 0, inactive: 0, persistent: 0 }));
    if (row.template) load.persistent++;
    else if (row.state === "ESTABLISHED") load.active++;
    else load.inactive++;
  }
  return loads;
}

/** Under which `loadsOf` keeps a real server of a service. */
export function loadKey({ service, real, realPort }: Pick<IpvsConnectionRow, "service" | "real" | "realPort">): string {
  return `${service} ${real} ${realPort}`;
}
