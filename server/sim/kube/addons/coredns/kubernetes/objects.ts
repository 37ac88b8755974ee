import { SECOND, type Table } from "../../../../kernel/index.ts";
import {
  Client,
  type ApiServer,
  type EndpointSlice,
  type Kind,
  type KubeObject,
  type Namespace,
  type Pod,
  type Service,
} from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { endpointSlices, namespaces, pods, services } from "../../../kinds/index.ts";

/** What CoreDNS keeps of its cluster. Plain data. */
export interface ObjectsRow {
  /** The cluster whose API server it has found; absent until the first lists have come. */
  readonly cluster?: string;
  /** Unix time of the last change of a Service or its endpoints: the serial of SOA records. */
  readonly modified: number;
}

export type Watched = "services" | "endpointslices" | "namespaces" | "pods";

/** An object as the watch last told of it; null: it was not there yet. */
type Before = KubeObject | null;

const KINDS = { services, endpointslices: endpointSlices, namespaces, pods } as const;
const SERVICE_NAME = "kubernetes.io/service-name";

/**
 * The informers of the kubernetes plugin. Objects are looked up in the store's own indexes; what has changed there since
 * the watches were last read (or the way to the server was lost) is answered as it was before.
 */
export class KubernetesObjects {
  readonly #row: Table<string, ObjectsRow>;
  readonly #before: Table<string, Before>;
  readonly #cluster: (name: string) => Cluster | undefined;
  #client: Client | undefined;

  constructor(
    row: Table<string, ObjectsRow>,
    before: Table<string, Before>,
    cluster: (name: string) => Cluster | undefined,
  ) {
    this.#row = row;
    this.#before = before;
    this.#cluster = cluster;
  }

  /** Hears of every write to what CoreDNS watches in a cluster. */
  static listen(
    api: ApiServer,
    changed: (kind: Watched, object: KubeObject, previous: KubeObject | undefined) => void,
  ): void {
    const client = new Client(api, { user: { name: "coredns", groups: [] }, userAgent: "coredns" });
    for (const [kind, watched] of Object.entries(KINDS) as [Watched, Kind<KubeObject>][])
      client.watch(watched, ({ object, previous }) => changed(kind, object, previous));
  }

  get row(): ObjectsRow {
    return this.#row.get("objects") ?? { modified: 0 };
  }

  get synced(): boolean {
    return this.row.cluster !== undefined;
  }

  /** The first lists have come. */
  synchronize(cluster: string, now: number): void {
    this.#client = undefined;
    this.#before.clear();
    this.#row.set("objects", { cluster, modified: Math.floor(now / SECOND) });
  }

  // Watches

  /** Something was written: until the watch is read, it is as before. True if nothing else waits to be read. */
  changed(kind: Watched, object: KubeObject, previous: KubeObject | undefined): boolean {
    const first = this.#before.size === 0;
    const key = `${kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`;
    if (this.#before.get(key) === undefined) this.#before.set(key, previous ?? null);
    return first;
  }

  get behind(): boolean {
    return this.#before.size > 0;
  }

  /** The watches have been read: everything is as it is now. */
  catchUp(now: number): void {
    const dns = [...this.#before.keys()].some(
      (key) => key.startsWith("services ") || key.startsWith("endpointslices "),
    );
    this.#before.clear();
    if (dns) this.#row.set("objects", { ...this.row, modified: Math.floor(now / SECOND) });
  }

  // Lookups

  service(namespace: string, name: string): Service | undefined {
    return this.#get("services", namespace, name) as Service | undefined;
  }

  servicesByIp(ip: string): readonly Service[] {
    return this.#indexed("services", "coredns/ip", serviceIps, ip) as readonly Service[];
  }

  servicesByExternalIp(ip: string): readonly Service[] {
    const keys = (object: KubeObject): readonly string[] => externalAddresses(object as Service);
    return this.#indexed("services", "coredns/external-ip", keys, ip) as readonly Service[];
  }

  slices(namespace: string, service: string): readonly EndpointSlice[] {
    const value = `${namespace}/${service}`;
    return this.#indexed("endpointslices", "coredns/service", sliceService, value) as readonly EndpointSlice[];
  }

  slicesByIp(ip: string): readonly EndpointSlice[] {
    return this.#indexed("endpointslices", "coredns/ip", sliceIps, ip) as readonly EndpointSlice[];
  }

  podsByIp(ip: string): readonly Pod[] {
    return this.#indexed("pods", "coredns/ip", podIps, ip) as readonly Pod[];
  }

  namespace(name: string): Namespace | undefined {
    return this.#get("namespaces", "", name) as Namespace | undefined;
  }

  #get(kind: Watched, namespace: string, name: string): KubeObject | undefined {
    const before = this.behind ? this.#before.get(`${kind} ${namespace}/${name}`) : undefined;
    if (before !== undefined) return before ?? undefined;
    return this.#open()?.get(KINDS[kind] as Kind<KubeObject>, namespace, name);
  }

  #indexed(
    kind: Watched,
    index: string,
    keysOf: (object: KubeObject) => readonly string[],
    value: string,
  ): readonly KubeObject[] {
    const now = this.#open()?.indexed(KINDS[kind] as Kind<KubeObject>, index, keysOf, value) ?? [];
    if (!this.behind) return now;
    const keyOf = ({ metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    const found = now.filter((object) => this.#before.get(keyOf(object)) === undefined);
    for (const [key, before] of this.#before)
      if (before && key.startsWith(`${kind} `) && keysOf(before).includes(value)) found.push(before);
    return found;
  }

  #open(): Client | undefined {
    const { cluster } = this.row;
    if (this.#client || cluster === undefined) return this.#client;
    const api = this.#cluster(cluster)?.api;
    const user = { name: "system:serviceaccount:kube-system:coredns", groups: [] };
    this.#client = api && new Client(api, { user, userAgent: "coredns" });
    return this.#client;
  }
}

function serviceIps(object: KubeObject): readonly string[] {
  return (object as Service).spec.clusterIPs ?? [];
}

/** External IPs and what load balancers gave, which may be names (object/service.go). */
export function externalAddresses({ spec, status }: Service): readonly string[] {
  const ingress = status.loadBalancer.ingress ?? [];
  const given = ingress.map(({ ip, hostname }) => ip ?? hostname ?? "");
  return [...(spec.externalIPs ?? []), ...given].filter((at) => at !== "");
}

function sliceService({ metadata }: KubeObject): readonly string[] {
  const name = metadata.labels?.[SERVICE_NAME];
  return name === undefined ? [] : [`${metadata.namespace ?? ""}/${name}`];
}

function sliceIps(object: KubeObject): readonly string[] {
  return ((object as EndpointSlice).endpoints ?? []).flatMap(({ addresses }) => addresses ?? []);
}

function podIps(object: KubeObject): readonly string[] {
  const ip = (object as Pod).status.podIP;
  return ip === undefined || ip === "" ? [] : [ip];
}

/** The Service that a slice belongs to. */
export function serviceOf({ metadata }: EndpointSlice): string {
  return metadata.labels?.[SERVICE_NAME] ?? "";
}
