import { chainComment, chainName } from "../chain-name.ts";
import { wrapped, CniError } from "../cni-error.ts";
import type { Iptables } from "../iptables.ts";
import type { PortmapConfig, PortMapping } from "./portmap-config.ts";

/** A chain of the nat table, what is in it, and what leads to it (plugins/meta/portmap/chain.go). */
interface Chain {
  readonly name: string;
  readonly rules: readonly (readonly string[])[];
  readonly entryChains: readonly string[];
  readonly entryRules: readonly (readonly string[])[];
  /** Entries go before all other rules of their chains. */
  readonly prepend?: boolean;
}

const NAT = "nat";
const DNAT = "CNI-HOSTPORT-DNAT";
const SET_MARK = "CNI-HOSTPORT-SETMARK";
const MASQUERADE = "CNI-HOSTPORT-MASQ";
/** multiport takes so many ports in one rule. */
const MOST_PORTS = 15;
const LONGEST_COMMENT = 255;

/** Writes the rules that lead ports of the machine to a container: `address` is the container's, with its prefix. */
export function forwardPorts(iptables: Iptables, config: PortmapConfig, address: string): void {
  if (config.snat && config.setMarkChain === undefined) {
    wrapped(`unable to create chain ${SET_MARK}`, () => setup(iptables, setMarkChain(config.markBit)));
    wrapped(`unable to create chain ${SET_MARK}`, () => setup(iptables, masqueradeChain(config.markBit)));
  }
  wrapped("failed to create top-level DNAT chain", () => setup(iptables, TOP_LEVEL));
  wrapped("unable to setup DNAT", () => setup(iptables, containerChain(config, address)));
}

export function unforwardPorts(iptables: Iptables, { network, containerId }: PortmapConfig): void {
  const name = chainName(network, containerId, "DN-");
  wrapped("could not teardown ipv4 dnat", () => {
    iptables.deleteJumps(NAT, DNAT, name);
    iptables.removeChain(NAT, name);
  });
}

export function checkPorts(iptables: Iptables, config: PortmapConfig, address: string): void {
  const chain = containerChain(config, address);
  const refuse = (why: string): CniError => new CniError(`could not check ipv4 dnat: ${why}`);
  if (!iptables.chainExists(NAT, chain.name)) throw refuse(`chain ${chain.name} not found in iptables table ${NAT}`);
  for (const rule of chain.rules)
    if (!iptables.exists(NAT, chain.name, rule))
      throw refuse(`rule ${goLists(chain.rules)} in chain ${chain.name} not found in table ${NAT}`);
  for (const entry of chain.entryChains)
    for (const rule of chain.entryRules)
      if (!iptables.exists(NAT, entry, [...rule, "-j", chain.name]))
        throw refuse(`rule ${goLists(chain.entryRules)} in chain ${entry} not found in table ${NAT}`);
}

function setup(iptables: Iptables, chain: Chain): void {
  iptables.ensureChain(NAT, chain.name);
  for (const rule of chain.rules) iptables.appendUnique(NAT, chain.name, rule);
  for (const entry of chain.entryChains) {
    for (const rule of chain.entryRules) {
      const words = [...rule, "-j", chain.name];
      if (chain.prepend) iptables.prependUnique(NAT, entry, words);
      else iptables.appendUnique(NAT, entry, words);
    }
  }
}

const TOP_LEVEL: Chain = {
  name: DNAT,
  rules: [],
  entryChains: ["PREROUTING", "OUTPUT"],
  entryRules: [["-m", "addrtype", "--dst-type", "LOCAL"]],
};

function setMarkChain(bit: number): Chain {
  return {
    name: SET_MARK,
    rules: [["-m", "comment", "--comment", "CNI portfwd masquerade mark", "-j", "MARK", "--set-xmark", mark(bit)]],
    entryChains: [],
    entryRules: [],
  };
}

function masqueradeChain(bit: number): Chain {
  return {
    name: MASQUERADE,
    rules: [["-m", "mark", "--mark", mark(bit), "-j", "MASQUERADE"]],
    entryChains: ["POSTROUTING"],
    entryRules: [["-m", "comment", "--comment", "CNI portfwd requiring masquerade"]],
    prepend: true,
  };
}

function mark(bit: number): string {
  const value = `0x${(2 ** bit).toString(16)}`;
  return `${value}/${value}`;
}

/** One container's chain (fillDnatRules). */
function containerChain(config: PortmapConfig, address: string): Chain {
  const { network, containerId, mappings, conditions } = config;
  const comment = `dnat ${chainComment(network, containerId)}`;
  const short = comment.length <= LONGEST_COMMENT ? comment : `${comment.slice(0, 253)}...`;
  return {
    name: chainName(network, containerId, "DN-"),
    rules: mappings.filter(({ hostIp }) => !hostIp.includes(":")).flatMap((one) => rulesFor(one, config, address)),
    entryChains: [DNAT],
    entryRules: portLists(mappings).map(([protocol, ports]) =>
      ["-m", "comment", "--comment", short, "-m", "multiport", "-p", protocol, "--destination-ports", ports].concat(
        conditions,
      ),
    ),
  };
}

/** Marks what comes from the container itself and from the machine's loopback, then rewrites the destination. */
function rulesFor(mapping: PortMapping, config: PortmapConfig, address: string): string[][] {
  const { protocol, hostPort, hostIp, containerPort } = mapping;
  const bound = hostIp !== "" && hostIp !== "0.0.0.0";
  const base = ["-p", protocol, "--dport", String(hostPort), ...(bound ? ["-d", hostIp] : [])];
  const dnat = [...base, "-j", "DNAT", "--to-destination", `${address.split("/")[0]!}:${containerPort}`];
  if (!config.snat) return [dnat];
  const target = config.setMarkChain ?? SET_MARK;
  const hairpin = [...base, "-s", config.masqueradeAll ? "0.0.0.0/0" : address, "-j", target];
  const local = [...base, "-s", "127.0.0.1", "-j", target];
  return config.masqueradeAll ? [hairpin, dnat] : [hairpin, local, dnat];
}

/** The ports of each protocol, in portions. */
function portLists(mappings: readonly PortMapping[]): [string, string][] {
  const byProtocol = Map.groupBy(mappings, ({ protocol }) => protocol);
  return [...byProtocol.keys()].sort().flatMap((protocol) => {
    const ports = byProtocol.get(protocol)!.map(({ hostPort }) => hostPort);
    const lists: [string, string][] = [];
    for (let at = 0; at < ports.length; at += MOST_PORTS)
      lists.push([protocol, ports.slice(at, at + MOST_PORTS).join(",")]);
    return lists;
  });
}

/** A list of lists as `%s` prints it. */
function goLists(lists: readonly (readonly string[])[]): string {
  return `[${lists.map((list) => `[${list.join(" ")}]`).join(" ")}]`;
}
