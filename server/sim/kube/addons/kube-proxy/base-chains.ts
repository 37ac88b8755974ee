import {
  netfilterOf,
  TableEditor,
  type Family,
  type Namespace,
  type RuleDraft,
  type TableName,
} from "../../../net/index.ts";
import { fixedRule } from "./rule.ts";

/** The way from a built-in chain into one of ours, put before all others. */
interface Jump {
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
  readonly rule: RuleDraft;
}

function way(table: TableName, to: string, from: string, conditions: string): Jump {
  return { table, from, to, rule: fixedRule(table, `${conditions} -j ${to}`) };
}

const NEW = "-m conntrack --ctstate NEW";

/** kube-proxy's jumps in the order in which they are made, so that the last one stands first (proxier.go iptablesJumpChains). */
export const JUMPS: readonly Jump[] = [
  way("filter", "KUBE-EXTERNAL-SERVICES", "INPUT", `${NEW} -m comment --comment "kubernetes externally-visible service portals"`),
  way("filter", "KUBE-EXTERNAL-SERVICES", "FORWARD", `${NEW} -m comment --comment "kubernetes externally-visible service portals"`),
  way("filter", "KUBE-NODEPORTS", "INPUT", '-m comment --comment "kubernetes health check service ports"'),
  way("filter", "KUBE-SERVICES", "FORWARD", `${NEW} -m comment --comment "kubernetes service portals"`),
  way("filter", "KUBE-SERVICES", "OUTPUT", `${NEW} -m comment --comment "kubernetes service portals"`),
  way("filter", "KUBE-FORWARD", "FORWARD", '-m comment --comment "kubernetes forwarding rules"'),
  way("filter", "KUBE-PROXY-FIREWALL", "INPUT", `${NEW} -m comment --comment "kubernetes load balancer firewall"`),
  way("filter", "KUBE-PROXY-FIREWALL", "OUTPUT", `${NEW} -m comment --comment "kubernetes load balancer firewall"`),
  way("filter", "KUBE-PROXY-FIREWALL", "FORWARD", `${NEW} -m comment --comment "kubernetes load balancer firewall"`),
  way("nat", "KUBE-SERVICES", "OUTPUT", '-m comment --comment "kubernetes service portals"'),
  way("nat", "KUBE-SERVICES", "PREROUTING", '-m comment --comment "kubernetes service portals"'),
  way("nat", "KUBE-POSTROUTING", "POSTROUTING", '-m comment --comment "kubernetes postrouting rules"'),
]; // prettier-ignore

/** Those that kubelet makes as well (iptablesKubeletJumpChains). */
const KUBELET_JUMPS: readonly Jump[] = [
  way("filter", "KUBE-FIREWALL", "INPUT", ""),
  way("filter", "KUBE-FIREWALL", "OUTPUT", ""),
];

/** Keeps others on the link from reaching services on 127.0.0.1, which route_localnet would let them. */
export const BLOCK_LOCALNET: RuleDraft = fixedRule(
  "filter",
  '-d 127.0.0.0/8 ! -s 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
);

/** Makes sure that all ways into kube-proxy's chains are there; a full sync begins so. */
export function ensureJumps(ns: Namespace, family: Family = 4): void {
  for (const table of ["filter", "nat"] as const) ensure(ns, table, [...JUMPS, ...KUBELET_JUMPS], family);
}

function ensure(ns: Namespace, table: TableName, jumps: readonly Jump[], family: Family): void {
  edit(ns, table, family, (editor) => {
    for (const jump of jumps) {
      if (jump.table !== table) continue;
      if (!editor.has(jump.to)) editor.newChain(jump.to);
      if (editor.check(jump.from, jump.rule)) editor.insert(jump.from, 1, jump.rule);
    }
  });
}

/** The tables in which an empty chain shows whether somebody has flushed them all. */
const CANARY_TABLES: readonly TableName[] = ["mangle", "nat", "filter"];

export function ensureCanaries(ns: Namespace, name: string, family: Family = 4): void {
  for (const table of CANARY_TABLES)
    if (!netfilterOf(ns, family)[table].chains.has(name))
      edit(ns, table, family, (editor) => void editor.newChain(name));
}

/** Only mangle is looked at: while its canary is there, nothing was flushed (util/iptables Monitor). */
export function hasCanary(ns: Namespace, name: string, family: Family = 4): boolean {
  return netfilterOf(ns, family).mangle.chains.has(name);
}

/** Whether nat or filter still have theirs: whoever flushes is not done yet. */
export function hasOtherCanary(ns: Namespace, name: string): boolean {
  const { nat, filter } = netfilterOf(ns);
  return nat.chains.has(name) || filter.chains.has(name);
}

/**
 * What kubelet keeps in the tables of its node (pkg/kubelet/kubelet_network_linux.go, v1.33): KUBE-IPTABLES-HINT, the
 * protection of 127.0.0.0/8 (IPv4 alone) and its canaries, for both families. Called at its start and, with the canary of mangle gone, once a minute.
 */
export function kubeletChains(ns: Namespace): void {
  for (const family of [4, 6] as const)
    if (!netfilterOf(ns, family).mangle.chains.has("KUBE-IPTABLES-HINT"))
      edit(ns, "mangle", family, (editor) => void editor.newChain("KUBE-IPTABLES-HINT"));
  ensure(ns, "filter", KUBELET_JUMPS, 4);
  edit(ns, "filter", 4, (editor) => {
    if (editor.check("KUBE-FIREWALL", BLOCK_LOCALNET)) editor.append("KUBE-FIREWALL", BLOCK_LOCALNET);
  });
  for (const family of [4, 6] as const) ensureCanaries(ns, "KUBE-KUBELET-CANARY", family);
}

/** Whether somebody has flushed the tables since kubelet wrote its chains: what it looks at every minute. */
export function kubeletChainsFlushed(ns: Namespace): boolean {
  return !hasCanary(ns, "KUBE-KUBELET-CANARY") || !hasCanary(ns, "KUBE-KUBELET-CANARY", 6);
}

function edit(ns: Namespace, table: TableName, family: Family, change: (editor: TableEditor) => void): void {
  const netfilter = netfilterOf(ns, family);
  const editor = new TableEditor(netfilter, netfilter[table]);
  change(editor);
  const problem = editor.commit();
  if (problem) throw new Error(`${table}: ${problem.text}`);
}
