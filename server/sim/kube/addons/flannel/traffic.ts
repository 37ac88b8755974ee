import type { TableName } from "../../../net/index.ts";
import type { Iptables } from "../cni/index.ts";

/** A rule of flannel's: where it stands, and its words. */
interface Rule {
  readonly table: TableName;
  readonly chain: string;
  readonly words: readonly string[];
}

const POSTROUTING = "FLANNEL-POSTRTG";
const FORWARD = "FLANNEL-FWD";
/** What kube-proxy marks with what it will masquerade itself. */
const KUBE_PROXY_MARK = "0x4000/0x4000";

/** pkg/trafficmngr/iptables masqRules, for a node's subnet of the network. */
export function masqueradeRules(network: string, subnet: string): readonly Rule[] {
  const comment = ["-m", "comment", "--comment", "flanneld masq"];
  const rule = (chain: string, ...words: string[]): Rule => ({ table: "nat", chain, words });
  const masquerade = [...comment, "-j", "MASQUERADE", "--random-fully"];
  return [
    rule("POSTROUTING", ...comment, "-j", POSTROUTING),
    rule(POSTROUTING, "-m", "mark", "--mark", KUBE_PROXY_MARK, ...comment, "-j", "RETURN"),
    rule(POSTROUTING, "-s", subnet, "-d", network, ...comment, "-j", "RETURN"),
    rule(POSTROUTING, "-s", network, "-d", subnet, ...comment, "-j", "RETURN"),
    rule(POSTROUTING, "!", "-s", network, "-d", subnet, ...comment, "-j", "RETURN"),
    rule(POSTROUTING, "-s", network, "!", "-d", "224.0.0.0/4", ...masquerade),
    rule(POSTROUTING, "!", "-s", network, "-d", network, ...masquerade),
  ];
}

/** forwardRules: what goes to and from the network may pass. */
export function forwardRules(network: string): readonly Rule[] {
  const comment = ["-m", "comment", "--comment", "flanneld forward"];
  const rule = (chain: string, ...words: string[]): Rule => ({ table: "filter", chain, words });
  return [
    rule("FORWARD", ...comment, "-j", FORWARD),
    rule(FORWARD, "-s", network, ...comment, "-j", "ACCEPT"),
    rule(FORWARD, "-d", network, ...comment, "-j", "ACCEPT"),
  ];
}

/** The chain of flannel's that rules are about, and its table. */
function ownChain(rules: readonly Rule[]): { readonly table: TableName; readonly chain: string } {
  return rules[0]!.table === "nat" ? { table: "nat", chain: POSTROUTING } : { table: "filter", chain: FORWARD };
}

/** Empties or makes the chain, then puts all rules behind those of others, in their order (ipTablesBootstrap). */
export function writeRules(iptables: Iptables, rules: readonly Rule[], options: { readonly clear: boolean }): void {
  const { table, chain } = ownChain(rules);
  if (options.clear) iptables.clearChain(table, chain);
  else iptables.ensureChain(table, chain);
  for (const rule of rules) {
    iptables.deleteIfExists(rule.table, rule.chain, rule.words);
    iptables.append(rule.table, rule.chain, rule.words);
  }
}

export function deleteRules(iptables: Iptables, rules: readonly Rule[]): void {
  const { table, chain } = ownChain(rules);
  if (!iptables.chainExists(table, chain)) return;
  for (const rule of rules) iptables.deleteIfExists(rule.table, rule.chain, rule.words);
}

/** ipTablesRulesExist. */
export function rulesStand(iptables: Iptables, rules: readonly Rule[]): boolean {
  const { table, chain } = ownChain(rules);
  return (
    iptables.chainExists(table, chain) && rules.every((rule) => iptables.exists(rule.table, rule.chain, rule.words))
  );
}
