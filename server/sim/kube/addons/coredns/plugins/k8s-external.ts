import { isIPv4, parseAddress, type DnsRecord } from "../../../../net/index.ts";
import { fqdn, inZone, matchingZone } from "../corefile/zone.ts";
import { Backend, type Found } from "../kubernetes/backend.ts";
import type { KubernetesConfig } from "../kubernetes/config.ts";
import { external } from "../kubernetes/external.ts";
import { fallZones, integer, type BlockView, type Outcome, type Plugin, type Serve } from "../plugin.ts";
import type { Query } from "../query.ts";
import { written } from "../reply.ts";

interface ExternalConfig {
  readonly zones: readonly string[];
  readonly apex: string;
  readonly ttl: number;
  readonly headless: boolean;
  readonly fall: readonly string[];
}

/** k8s_external: names of Services for clients outside, by their external addresses (plugin/k8s_external). */
export const k8sExternal: Plugin<ExternalConfig> = {
  name: "k8s_external",
  setup(c) {
    const config = { zones: [] as string[], apex: "dns", ttl: 5, headless: false, fall: [] as readonly string[] };
    while (c.next()) {
      config.zones = c.zonesOr(c.remainingArgs());
      while (c.nextBlock()) {
        const property = c.value;
        const args = c.remainingArgs();
        if (property === "headless") config.headless = true;
        else if (property === "fallthrough") config.fall = fallZones(args);
        else if (property === "apex") {
          if (args[0] === undefined) throw c.argumentError();
          config.apex = args[0];
        } else if (property === "ttl") {
          if (args[0] === undefined) throw c.argumentError();
          config.ttl = integer(args[0]);
          if (config.ttl < 0 || config.ttl > 3600) throw c.error(`ttl must be in range [0, 3600]: ${config.ttl}`);
        } else throw c.error(`unknown property '${property}'`);
      }
    }
    return config;
  },
  serve(config, block, next) {
    const plugins = block.instance.config.blocks[block.index]!.plugins;
    const kubernetes = plugins.find(({ name }) => name === "kubernetes")?.config as KubernetesConfig | undefined;
    if (!kubernetes) return next;
    const server = new ExternalServer(config, block, new Backend(kubernetes, block), next);
    return (query) => server.answer(query);
  },
};

class ExternalServer {
  readonly #config: ExternalConfig;
  readonly #block: BlockView;
  readonly #backend: Backend;
  readonly #next: Serve;

  constructor(config: ExternalConfig, block: BlockView, backend: Backend, next: Serve) {
    this.#config = config;
    this.#block = block;
    this.#backend = backend;
    this.#next = next;
  }

  answer(query: Query): Outcome {
    const { zones, apex, fall, headless } = this.#config;
    const zone = matchingZone(zones, query.name);
    if (zone === undefined) return this.#next(query);
    if (zones.includes(query.name)) return this.#apex(query, zone);
    if (zones.some((one) => inZone(query.name, `${apex}.${one}`))) return this.#belowApex(query, zone);
    const { found, exists } = external(this.#backend, query, zone, headless);
    if (found.length === 0) {
      if (!exists && matchingZone(fall, query.name) !== undefined) return this.#next(query);
      return this.#nothing(query, zone, exists);
    }
    const { answers, additionals } = this.#records(query, found);
    return answers.length === 0
      ? this.#nothing(query, zone, true)
      : written(query, { authoritative: true, answers, additionals });
  }

  #nothing(query: Query, zone: string, exists: boolean): Outcome {
    const rcode = exists ? "NOERROR" : "NXDOMAIN";
    return written(query, { authoritative: true, rcode, authorities: [this.#soa(zone)] });
  }

  #apex(query: Query, zone: string): Outcome {
    const { ttl, apex } = this.#config;
    if (query.type === "SOA") return written(query, { authoritative: true, answers: [this.#soa(zone)] });
    if (query.type !== "NS") return this.#nothing(query, zone, true);
    const target = `ns1.${apex}.${zone}`;
    return written(query, {
      authoritative: true,
      answers: [{ name: zone, ttl, type: "NS", target }],
      additionals: this.#servers(`ns1.${apex}.${query.qname}`),
    });
  }

  /** Names like `ns1.dns.example.org`: where this server itself is. */
  #belowApex(query: Query, zone: string): Outcome {
    const labels = query.name.slice(0, query.name.length - zone.length - 1).split(".");
    if (labels.length === 1) return this.#nothing(query, zone, true);
    if (labels.length > 2 || labels[0] !== "ns1") return this.#nothing(query, zone, false);
    const answers = this.#servers(query.qname).filter(({ type }) => type === query.type);
    return answers.length === 0 ? this.#nothing(query, zone, true) : written(query, { authoritative: true, answers });
  }

  #servers(name: string): DnsRecord[] {
    return this.#backend.externalServers().flatMap((host) => addressRecord(name, this.#config.ttl, host));
  }

  #soa(zone: string): DnsRecord {
    const { ttl, apex } = this.#config;
    const names = { mname: `ns1.${apex}.${zone}`, rname: `hostmaster.${apex}.${zone}` };
    const times = { refresh: 7200, retry: 1800, expire: 86_400, minimum: ttl };
    return { name: zone, ttl, type: "SOA", ...names, serial: this.#backend.serial, ...times };
  }

  #records(query: Query, found: readonly Found[]): { answers: DnsRecord[]; additionals: DnsRecord[] } {
    const { qname: name, type } = query;
    const { ttl, zones } = this.#config;
    if (type === "PTR") {
      const targets = new Set(found.map(({ host }) => `${host}.${zones[0]!}`));
      return { answers: [...targets].map((target) => ({ name, ttl, type, target })), additionals: [] };
    }
    if (type === "SRV") return this.#services(query, found);
    if (type !== "A" && type !== "AAAA") return { answers: [], additionals: [] };
    const hosts = new Map(found.map((one) => [one.host, one] as const));
    const answers = [...hosts.values()].flatMap((one): DnsRecord[] => {
      if (parseAddress(one.host) !== undefined)
        return addressRecord(name, ttl, one.host).filter((made) => made.type === type);
      const target = fqdn(one.host);
      const alias: DnsRecord = { name, ttl: one.ttl, type: "CNAME", target };
      return [alias, ...(this.#block.instance.lookup(query, target, type)?.answers ?? [])];
    });
    return { answers, additionals: [] };
  }

  #services(query: Query, found: readonly Found[]): { answers: DnsRecord[]; additionals: DnsRecord[] } {
    const { qname: name } = query;
    const weight = Math.max(1, Math.floor(100 / found.length));
    const answers = new Map<string, DnsRecord>();
    const additionals = new Map<string, readonly DnsRecord[]>();
    for (const { host, port, ttl, name: own } of found) {
      if (port === -1) continue;
      const plain = parseAddress(host) !== undefined;
      const target = plain ? own : fqdn(host);
      answers.set(`${target} ${port}`, { name, ttl, type: "SRV", priority: 0, weight, port, target });
      const lookup = (type: "A" | "AAAA"): readonly DnsRecord[] =>
        this.#block.instance.lookup(query, target, type)?.answers ?? [];
      additionals.set(
        `${target} ${host}`,
        plain ? addressRecord(target, this.#config.ttl, host) : [...lookup("A"), ...lookup("AAAA")],
      );
    }
    return { answers: [...answers.values()], additionals: [...additionals.values()].flat() };
  }
}

function addressRecord(name: string, ttl: number, host: string): DnsRecord[] {
  const address = parseAddress(host);
  return address === undefined ? [] : [{ name, ttl, type: isIPv4(address) ? "A" : "AAAA", address: host }];
}
