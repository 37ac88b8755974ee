import {
  TableEditor,
  netfilterOf,
  type Family,
  type Namespace,
  type RuleDraft,
  type TableName,
} from "../../../../net/index.ts";
import { Batch, type Written } from "../batch.ts";
import { draft, fixedRule } from "../rule.ts";
import type { LocalDetector } from "../service-rules.ts";
import { SETS, setName6, type SetEntries, type SetName } from "./sets.ts";

const NAT_CHAINS = ["KUBE-SERVICES", "KUBE-POSTROUTING", "KUBE-NODE-PORT", "KUBE-LOAD-BALANCER", "KUBE-MARK-MASQ"];
const FILTER_CHAINS = [
  "KUBE-FORWARD", "KUBE-NODE-PORT", "KUBE-PROXY-FIREWALL", "KUBE-SOURCE-RANGES-FIREWALL", "KUBE-IPVS-FILTER",
  "KUBE-IPVS-OUT-FILTER",
]; // prettier-ignore

/** The ways into the chains, in the order in which each is put before all others (iptablesJumpChain). */
const JUMPS = [
  ["nat", "OUTPUT", "KUBE-SERVICES", "kubernetes service portals"],
  ["nat", "PREROUTING", "KUBE-SERVICES", "kubernetes service portals"],
  ["nat", "POSTROUTING", "KUBE-POSTROUTING", "kubernetes postrouting rules"],
  ["filter", "FORWARD", "KUBE-FORWARD", "kubernetes forwarding rules"],
  ["filter", "INPUT", "KUBE-NODE-PORT", "kubernetes health check rules"],
  ["filter", "INPUT", "KUBE-PROXY-FIREWALL", "kube-proxy firewall rules"],
  ["filter", "FORWARD", "KUBE-PROXY-FIREWALL", "kube-proxy firewall rules"],
  ["filter", "INPUT", "KUBE-IPVS-FILTER", "kubernetes ipvs access filter"],
  ["filter", "OUTPUT", "KUBE-IPVS-OUT-FILTER", "kubernetes ipvs access filter"],
] as const;

interface SetRule {
  readonly set: SetName;
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
  readonly sides: "dst" | "dst,dst" | "dst,dst,src";
  readonly protocol?: string;
}

/** Rules that are there while their set has entries (ipsetWithIptablesChain); what is local goes before the rest. */
const SET_RULES: readonly SetRule[] = [
  { set: "KUBE-LOOP-BACK", table: "nat", from: "KUBE-POSTROUTING", to: "MASQUERADE", sides: "dst,dst,src" },
  { set: "KUBE-LOAD-BALANCER", table: "nat", from: "KUBE-SERVICES", to: "KUBE-LOAD-BALANCER", sides: "dst,dst" },
  { set: "KUBE-LOAD-BALANCER-LOCAL", table: "nat", from: "KUBE-LOAD-BALANCER", to: "RETURN", sides: "dst,dst" },
  { set: "KUBE-NODE-PORT-LOCAL-TCP", table: "nat", from: "KUBE-NODE-PORT", to: "RETURN", sides: "dst", protocol: "tcp" },
  { set: "KUBE-NODE-PORT-TCP", table: "nat", from: "KUBE-NODE-PORT", to: "KUBE-MARK-MASQ", sides: "dst", protocol: "tcp" },
  { set: "KUBE-NODE-PORT-LOCAL-UDP", table: "nat", from: "KUBE-NODE-PORT", to: "RETURN", sides: "dst", protocol: "udp" },
  { set: "KUBE-NODE-PORT-UDP", table: "nat", from: "KUBE-NODE-PORT", to: "KUBE-MARK-MASQ", sides: "dst", protocol: "udp" },
  { set: "KUBE-NODE-PORT-LOCAL-SCTP-HASH", table: "nat", from: "KUBE-NODE-PORT", to: "RETURN", sides: "dst,dst", protocol: "sctp" },
  { set: "KUBE-NODE-PORT-SCTP-HASH", table: "nat", from: "KUBE-NODE-PORT", to: "KUBE-MARK-MASQ", sides: "dst,dst", protocol: "sctp" },
  { set: "KUBE-LOAD-BALANCER-FW", table: "filter", from: "KUBE-PROXY-FIREWALL", to: "KUBE-SOURCE-RANGES-FIREWALL", sides: "dst,dst" },
  { set: "KUBE-LOAD-BALANCER-SOURCE-CIDR", table: "filter", from: "KUBE-SOURCE-RANGES-FIREWALL", to: "RETURN", sides: "dst,dst,src" },
  { set: "KUBE-LOAD-BALANCER-SOURCE-IP", table: "filter", from: "KUBE-SOURCE-RANGES-FIREWALL", to: "RETURN", sides: "dst,dst,src" },
]; // prettier-ignore

