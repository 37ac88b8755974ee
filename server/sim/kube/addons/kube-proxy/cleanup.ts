import { netfilterOf, TableEditor, type Family, type Namespace } from "../../../net/index.ts";
import { JUMPS } from "./base-chains.ts";
import { isServiceChain } from "./chain-names.ts";
import { cleanUpIpvs } from "./ipvs/cleanup.ts";
import { cleanUpNftables } from "./nftables/settings.ts";

/** Chains of the iptables mode that go; KUBE-MARK-MASQ and what kubelet has as well stay. */
const CHAINS = {
  nat: ["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING"],
  filter: ["KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES", "KUBE-FORWARD", "KUBE-NODEPORTS", "KUBE-PROXY-FIREWALL"],
} as const;

/** `kube-proxy --cleanup`: takes away what any mode has left (platformCleanup in cmd/kube-proxy/app/server_linux.go). */
export function cleanUp(ns: Namespace): void {
  cleanUpIptables(ns);
  cleanUpNftables(ns);
}

/** What the iptables and ipvs modes have left. */
export function cleanUpIptables(ns: Namespace): void {
  for (const family of [4, 6] as const) cleanUpFamily(ns, family);
  cleanUpIpvs(ns);
}

function cleanUpFamily(ns: Namespace, family: Family): void {
  const netfilter = netfilterOf(ns, family);
  for (const table of ["nat", "filter"] as const) {
    if (!netfilter[table].exists) continue;
    const editor = new TableEditor(netfilter, netfilter[table]);
    for (const jump of JUMPS) if (jump.table === table) editor.deleteRule(jump.from, jump.rule);
    const own = [...netfilter[table].chains.keys()].filter(isServiceChain);
    const chains = [...CHAINS[table], ...own].filter((name) => editor.has(name));
    for (const name of chains) editor.flush(name);
    for (const name of chains) editor.deleteChain(name);
    editor.commit();
  }
}
