import { matchesLabels, type EndpointSlice, type Service } from "../../../api/index.ts";
import { addressesOf, listLinks, parseAddress } from "../../../../net/index.ts";
import { addressOfReverse } from "../corefile/zone.ts";
import type { BlockView } from "../plugin.ts";
import type { Query } from "../query.ts";
import type { KubernetesConfig } from "./config.ts";
import { externalAddresses, serviceOf, type KubernetesObjects } from "./objects.ts";
import { parseRequest, type RecordRequest } from "./request.ts";

/** Something that a name leads to: etcd/msg.Service. */
export interface Found {
  /** An address or a name; empty for a text. */
  readonly host: string;
  /** -1: it has no ports. */
  readonly port: number;
  readonly ttl: number;
  /** Its own name with a final dot. */
  readonly name: string;
  readonly text?: string;
}

/** What was found; undefined: there is no such name. */
export type Lookup = readonly Found[] | undefined;

interface ReadyAddress {
  readonly ip: string;
  readonly hostname: string;
  readonly pod: string;
}

const VERSION_TTL = 28_800;
const VERSION = "1.1.0";

/** Finds what names of a cluster lead to (plugin/kubernetes/kubernetes.go). */
export class Backend {
  readonly config: KubernetesConfig;
  readonly #objects: KubernetesObjects;
  readonly #block: BlockView;

  constructor(config: KubernetesConfig, block: BlockView) {
    this.config = config;
    this.#objects = block.instance.objects;
    this.#block = block;
  }

  get synced(): boolean {
    return this.#objects.synced;
  }

  service(namespace: string, name: string): Service | undefined {
    const found = this.#objects.service(namespace, name);
    return found && this.#isChosen(found.metadata.labels) ? found : undefined;
  }

  servicesByExternalIp(ip: string): readonly Service[] {
    return this.#objects.servicesByExternalIp(ip).filter(({ metadata }) => this.#isChosen(metadata.labels));
  }

