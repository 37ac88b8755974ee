import type { Process } from "../../sim/host/index.ts";
import { networkOfHosts } from "../../sim/net/index.ts";

interface Module {
  /** In memory, with linux 6.8 of Ubuntu 24.04 on amd64. */
  readonly size: number;
  /** Below /lib/modules/RELEASE/kernel. */
  readonly path: string;
  readonly needs?: readonly string[];
}

/** The modules that can be loaded: those that setups of Kubernetes nodes load by name, and what they need. */
const MODULES: Readonly<Record<string, Module>> = {
  overlay: { size: 212_992, path: "fs/overlayfs/overlay" },
  br_netfilter: { size: 32_768, path: "net/bridge/br_netfilter", needs: ["bridge"] },
  bridge: { size: 421_888, path: "net/bridge/bridge", needs: ["stp", "llc"] },
  stp: { size: 12_288, path: "net/802/stp", needs: ["llc"] },
  llc: { size: 16_384, path: "net/llc/llc" },
  ip_vs: { size: 221_184, path: "net/netfilter/ipvs/ip_vs", needs: ["nf_conntrack", "nf_defrag_ipv6", "libcrc32c"] },
  ip_vs_rr: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_rr", needs: ["ip_vs"] },
  ip_vs_wrr: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_wrr", needs: ["ip_vs"] },
  ip_vs_sh: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_sh", needs: ["ip_vs"] },
  ip_vs_lc: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_lc", needs: ["ip_vs"] },
  ip_vs_wlc: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_wlc", needs: ["ip_vs"] },
  ip_vs_sed: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_sed", needs: ["ip_vs"] },
  ip_vs_nq: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_nq", needs: ["ip_vs"] },
  ip_vs_dh: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_dh", needs: ["ip_vs"] },
  ip_vs_fo: { size: 12_288, path: "net/netfilter/ipvs/ip_vs_fo", needs: ["ip_vs"] },
  nf_conntrack: {
    size: 196_608,
    path: "net/netfilter/nf_conntrack",
    needs: ["nf_defrag_ipv6", "nf_defrag_ipv4", "libcrc32c"],
  },
  nf_defrag_ipv6: { size: 24_576, path: "net/ipv6/netfilter/nf_defrag_ipv6" },
  nf_defrag_ipv4: { size: 12_288, path: "net/ipv4/netfilter/nf_defrag_ipv4" },
  libcrc32c: { size: 12_288, path: "lib/libcrc32c" },
};

export interface Loaded {
  readonly name: string;
  readonly size: number;
  /** The modules that need it, newest first. */
  readonly usedBy: readonly string[];
}

/** The name that the kernel has for it. */
export function moduleName(word: string): string {
  return word.replaceAll("-", "_");
}

export function isModule(name: string): boolean {
  return Object.hasOwn(MODULES, name);
}

export function modulePath(process: Process, name: string): string {
  return `${directory(process)}/kernel/${MODULES[name]!.path}.ko.zst`;
}

export function directory({ host }: Process): string {
  return `/lib/modules/${host.hosts.profile(host.machine.row.profile).kernelRelease}`;
}

/** All that is loaded, newest first (/proc/modules). */
export function loadedModules({ host, machine }: Process): Loaded[] {
  const names = new Set<string>();
  for (const name of networkOfHosts(host.hosts).machine(machine.name).modules)
    for (const one of withNeeds(name)) names.add(one);
  const newest = [...names].reverse();
  return newest.map((name) => ({
    name,
    size: MODULES[name]?.size ?? 0,
    usedBy: newest.filter((other) => MODULES[other]?.needs?.includes(name)),
  }));
}

/** A module after those it needs. */
export function withNeeds(name: string): string[] {
  const needs = MODULES[name]?.needs ?? [];
  return [...new Set([...needs.toReversed().flatMap(withNeeds), name])];
}

export function load({ host, machine }: Process, name: string): void {
  networkOfHosts(host.hosts).loadModule(machine.name, name);
}

export function unload({ host, machine }: Process, name: string): void {
  networkOfHosts(host.hosts).unloadModule(machine.name, name);
}
