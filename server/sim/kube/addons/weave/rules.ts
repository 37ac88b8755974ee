import type { Iptables } from "../cni/index.ts";
import { addElement, createSet, listElements, setsOf, type Namespace } from "../../../net/index.ts";

/** The nets whose Pods are on this machine: their traffic keeps its source (`no-masq-local`). */
export const LOCAL_NETS = "weaver-no-masq-local";

/** Weave's rules without those of its policies (net/bridge.go configureIPTables, net/expose.go, v2.8). */
export function writeRules(iptables: Iptables, range: string): void {
  iptables.ensureChain("filter", "WEAVE-NPC");
  iptables.ensureChain("filter", "WEAVE-NPC-EGRESS");
  const before = ["-m", "comment", "--comment", "NOTE: this must go before '-j KUBE-FORWARD'"];
  const forward = [
    ["-i", "weave", ...before, "-j", "WEAVE-NPC-EGRESS"],
    ["-o", "weave", ...before, "-j", "WEAVE-NPC"],
    ["-o", "weave", "-m", "state", "--state", "NEW", "-j", "NFLOG", "--nflog-group", "86"],
    ["-o", "weave", "-j", "DROP"],
    ["-i", "weave", "!", "-o", "weave", "-j", "ACCEPT"],
    ["-o", "weave", "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"],
  ];
  if (!forward.every((words) => iptables.exists("filter", "FORWARD", words)))
    for (const words of forward.toReversed()) {
      iptables.deleteIfExists("filter", "FORWARD", words);
      iptables.prependUnique("filter", "FORWARD", words);
    }
  const control =
    "-d 127.0.0.1/32 -p tcp --dport 6784 -m addrtype ! --src-type LOCAL -m conntrack ! --ctstate RELATED,ESTABLISHED -m comment --comment";
  iptables.prependUnique("filter", "INPUT", [
    ...control.split(" "),
    "Block non-local access to Weave Net control port",
    "-j",
    "DROP",
  ]);
  iptables.appendUnique("filter", "INPUT", ["-i", "weave", "-j", "WEAVE-NPC-EGRESS"]);
  iptables.clearChain("nat", "WEAVE");
  iptables.appendUnique("nat", "POSTROUTING", ["-j", "WEAVE"]);
  for (const words of [
    [
      "-m",
      "set",
      "--match-set",
      LOCAL_NETS,
      "dst",
      "-m",
      "comment",
      "--comment",
      "Prevent SNAT to locally running containers",
      "-j",
      "RETURN",
    ],
    ["-s", range, "-d", "224.0.0.0/4", "-j", "RETURN"],
    ["!", "-s", range, "-d", range, "-j", "MASQUERADE"],
    ["-s", range, "!", "-d", range, "-j", "MASQUERADE"],
  ])
    iptables.appendUnique("nat", "WEAVE", words);
}

export function ensureLocalNets(ns: Namespace): void {
  if (setsOf(ns).has(LOCAL_NETS)) return;
  createSet(ns, LOCAL_NETS, { type: "hash:net", family: "inet", hashsize: 1024, maxelem: 65_536, bucketsize: 12 });
}

/** Notes a net in the set; false if it is there. */
export function addLocalNet(ns: Namespace, prefix: string): boolean {
  const set = setsOf(ns).get(LOCAL_NETS);
  if (!set || listElements(ns, set).some(([key]) => key === prefix)) return false;
  addElement(ns, set, { key: prefix }, true);
  return true;
}
