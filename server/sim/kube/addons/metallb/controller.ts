import { parseAddress } from "../../../net/index.ts";
import { EventRecorder, isStatus, referenceTo, Unreachable, type Client, type Service } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { events, services } from "../../kinds/index.ts";
import { addressesIn, isIn, mayUse, resources, type Pool } from "./pools.ts";
import { logLine, type Member } from "./members.ts";

const ANNOTATIONS = ["metallb.io", "metallb.universe.tf"] as const;
export const FROM_POOL = "metallb.io/ip-allocated-from-pool";

/** Who has an address now, and whether others may have it too. */
interface Holder {
  readonly key: string;
  readonly sharing: string;
  readonly ports: readonly string[];
}

/** Gives Services of type LoadBalancer their addresses (controller/service.go convergeBalancer, internal/allocator). */
export function allocate(member: Member, client: Client, cluster: Cluster): void {
  const pools = resources<Pool>(cluster, "ipaddresspools");
  const recorder = new EventRecorder(client, events, { component: "metallb-controller" });
  const held = new Map<string, Holder[]>();
  const balancers = client.list(services).filter(({ spec }) => spec.type === "LoadBalancer" && spec.loadBalancerClass === undefined); // prettier-ignore
  const kept = new Set<Service>();
  for (const service of balancers) {
    const address = service.status?.loadBalancer?.ingress?.[0]?.ip;
    const parsed = address === undefined ? undefined : parseAddress(address);
    const pool = parsed === undefined ? undefined : pools.find((one) => isIn(one, parsed));
    const wanted = wantedOf(service);
    if (address === undefined || !pool || !mayUse(pool, service, client)) continue;
    if ((wanted.address !== undefined && wanted.address !== address) || (wanted.pool !== undefined && wanted.pool !== pool.metadata.name)) continue; // prettier-ignore
    kept.add(service);
    hold(held, address, holderOf(service));
  }
  for (const service of client.list(services)) {
    const isOurs = service.metadata.annotations?.[FROM_POOL] !== undefined;
    if (service.spec.type !== "LoadBalancer" && isOurs) write(member, client, service, undefined, undefined);
  }
  for (const service of balancers) {
    if (kept.has(service)) continue;
    const key = `${service.metadata.namespace}/${service.metadata.name}`;
    const before = service.status?.loadBalancer?.ingress?.[0]?.ip;
    if (before !== undefined) {
      logLine(member, { caller: "service.go:110", event: "clearAssignment", msg: "current IP not allowed by config, clearing", reason: "notAllowedByConfig", level: "info" }); // prettier-ignore
    }
    const found = choose(pools, service, held, client);
    const about = referenceTo(services, service);
    if ("error" in found) {
      const message = `Failed to allocate IP for ${JSON.stringify(key)}: ${found.error}`;
      if (before !== undefined) write(member, client, service, undefined, undefined);
      if (member.row.failed[key] === message) continue;
      member.change({ failed: { ...member.row.failed, [key]: message } });
      logLine(member, { caller: "service.go:143", error: found.error, level: "error", msg: "IP allocation failed", op: "allocateIPs" }); // prettier-ignore
      recorder.event(about, "Warning", "AllocationFailed", message);
      continue;
    }
    hold(held, found.address, holderOf(service));
    if (!write(member, client, service, found.address, found.pool)) continue;
    const { [key]: _, ...failed } = member.row.failed;
    member.change({ failed });
    logLine(member, { caller: "service.go:150", event: "ipAllocated", ip: [found.address], level: "info", msg: "IP address assigned by controller" }); // prettier-ignore
    recorder.event(about, "Normal", "IPAllocated", `Assigned IP ["${found.address}"]`);
  }
}

