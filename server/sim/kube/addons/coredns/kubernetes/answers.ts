import { isIPv4, parseAddress, type DnsRecord, type RecordType } from "../../../../net/index.ts";
import { fqdn, inZone } from "../corefile/zone.ts";
import type { BlockView } from "../plugin.ts";
import type { Query } from "../query.ts";
import type { Backend, Found, Lookup } from "./backend.ts";

/** The records of an answer; undefined: there is no such name. */
export type Records =
  | { readonly answers: readonly DnsRecord[]; readonly additionals: readonly DnsRecord[] }
  | undefined;

const MOST_NAMES = 7;

/** The records of a name and type (plugin/backend_lookup.go). `zone` as it is written in the query. */
export function recordsOf(backend: Backend, block: BlockView, query: Query, zone: string): Records {
  const { type, qname: name } = query;
  const isApex = query.name === zone.toLowerCase();
  const plain = (answers: readonly DnsRecord[] | undefined): Records => answers && { answers, additionals: [] };
  switch (type) {
    case "A":
    case "AAAA":
      return plain(addresses(backend, block, query, zone, []));
    case "TXT":
      return plain(backend.find(query, zone)?.map(({ ttl, text = "" }) => ({ name, ttl, type: "TXT", texts: [text] })));
    case "CNAME": {
      const found = backend.find(query, zone);
      const [first] = found?.filter(({ host }) => parseAddress(host) === undefined) ?? [];
      return plain(found && (first ? [{ name, ttl: first.ttl, type: "CNAME", target: fqdn(first.host) }] : []));
    }
    case "PTR":
      return plain(
        unique(backend.reverse(query, zone))?.map(({ ttl, host }) => ({ name, ttl, type: "PTR", target: fqdn(host) })),
      );
    case "SRV":
      return services(backend, query, zone);
    case "SOA":
      if (isApex) return plain([soa(backend, zone)]);
      break;
    case "NS":
      if (isApex) return nameServers(backend, query, zone);
      break;
    default:
  }
  // Whether the name is there at all is told by a lookup of its addresses.
  return addresses(backend, block, query.about(query.qname, "A"), zone, []) && { answers: [], additionals: [] };
}

/** The SOA record that negative answers carry. */
export function soa(backend: Backend, zone: string): DnsRecord {
  const { ttl } = backend.config;
  return {
    name: zone,
    ttl: Math.min(300, ttl),
    type: "SOA",
    mname: `ns.dns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: backend.serial,
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: ttl,
  };
}

/** Addresses of a name, with the names that lead there. */
function addresses(
  backend: Backend,
  block: BlockView,
  query: Query,
  zone: string,
  before: readonly DnsRecord[],
): readonly DnsRecord[] | undefined {
  const found = backend.find(query, zone);
  if (!found) return undefined;
  const { qname: name, type } = query;
  return unique(found)!.flatMap(({ host, ttl }): readonly DnsRecord[] => {
    if (familyOf(host) !== undefined) return familyOf(host) === type ? [{ name, ttl, type, address: host }] : [];
    const target = fqdn(host);
    if (target.toLowerCase() === query.name || before.length > MOST_NAMES) return [];
    if (before.some((record) => record.type === "CNAME" && record.target === target)) return [];
    const alias: DnsRecord = { name, ttl, type: "CNAME", target };
    if (!inZone(target.toLowerCase(), zone.toLowerCase())) {
      const outside = block.instance.lookup(query, target, type);
      return outside ? [alias, ...outside.answers] : [];
    }
    const inside = addresses(backend, block, query.about(target, type), zone, [...before, alias]);
    return inside?.length ? [alias, ...inside] : [];
  });
}

function services(backend: Backend, query: Query, zone: string): Records {
  const found = backend.find(query, zone);
  if (!found) return undefined;
  const weight = Math.max(1, Math.floor((100 / (100 * found.length)) * 100));
  const answers = new Map<string, DnsRecord>();
  const additionals = new Map<string, DnsRecord>();
  for (const { host, port, ttl, name } of found) {
    if (port === -1) continue;
    const target = { name: query.qname, ttl, type: "SRV", priority: 0, weight, port, target: name } as const;
    if (!answers.has(`${name} ${port}`)) answers.set(`${name} ${port}`, target);
    const type = familyOf(host)!;
    if (!additionals.has(`${name} ${host}`)) additionals.set(`${name} ${host}`, { name, ttl, type, address: host });
  }
  return { answers: [...answers.values()], additionals: [...additionals.values()] };
}

function nameServers(backend: Backend, query: Query, zone: string): Records {
  const found = backend.nameServers(zone);
  const names = [...new Set(found.map(({ name }) => name))];
  const { ttl } = backend.config;
  return {
    answers: names.map((target) => ({ name: query.qname, ttl, type: "NS", target })),
    additionals: found.map(({ name, host }) => ({ name, ttl, type: familyOf(host)!, address: host })),
  };
}

function familyOf(host: string): Extract<RecordType, "A" | "AAAA"> | undefined {
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  return isIPv4(address) ? "A" : "AAAA";
}

function unique(found: Lookup): readonly Found[] | undefined {
  if (!found || found.length < 2) return found;
  const seen = new Set<string>();
  return found.filter(({ host }) => !seen.has(host) && seen.add(host));
}
