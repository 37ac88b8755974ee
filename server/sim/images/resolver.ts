import type { Host } from "../host/index.ts";
import type { Duration } from "../kernel/index.ts";
import { decodeDns, dnsQuery, encodeDns, exchangeDatagram, isIPv4, parseAddress, type Namespace } from "./net.ts";

/**
 * Looks up host names for daemons as getaddrinfo(3) does, at once: /etc/hosts, then the name servers of /etc/resolv.conf. A
 * seam: sim/net is to have the resolver that all programs share.
 */
export type Lookup =
  | { readonly addresses: readonly string[]; readonly latency: Duration }
  /** `unknown`: EAI_NONAME, the name does not exist. `again`: EAI_AGAIN, no server could tell. */
  | { readonly failed: "unknown" | "again"; readonly latency: Duration };

interface ResolvConf {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
}

/** Addresses of a name, IPv4 first. */
export function lookup(host: Host, ns: Namespace, name: string): Lookup {
  if (parseAddress(name) !== undefined) return { addresses: [name], latency: 0 };
  const known = hostsFile(host.readText("/etc/hosts") ?? "", name);
  if (known.length > 0) return { addresses: known, latency: 0 };
  const conf = resolvConf(host.readText("/etc/resolv.conf") ?? "");
  let latency = 0;
  for (const candidate of candidates(name, conf)) {
    const answers = (["A", "AAAA"] as const).map((type) => ask(ns, conf.servers, candidate, type));
    latency += Math.max(...answers.map((answer) => answer.latency));
    const addresses = answers.flatMap((answer) => answer.addresses ?? []);
    if (addresses.length > 0) return { addresses, latency };
    if (answers.every((answer) => answer.addresses === undefined)) return { failed: "again", latency };
  }
  return { failed: "unknown", latency };
}

/** Asks one server, as nginx' own resolver does. */
export function askServer(ns: Namespace, server: string, name: string): Lookup {
  const { addresses, latency } = ask(ns, [server], name.endsWith(".") ? name : `${name}.`, "A");
  if (addresses === undefined) return { failed: "again", latency };
  return addresses.length > 0 ? { addresses, latency } : { failed: "unknown", latency };
}

function hostsFile(text: string, name: string): string[] {
  const wanted = name.toLowerCase();
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address !== undefined && names.some((word) => word.toLowerCase() === wanted)) found.push(address);
  }
  return found.sort((a, b) => family(a) - family(b));
}

function resolvConf(text: string): ResolvConf {
  const servers: string[] = [];
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split("\n")) {
    const [word, ...values] = line
      .replace(/[#;].*/, "")
      .trim()
      .split(/\s+/);
    if (word === "nameserver" && values[0] !== undefined) servers.push(values[0]);
    else if (word === "search" || word === "domain") search = values;
    else if (word === "options")
      for (const value of values) if (value.startsWith("ndots:")) ndots = Number(value.slice(6)) || 0;
  }
  return { servers: servers.length > 0 ? servers.slice(0, 3) : ["127.0.0.1"], search, ndots };
}

function candidates(name: string, { search, ndots }: ResolvConf): string[] {
  if (name.endsWith(".")) return [name];
  const searched = search.map((domain) => `${name}.${domain.replace(/\.$/, "")}.`);
  return name.split(".").length - 1 >= ndots ? [`${name}.`, ...searched] : [...searched, `${name}.`];
}

/** No addresses: the name has none of that kind. Undefined: no server answered, or none could. */
function ask(
  ns: Namespace,
  servers: readonly string[],
  name: string,
  type: "A" | "AAAA",
): { addresses: string[] | undefined; latency: Duration } {
  let latency = 0;
  for (const server of servers) {
    const id = ns.kernel.random.below(`dns/${ns.id}`, 65_536);
    const result = exchangeDatagram(ns, { to: server, port: 53 }, encodeDns(dnsQuery(id, name, type)));
    latency += result.latency;
    const answer = result.answers[0] && decodeDns(result.answers[0].bytes);
    if (!answer || (answer.rcode !== "NOERROR" && answer.rcode !== "NXDOMAIN")) continue;
    const addresses = answer.answers.flatMap((record) => (record.type === type ? [record.address] : []));
    return { addresses, latency };
  }
  return { addresses: undefined, latency };
}

function family(address: string): number {
  const parsed = parseAddress(address);
  return parsed === undefined || isIPv4(parsed) ? 4 : 6;
}