function annotation({ metadata }: Service, name: string): string | undefined {
  for (const prefix of ANNOTATIONS) {
    const value = metadata.annotations?.[`${prefix}/${name}`];
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

function wantedOf(service: Service): { readonly address?: string; readonly pool?: string } {
  const given = annotation(service, "loadBalancerIPs") ?? service.spec.loadBalancerIP;
  const pool = annotation(service, "address-pool");
  return {
    ...(given === undefined || given === "" ? {} : { address: given.split(",")[0]!.trim() }),
    ...(pool === undefined ? {} : { pool }),
  };
}

function holderOf(service: Service): Holder {
  const { spec, metadata } = service;
  // Services that send only to local endpoints share an address only if they have the same ones.
  const backend = spec.externalTrafficPolicy === "Local" ? JSON.stringify(spec.selector ?? {}) : "";
  const key = annotation(service, "allow-shared-ip");
  return {
    key: `${metadata.namespace}/${metadata.name}`,
    sharing: key === undefined ? "" : `${key} ${backend}`,
    ports: (spec.ports ?? []).map(({ protocol = "TCP", port }) => `${protocol}/${port}`),
  };
}

function hold(held: Map<string, Holder[]>, address: string, holder: Holder): void {
  held.set(address, [...(held.get(address) ?? []), holder]);
}

/** Why a Service may not have an address that others have; undefined if it may (allocator checkSharing). */
function sharingProblem(others: readonly Holder[], own: Holder, address: string): string | undefined {
  for (const other of others) {
    if (other.key === own.key) continue;
    if (own.sharing === "" || other.sharing !== own.sharing)
      return `can't change sharing key for ${JSON.stringify(own.key)}, address also in use by ${other.key}`;
    const taken = own.ports.find((port) => other.ports.includes(port));
    if (taken !== undefined) return `port ${taken} is already in use on ${JSON.stringify(address)}`;
  }
  return undefined;
}

type Choice = { readonly address: string; readonly pool: string } | { readonly error: string };

function choose(pools: readonly Pool[], service: Service, held: ReadonlyMap<string, Holder[]>, client: Client): Choice {
  const wanted = wantedOf(service);
  const own = holderOf(service);
  if (wanted.address !== undefined) {
    const parsed = parseAddress(wanted.address);
    if (parsed === undefined) return { error: `invalid spec.loadBalancerIP ${JSON.stringify(wanted.address)}` };
    const pool = pools.find((one) => isIn(one, parsed) && mayUse(one, service, client));
    if (!pool) return { error: `["${wanted.address}"] is not allowed in config` };
    if (wanted.pool !== undefined && pool.metadata.name !== wanted.pool)
      return { error: `requested loadBalancer IP(s) ["${wanted.address}"] not compatible with requested address pool ${wanted.pool}` }; // prettier-ignore
    const problem = sharingProblem(held.get(wanted.address) ?? [], own, wanted.address);
    return problem === undefined ? { address: wanted.address, pool: pool.metadata.name } : { error: problem };
  }
  const priority = ({ spec }: Pool): number => spec.serviceAllocation?.priority || Infinity;
  const candidates = pools
    .filter((pool) => (wanted.pool === undefined ? pool.spec.autoAssign !== false : pool.metadata.name === wanted.pool))
    .filter((pool) => mayUse(pool, service, client))
    .toSorted((a, b) => priority(a) - priority(b));
  if (wanted.pool !== undefined && !pools.some(({ metadata }) => metadata.name === wanted.pool))
    return { error: `unknown pool ${JSON.stringify(wanted.pool)}` };
  for (const pool of candidates)
    for (const address of addressesIn(pool))
      if (sharingProblem(held.get(address) ?? [], own, address) === undefined) return { address, pool: pool.metadata.name }; // prettier-ignore
  return { error: wanted.pool === undefined ? "no available IPs" : `no available IPs in pool ${JSON.stringify(wanted.pool)}` }; // prettier-ignore
}

/** Writes the address and where it is from; true if the server took it. */
function write(
  member: Member,
  client: Client,
  service: Service,
  address: string | undefined,
  pool: string | undefined,
): boolean {
  // prettier-ignore
  const { [FROM_POOL]: _, ...annotations } = service.metadata.annotations ?? {};
  const next: Service = {
    ...service,
    metadata: {
      ...service.metadata,
      annotations: pool === undefined ? annotations : { ...annotations, [FROM_POOL]: pool },
    },
    status: {
      ...service.status,
      loadBalancer: address === undefined ? {} : { ingress: [{ ip: address, ipMode: "VIP" }] },
    },
  };
  try {
    client.updateStatus(services, next);
    return true;
  } catch (error) {
    if (!(error instanceof Unreachable) && !isStatus(error)) throw error;
    logLine(member, { caller: "service_controller.go:110", error: error.message, level: "error", msg: "failed to update service status", op: "updateServiceStatus" }); // prettier-ignore
    return false;
  }
}