  /** External addresses of the Services that this server is an endpoint of, else its own (ns.go nsAddrs for external names). */
  externalServers(): readonly string[] {
    const own = this.#ownAddresses();
    const found = own.flatMap((ip) =>
      this.#objects.slicesByIp(ip).flatMap((slice) => {
        const service = this.#objects.service(slice.metadata.namespace ?? "", serviceOf(slice));
        return service ? externalAddresses(service).filter((at) => parseAddress(at) !== undefined) : [];
      }),
    );
    return found.length > 0 ? [...new Set(found)] : own;
  }

  get serial(): number {
    return this.#objects.row.modified;
  }

  /** Services of kubernetes.go. `zone` as it is written in the query. */
  find(query: Query, zone: string): Lookup {
    const { name, type } = query;
    const inner = name.slice(0, Math.max(0, name.length - zone.length - 1));
    if (type === "TXT") {
      if (inner !== "dns-version") return [];
      return [{ host: "", port: 0, ttl: VERSION_TTL, name: query.qname, text: VERSION }];
    }
    if (inner === "ns.dns") return this.nameServers(zone).map((found) => ({ ...found, name: query.qname }));
    const found = this.#records(name, zone);
    return type === "SRV" ? found?.filter(({ host }) => parseAddress(host) !== undefined) : found;
  }

  /** Whose address a reverse name stands for (reverse.go); like `find` for other names. */
  reverse(query: Query, zone: string): Lookup {
    const ip = addressOfReverse(query.name);
    if (ip === undefined) return this.#records(query.name, zone) && [];
    const found = this.#namesOf(ip);
    return found.length === 0 ? undefined : found;
  }

  /** The Services that this server is an endpoint of; itself if there are none (ns.go). */
  nameServers(zone: string): readonly Found[] {
    const { ttl } = this.config;
    const own = this.#ownAddresses();
    const found: Found[] = [];
    for (const ip of own) {
      for (const slice of this.#objects.slicesByIp(ip)) {
        const { namespace = "" } = slice.metadata;
        const service = this.#objects.service(namespace, serviceOf(slice));
        if (!service) continue;
        const name = `${service.metadata.name}.${namespace}.svc.${zone}`;
        if (isHeadless(service))
          for (const ready of readyAddresses(slice))
            found.push({ host: ready.ip, port: 0, ttl, name: `${this.endpointName(ready)}.${name}` });
        else for (const host of service.spec.clusterIPs ?? []) found.push({ host, port: 0, ttl, name });
      }
    }
    return found.length > 0 ? found : own.map((host) => ({ host, port: 0, ttl, name: `ns.dns.${zone}` }));
  }

  #records(name: string, zone: string): Lookup {
    const request = parseRequest(name, zone.toLowerCase());
    if (!request) return undefined;
    if (request.kind === "") return [];
    if (name.endsWith(".in-addr.arpa.") || name.endsWith(".ip6.arpa.")) return undefined;
    if (!this.isExposed(request.namespace)) return undefined;
    if (request.service === "") return request.kind === "pod" && this.config.pods === "disabled" ? undefined : [];
    return request.kind === "pod" ? this.#pods(request, zone) : this.#services(request, zone);
  }

  #pods({ namespace, service: name }: RecordRequest, zone: string): Lookup {
    const { pods, ttl } = this.config;
    if (pods === "disabled") return undefined;
    const isFour = name.split("-").length === 4 && !name.includes("--");
    const ip = name.replaceAll("-", isFour ? "." : ":");
    const found = { host: ip, port: 0, ttl, name: `${name}.${namespace}.pod.${zone}` };
    if (pods === "insecure") return parseAddress(ip) === undefined ? undefined : [found];
    const matching = this.#objects
      .podsByIp(ip)
      .filter(({ metadata }) => metadata.namespace === namespace && metadata.deletionTimestamp === undefined);
    return matching.length === 0 ? undefined : matching.map(() => found);
  }

  #services(request: RecordRequest, zone: string): Lookup {
    const service = this.#objects.service(request.namespace, request.service);
    if (!service || !this.#isChosen(service.metadata.labels)) return undefined;
    const { ttl, ignoreEmptyService } = this.config;
    const { namespace = "", name: own } = service.metadata;
    const name = `${own}.${namespace}.svc.${zone}`;
    const { type, externalName = "" } = service.spec;
    if (type === "ExternalName") {
      const isName = externalName !== "" && parseAddress(externalName) === undefined;
      return request.endpoint !== "" || !isName ? undefined : [{ host: externalName, port: 0, ttl, name }];
    }
    if (isHeadless(service) || request.endpoint !== "") return this.#endpoints(request, service, name);
    if (ignoreEmptyService && this.slices(service).every((slice) => readyAddresses(slice).length === 0))
      return undefined;
    const ports = service.spec.ports ?? [];
    const chosen = (ports.length === 0 ? [NO_PORT] : ports).filter((port) => matchesPort(request, port));
    if (chosen.length === 0) return undefined;
    return chosen.flatMap(({ port }) =>
      (service.spec.clusterIPs ?? []).map((host) => ({ host, port: port ?? -1, ttl, name })),
    );
  }

  #endpoints(request: RecordRequest, service: Service, name: string): Lookup {
    const found: Found[] = [];
    for (const slice of this.slices(service)) {
      const ports = slice.ports?.length ? slice.ports : [NO_PORT];
      for (const address of readyAddresses(slice)) {
        const endpoint = this.endpointName(address);
        if (request.endpoint !== "" && endpoint.toLowerCase() !== request.endpoint) continue;
        for (const port of ports) {
          if (!matchesPort(request, port)) continue;
          found.push({ host: address.ip, port: port.port ?? -1, ttl: this.config.ttl, name: `${endpoint}.${name}` });
        }
      }
    }
    return found.length === 0 ? undefined : found;
  }

  slices({ metadata }: Service): readonly EndpointSlice[] {
    if (!this.config.endpoints) return [];
    return this.#objects
      .slices(metadata.namespace ?? "", metadata.name)
      .filter((slice) => this.#isChosen(slice.metadata.labels));
  }

  #namesOf(ip: string): Found[] {
    const { primary, ttl, namespaces } = this.config;
    const exposed = (namespace = ""): boolean => namespaces.length === 0 || this.isExposed(namespace);
    for (const { metadata } of this.#objects.servicesByIp(ip)) {
      if (!exposed(metadata.namespace) || !this.#isChosen(metadata.labels)) continue;
      return [{ host: `${metadata.name}.${metadata.namespace}.svc.${primary}`, port: 0, ttl, name: "" }];
    }
    if (!this.config.endpoints) return [];
    return this.#objects.slicesByIp(ip).flatMap((slice) => {
      if (!exposed(slice.metadata.namespace) || !this.#isChosen(slice.metadata.labels)) return [];
      const service = `${serviceOf(slice)}.${slice.metadata.namespace}.svc.${primary}`;
      // v1.12.0 gives reverse names only to endpoints with a hostname (#6898, taken back in v1.12.1).
      return readyAddresses(slice)
        .filter((address) => address.ip === ip && address.hostname !== "")
        .map(({ hostname }) => ({ host: `${hostname}.${service}`, port: 0, ttl, name: "" }));
    });
  }

  isExposed(namespace: string): boolean {
    const { namespaces, namespaceLabels } = this.config;
    if (namespaces.length > 0 && !namespaces.includes(namespace)) return false;
    const object = this.#objects.namespace(namespace);
    return object !== undefined && (!namespaceLabels || matchesLabels(namespaceLabels, object.metadata.labels));
  }

  #isChosen(labels: Readonly<Record<string, string>> | undefined): boolean {
    return !this.config.labels || matchesLabels(this.config.labels, labels);
  }

  endpointName({ ip, hostname, pod }: ReadyAddress): string {
    if (hostname !== "") return hostname;
    if (this.config.endpointPodNames && pod !== "") return pod;
    return ip.replaceAll(/[.:]/g, "-");
  }

  /** Addresses that it listens on, without loopback and link-local ones (local.go boundIPs). */
  #ownAddresses(): readonly string[] {
    const bound = this.#block.listen.filter((address) => address !== "");
    if (bound.length > 0) return bound;
    const { ns } = this.#block.instance;
    return listLinks(ns)
      .flatMap((link) => addressesOf(ns, link.index).map(({ local }) => local))
      .filter((address) => !/^(127\.|169\.254\.|::1$|fe[89ab])/.test(address));
  }
}

const NO_PORT = { port: -1, name: "", protocol: "" };

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIPs?.[0] === "None";
}

export function matchesPort(
  { port, protocol }: Pick<RecordRequest, "port" | "protocol">,
  of: { name?: string; protocol?: string },
): boolean {
  const equal = (asked: string, value = ""): boolean => asked === "" || asked === value.toLowerCase();
  return equal(port, of.name) && equal(protocol, of.protocol);
}

/** The addresses of a slice's ready endpoints (object/endpoint.go EndpointSliceToEndpoints). */
export function readyAddresses({ endpoints }: EndpointSlice): ReadyAddress[] {
  return (endpoints ?? []).flatMap(({ addresses, conditions, hostname = "", targetRef }) => {
    if (conditions.ready === false) return [];
    const target = targetRef?.name ?? "";
    return (addresses ?? []).map((ip) => ({ ip, hostname, pod: target.length < 64 ? target : "" }));
  });
}
