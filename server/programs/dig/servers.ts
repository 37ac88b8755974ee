import type { Process } from "../../sim/host/index.ts";
import { isLocal, namespaceOf, parseAddress } from "../../sim/net/index.ts";
import { familyOf, getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";

/** A name server to ask. */
export interface NameServer {
  readonly address: string;
  /** As the user named it. */
  readonly name: string;
}

/** What resolv.conf says, as bind's lib/irs reads it: without servers, those of the machine itself. */
export interface BindConfiguration {
  readonly servers: readonly NameServer[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Seconds; undefined: the program's own. */
  readonly timeout: number | undefined;
  readonly attempts: number | undefined;
  /** A name server is no address: nothing of the file counts. */
  readonly malformed: boolean;
}

/** RESCONFMAXNAMESERVERS */
const MOST_SERVERS = 3;

export function bindConfiguration(process: Process): BindConfiguration {
  const servers: NameServer[] = [];
  let search: readonly string[] = [];
  const options = new Map<string, number>();
  let malformed = false;
  for (const line of (process.host.readText("/etc/resolv.conf") ?? "").split("\n")) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    const address = words[0] === undefined ? undefined : numericAddress(words[0]);
    if (keyword === "nameserver" && words[0] !== undefined && address === undefined) malformed = true;
    if (keyword === "nameserver" && address !== undefined && servers.length < MOST_SERVERS)
      servers.push({ address, name: address });
    else if (keyword === "search") search = words;
    else if (keyword === "domain" && words[0] !== undefined) search = [words[0]];
    else if (keyword === "options")
      for (const word of words) {
        const [name, value] = word.split(":");
        options.set(name!, Number(value ?? 1));
      }
  }
  return {
    servers: servers.length > 0 ? servers : ownServers(process),
    search: search.map((domain) => domain.replace(/\.$/, "")),
    ndots: options.get("ndots") ?? 1,
    timeout: options.get("timeout"),
    attempts: options.get("attempts"),
    malformed,
  };
}

/** Those of a family alone, where `-4` or `-6` says so; if there are none, the machine's own. */
export function serversOf(
  process: Process,
  { servers }: BindConfiguration,
  family: Family | undefined,
): readonly NameServer[] {
  if (family === undefined) return servers;
  const fitting = servers.filter(({ address }) => familyOf(address) === family);
  return fitting.length > 0 ? fitting : ownServers(process).filter(({ address }) => familyOf(address) === family);
}

function ownServers(process: Process): NameServer[] {
  const ns = namespaceOf(process);
  return ["::1", "127.0.0.1"]
    .filter((address) => isLocal(ns, parseAddress(address)!))
    .map((address) => ({ address, name: address }));
}

/** The servers of a name or address that was given; empty if it cannot be resolved. */
export async function namedServers(process: Process, name: string, family?: Family): Promise<NameServer[]> {
  const found = await getaddrinfo(process, name, family);
  return found.addresses.map((address) => ({ address, name }));
}
