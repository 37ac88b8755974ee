import type { Time } from "../../../../kernel/index.ts";
import { SECOND } from "../../../../kernel/index.ts";
import { complaintText, elementTexts, nftablesOf, runNft, type Namespace } from "../../../../net/index.ts";
import { categorize } from "../categorize.ts";
import { NodePortAddresses } from "../node-port-addresses.ts";
import type { SyncRequest } from "../proxier.ts";
import { ServiceMap } from "../service-map.ts";
import type { Endpoint } from "../endpoints.ts";
import type { ServicePort } from "../service-port.ts";
import { portCommands, type Container, type Element, type PortCommands, type RuleSettings } from "./service-rules.ts";
import { CONTAINERS, setUpTable } from "./set-up.ts";

export interface NftablesSettings extends RuleSettings {
  readonly masqueradeMark: number;
  readonly nodePortAddresses: readonly string[];
}

export interface NftablesResult {
  /** Why nft refused; nothing was changed then. */
  readonly problem?: string;
  /** Addresses that NodePorts should answer at and cannot. */
  readonly refusedAddresses: readonly string[];
  readonly staleDeleted: number;
  /** Why chains that nobody needs could not be deleted. */
  readonly staleProblem?: string;
  readonly services: number;
  readonly endpoints: number;
  readonly noLocalEndpoints: { readonly internal: number; readonly external: number };
}

type Stored = Map<Container, Map<string, string>>;

interface Prepared {
  readonly endpoints: readonly Endpoint[];
  readonly zone: string | undefined;
  readonly commands: PortCommands;
}

const TABLE = "ip kube-proxy";

/**
 * The table `ip kube-proxy` with the rules of all services, and `ip6 kube-proxy` with the fixed ones
 * (pkg/proxy/nftables/proxier.go, v1.33). It holds what the informers have told, and what it put into sets and maps.
 */
export class NftablesProxier extends ServiceMap {
  readonly #settings: NftablesSettings;
  readonly #nodePorts: NodePortAddresses;
  readonly #prepared = new WeakMap<ServicePort, Prepared>();
  /** Chains that nobody needs any more, and since when: the kernel may still hold them for a moment. */
  readonly #stale = new Map<string, Time>();
  #stored: Stored | undefined;
  #first: boolean;
  serviceCIDRs: readonly string[] = [];

  constructor(settings: NftablesSettings, first = true) {
    super();
    this.#settings = settings;
    this.#nodePorts = new NodePortAddresses(settings.nodePortAddresses);
    this.#first = first;
  }

