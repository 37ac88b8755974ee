import type { Process } from "../../sim/host/index.ts";
import { isLocal, namespaceOf, parseAddress } from "../../sim/net/index.ts";
import { getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";

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
}

export function bindConfiguration(process: Process): BindConfiguration {
  const servers: NameServer[] = [];
  let search: readonly string[] = [];
  const options = new Map<string, number>();
  for (const line of (process.host.readText("/etc/resolv.conf") ?? "").split("\n")) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    const address = words[0] === undefined ? undefined : numericAddress(words[0]);
    if (keyword === "nameserver" && address !== undefined) servers.push({ address, name: address });
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
  };
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