/** A load balancer's address that the node itself may not use: no source range holds the node's address. */
export interface NoNodeAccess {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

export interface ChainSettings {
  readonly masqueradeAll: boolean;
  readonly detector: LocalDetector | undefined;
  /** 0x4000 for bit 14. */
  readonly masqueradeMark: number;
}

export interface WrittenChains {
  readonly problem?: string;
  readonly filter: Written;
  readonly nat: Written;
}

/** Makes the chains and the ways into them (createAndLinkKubeChain). */
export function ensureIpvsChains(ns: Namespace, family: Family = 4): void {
  for (const table of ["nat", "filter"] as const) {
    const netfilter = netfilterOf(ns, family);
    const editor = new TableEditor(netfilter, netfilter[table]);
    for (const chain of table === "nat" ? NAT_CHAINS : FILTER_CHAINS) if (!editor.has(chain)) editor.newChain(chain);
    for (const [of, from, to, words] of JUMPS) {
      if (of !== table) continue;
      const rule = constant(table, `-m comment --comment "${words}" -j ${to}`);
      if (editor.check(from, rule)) editor.insert(from, 1, rule);
    }
    const problem = editor.commit();
    if (problem) throw new Error(`${table}: ${problem.text}`);
  }
}

/** Writes all rules, as one run of iptables-restore would (writeIptablesRules). */
export function writeIpvsChains(
  ns: Namespace,
  entries: SetEntries,
  settings: ChainSettings,
  refused: readonly NoNodeAccess[],
  unlessSame: boolean,
  family: Family = 4,
): WrittenChains {
  const nat = new Batch(ns, "nat", unlessSame, family);
  const filter = new Batch(ns, "filter", unlessSame, family);
  for (const chain of NAT_CHAINS) nat.declare(chain);
  for (const chain of FILTER_CHAINS) filter.declare(chain);
  const add = (table: "nat" | "filter", chain: string, text: string): void =>
    (table === "nat" ? nat : filter).append(chain, constant(table, text, family));
  const named = (set: SetName): string => (family === 6 ? setName6(set) : set);
  const matching = (set: SetName, sides: string): string => matchingSet(set, sides, named(set));
  const has = (set: SetName): boolean => (entries.get(set)?.size ?? 0) > 0;

  add("nat", "KUBE-SERVICES", `-s ${family === 6 ? "::1/128" : "127.0.0.0/8"} -j RETURN`);
  for (const { set, table, from, to, sides, protocol } of SET_RULES)
    if (has(set)) add(table as "nat", from, `${protocol ? `-p ${protocol} ` : ""}${matching(set, sides)} -j ${to}`);
  if (has("KUBE-CLUSTER-IP")) nat.append("KUBE-SERVICES", clusterIpRule(settings));
  for (const set of ["KUBE-EXTERNAL-IP", "KUBE-EXTERNAL-IP-LOCAL"] as const) {
    if (!has(set)) continue;
    const match = matching(set, "dst,dst");
    if (set === "KUBE-EXTERNAL-IP") add("nat", "KUBE-SERVICES", `${match} -j KUBE-MARK-MASQ`);
    add("nat", "KUBE-SERVICES", `${match} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`);
    add("nat", "KUBE-SERVICES", `${match} -m addrtype --dst-type LOCAL -j ACCEPT`);
  }
  add("nat", "KUBE-SERVICES", "-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT");
  add("nat", "KUBE-LOAD-BALANCER", "-j KUBE-MARK-MASQ");
  add("filter", "KUBE-SOURCE-RANGES-FIREWALL", "-j DROP");
  for (const { ip, protocol, port } of refused)
    filter.append(
      "KUBE-IPVS-OUT-FILTER",
      fixedRule("filter", `-s ${ip} -m ipvs --vaddr ${ip} --vproto ${protocol} --vport ${port} -j DROP`),
    );
  for (const set of ["KUBE-CLUSTER-IP", "KUBE-LOAD-BALANCER"] as const)
    if (has(set)) add("nat", "KUBE-SERVICES", `-m set --match-set ${named(set)} dst,dst -j ACCEPT`);

  const mark = `0x${settings.masqueradeMark.toString(16)}`;
  add("filter", "KUBE-FORWARD", `-m comment --comment "kubernetes forwarding rules" -m mark --mark ${mark}/${mark} -j ACCEPT`); // prettier-ignore
  add("filter", "KUBE-FORWARD", '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'); // prettier-ignore
  add("filter", "KUBE-NODE-PORT", `${matching("KUBE-HEALTH-CHECK-NODE-PORT", "dst")} -j ACCEPT`);
  for (const set of ["KUBE-LOAD-BALANCER", "KUBE-CLUSTER-IP", "KUBE-EXTERNAL-IP", "KUBE-EXTERNAL-IP-LOCAL"] as const)
    add("filter", "KUBE-IPVS-FILTER", `-m set --match-set ${named(set)} dst,dst -j RETURN`);
  const health = named("KUBE-HEALTH-CHECK-NODE-PORT");
  add("filter", "KUBE-IPVS-FILTER", `-m set --match-set ${health} dst -j RETURN`);
  const own = named("KUBE-IPVS-IPS");
  add("filter", "KUBE-IPVS-FILTER", `-m conntrack --ctstate NEW -m set --match-set ${own} dst -j REJECT`);
  add("nat", "KUBE-POSTROUTING", `-m mark ! --mark ${mark}/${mark} -j RETURN`);
  add("nat", "KUBE-POSTROUTING", `-j MARK --xor-mark ${mark}`);
  add("nat", "KUBE-POSTROUTING", '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully'); // prettier-ignore
  add("nat", "KUBE-MARK-MASQ", `-j MARK --or-mark ${mark}`);

  const writtenNat = nat.commit();
  const writtenFilter = filter.commit();
  const problem = writtenNat.problem ?? writtenFilter.problem;
  return { nat: writtenNat, filter: writtenFilter, ...(problem === undefined ? {} : { problem }) };
}

function matchingSet(set: SetName, sides: string, name: string = set): string {
  return `-m comment --comment "${SETS[set].comment}" -m set --match-set ${name} ${sides}`;
}

/** What comes to a ClusterIP from elsewhere must come back through this node; the node itself asks from that very address. */
function clusterIpRule({ masqueradeAll, detector }: ChainSettings): RuleDraft {
  if (masqueradeAll) return constant("nat", `${matchingSet("KUBE-CLUSTER-IP", "dst,dst")} -j KUBE-MARK-MASQ`);
  if (!detector) return constant("nat", `${matchingSet("KUBE-CLUSTER-IP", "src,dst")} -j KUBE-MARK-MASQ`);
  const { matches, target } = constant("nat", `${matchingSet("KUBE-CLUSTER-IP", "dst,dst")} -j KUBE-MARK-MASQ`);
  return draft(matches, target, detector.notLocal);
}

const constants = new Map<string, RuleDraft>();

function constant(table: TableName, text: string, family: Family = 4): RuleDraft {
  const key = `${family} ${table} ${text}`;
  let rule = constants.get(key);
  if (!rule) constants.set(key, (rule = fixedRule(table, text, family)));
  return rule;
}

/** What the proxier has ever written into the tables: unlinked, emptied, removed (cleanupIptablesLeftovers). */
export function removeIpvsChains(ns: Namespace): void {
  for (const family of [4, 6] as const) removeFamily(ns, family);
}

function removeFamily(ns: Namespace, family: Family): void {
  const netfilter = netfilterOf(ns, family);
  for (const table of ["nat", "filter"] as const) {
    if (!netfilter[table].exists) continue;
    const editor = new TableEditor(netfilter, netfilter[table]);
    for (const [of, from, to, words] of JUMPS)
      if (of === table) editor.deleteRule(from, constant(table, `-m comment --comment "${words}" -j ${to}`));
    const chains = (table === "nat" ? NAT_CHAINS : FILTER_CHAINS).filter((name) => name !== "KUBE-MARK-MASQ");
    for (const chain of chains) if (editor.has(chain)) editor.flush(chain);
    for (const chain of chains) if (editor.has(chain)) editor.deleteChain(chain);
    editor.commit();
  }
}