  sync(ns: Namespace, { full, changed }: Pick<SyncRequest, "full" | "changed">): NftablesResult {
    const stale = this.#deleteStale(ns);
    const ports = this.ports();
    const all = ports.map(([port, endpoints]) => [port, this.#prepare(port, endpoints)] as const);
    const own = this.#nodePorts.matchAll ? undefined : this.#nodePorts.nodeIPs(ns);
    const text = full ? this.#setUp(own) : [];
    for (const [port, { chains, commands }] of all) {
      if (!full && !changed.has(port.service)) continue;
      for (const chain of chains) text.push(`add chain ${TABLE} ${chain}`, `flush chain ${TABLE} ${chain}`);
      text.push(...commands);
    }
    const stored = full ? new Map<Container, Map<string, string>>() : (this.#stored ?? storedIn(ns));
    const next = this.#fill(all, stored, text);
    const gone = staleObjects(ns, all.map(([, commands]) => commands)); // prettier-ignore
    text.push(...gone.commands);
    const problem = run(ns, text);
    if (problem === undefined) {
      this.#first = false;
      this.#stored = next;
      for (const chain of gone.chains) if (!this.#stale.has(chain)) this.#stale.set(chain, ns.kernel.now);
      for (const chain of this.#stale.keys()) if (!gone.chains.includes(chain)) this.#stale.delete(chain);
    } else {
      this.#stale.clear();
      this.#stored = undefined;
    }
    const count = (kind: "internal" | "external"): number =>
      all.reduce((sum, [, { noLocalEndpoints }]) => sum + (noLocalEndpoints[kind] ? 1 : 0), 0);
    return {
      ...(problem === undefined ? {} : { problem }),
      ...stale,
      refusedAddresses: full ? (own ?? []).filter(isLoopback) : [],
      services: ports.length,
      endpoints: ports.reduce((sum, [, endpoints]) => sum + endpoints.length, 0),
      noLocalEndpoints: { internal: count("internal"), external: count("external") },
    };
  }

  /** The fixed parts of both tables. No Service here has an IPv6 address: there nothing follows. */
  #setUp(own: readonly string[] | undefined): string[] {
    const { masqueradeMark } = this.#settings;
    const common = { masqueradeMark, first: this.#first };
    const ipv4 = this.serviceCIDRs.filter((cidr) => !cidr.includes(":"));
    const ipv6 = this.serviceCIDRs.filter((cidr) => cidr.includes(":"));
    return [
      ...setUpTable({ ...common, family: "ip", nodePortIPs: own?.filter((ip) => !isLoopback(ip)), serviceCIDRs: ipv4 }),
      ...setUpTable({ ...common, family: "ip6", nodePortIPs: undefined, serviceCIDRs: ipv6 }),
    ];
  }

  #prepare(port: ServicePort, endpoints: readonly Endpoint[]): PortCommands {
    const known = this.#prepared.get(port);
    if (known && known.endpoints === endpoints && known.zone === this.zone) return known.commands;
    const commands = portCommands(port, categorize(endpoints, port, this.zone), this.#settings);
    this.#prepared.set(port, { endpoints, zone: this.zone, commands });
    return commands;
  }

  /** Commands that make the sets and maps hold what they should (nftElementStorage); one for all elements of each. */
  #fill(all: readonly (readonly [ServicePort, PortCommands])[], stored: Stored, text: string[]): Stored {
    const next: Stored = new Map(CONTAINERS.map((name) => [name, new Map<string, string>()]));
    const wanted: Element[] = all.flatMap(([, { elements }]) => elements);
    const added = new Map<Container, string[]>();
    const deleted = new Map<Container, string[]>();
    const note = (of: typeof added, container: Container, element: string): void => {
      const list = of.get(container);
      if (list) list.push(element);
      else of.set(container, [element]);
    };
    for (const { container, key, value = "", comment } of wanted) {
      const before = stored.get(container)?.get(key);
      const has = next.get(container)!;
      if (has.has(key)) continue;
      has.set(key, value);
      if (before === value) continue;
      const words = comment === undefined ? "" : ` comment "${comment}"`;
      if (before !== undefined) note(deleted, container, key);
      note(added, container, `${key}${words}${value === "" ? "" : ` : ${value}`}`);
    }
    for (const [container, elements] of stored)
      for (const key of elements.keys()) if (!next.get(container)!.has(key)) note(deleted, container, key);
    for (const [container, keys] of deleted) text.push(`delete element ${TABLE} ${container} { ${keys.join(", ")} }`);
    for (const [container, elements] of added)
      text.push(`add element ${TABLE} ${container} { ${elements.join(", ")} }`);
    return next;
  }

  #deleteStale(ns: Namespace): Pick<NftablesResult, "staleDeleted" | "staleProblem"> {
    const before = ns.kernel.now - SECOND;
    const chains = [...this.#stale].filter(([, since]) => since < before).map(([chain]) => chain);
    if (chains.length === 0) return { staleDeleted: 0 };
    for (const chain of chains) this.#stale.delete(chain);
    const problem = run(ns, chains.map((chain) => `delete chain ${TABLE} ${chain}`)); // prettier-ignore
    return { staleDeleted: chains.length, ...(problem === undefined ? {} : { staleProblem: problem }) };
  }
}

function isLoopback(ip: string): boolean {
  return ip.startsWith("127.");
}

/** What the maps hold: for a process that was restored. */
function storedIn(ns: Namespace): Stored {
  return new Map(CONTAINERS.map((name) => [name, elementTexts(ns, `${TABLE} ${name}`)]));
}

/** Chains of service ports that nobody needs any more are emptied, affinity sets deleted. */
function staleObjects(ns: Namespace, all: readonly PortCommands[]): { chains: string[]; commands: string[] } {
  const nft = nftablesOf(ns);
  const chains = new Set(all.flatMap((commands) => commands.chains));
  const sets = new Set(all.flatMap((commands) => commands.affinitySets));
  const ours = ({ family, table }: { family: string; table: string }): boolean => `${family} ${table}` === TABLE;
  const staleChains = [...nft.chains.values()]
    .filter((row) => ours(row) && row.name.includes("/") && !chains.has(row.name))
    .map((row) => row.name);
  const staleSets = [...nft.sets.values()]
    .filter((row) => ours(row) && row.name.startsWith("affinity-") && !sets.has(row.name))
    .map((row) => row.name);
  // Chains that are empty already are emptied again upstream, too; it changes nothing.
  const flush = staleChains.map((name) => `flush chain ${TABLE} ${name}`);
  return { chains: staleChains, commands: [...flush, ...staleSets.map((name) => `delete set ${TABLE} ${name}`)] };
}

/** Runs a transaction; what nft says if it fails. */
function run(ns: Namespace, commands: readonly string[]): string | undefined {
  if (commands.length === 0) return undefined;
  const source = { name: "/dev/stdin", text: `${commands.join("\n")}\n` };
  const { complaints } = runNft(ns, source, {}, false);
  return complaints.length === 0 ? undefined : complaints.map(complaintText).join("").trimEnd();
}
