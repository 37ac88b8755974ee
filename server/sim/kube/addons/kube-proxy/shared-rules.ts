import type { RuleDraft, TableName } from "../../../net/index.ts";
import { counted, fixedRule, type ChainRule } from "./rule.ts";

/** Counts what is dropped because connection tracking finds it invalid. */
export const INVALID_COUNTER = "ct_state_invalid_dropped_pkts";

/** The chains and rules that are the same whatever Services there are, for both families. */
export interface SharedRules {
  readonly filterChains: readonly string[];
  readonly natChains: readonly string[];
  readonly filter: readonly ChainRule[];
  readonly nat: readonly ChainRule[];
}

const FILTER_CHAINS = ["KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES", "KUBE-FORWARD", "KUBE-NODEPORTS", "KUBE-PROXY-FIREWALL"]; // prettier-ignore
const NAT_CHAINS = ["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-MARK-MASQ"];

/** `masqueradeMark` as a number: 0x4000 for bit 14. */
export function sharedRules({
  masqueradeMark,
  conntrackTcpLiberal,
}: {
  readonly masqueradeMark: number;
  readonly conntrackTcpLiberal: boolean;
}): SharedRules {
  const mark = `0x${masqueradeMark.toString(16)}`;
  const marked = `-m comment --comment "kubernetes forwarding rules" -m mark --mark ${mark}/${mark} -j ACCEPT`;
  const forward = [...(conntrackTcpLiberal ? [] : [DROP_INVALID]), constant("filter", marked), FORWARD_KNOWN];
  return {
    filterChains: FILTER_CHAINS,
    natChains: NAT_CHAINS,
    filter: forward.map((rule) => ({ chain: "KUBE-FORWARD", rule })),
    nat: [
      { chain: "KUBE-POSTROUTING", rule: constant("nat", `-m mark ! --mark ${mark}/${mark} -j RETURN`) },
      { chain: "KUBE-POSTROUTING", rule: constant("nat", `-j MARK --xor-mark ${mark}`) },
      { chain: "KUBE-POSTROUTING", rule: MASQUERADE },
      { chain: "KUBE-MARK-MASQ", rule: constant("nat", `-j MARK --or-mark ${mark}`) },
    ],
  };
}

const INVALID = fixedRule("filter", "-m conntrack --ctstate INVALID -j DROP");
const DROP_INVALID: RuleDraft = { ...INVALID, matches: [...INVALID.matches, counted(INVALID_COUNTER)] };
const FORWARD_KNOWN = fixedRule(
  "filter",
  '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
);
const MASQUERADE = fixedRule(
  "nat",
  '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
);

const constants = new Map<string, RuleDraft>();

/** A rule that depends on the mark alone. */
function constant(table: TableName, text: string): RuleDraft {
  let rule = constants.get(text);
  if (!rule) constants.set(text, (rule = fixedRule(table, text)));
  return rule;
}
