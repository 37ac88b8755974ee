import type { NetworkPolicy } from "../../../api/index.ts";
import { ruleText } from "../../../../net/index.ts";
import type { PolicyReason, RuleReference } from "../../policy-reason.ts";
import { draftOf } from "./node-rules.ts";
import { CHAINS, wanted, type Objects, type RuleChain } from "./wanted.ts";

/** The bridge that all Pods of a node are on. */
const BRIDGE = "weave";

/** What one of weave-npc's rules has to do with policies; its rules do not tell whose traffic it is. */
export function npcReason({ text, chain, path = [] }: RuleReference, objects: Objects): PolicyReason | undefined {
  if (chain === CHAINS.ingress) return policyReason("ingress", text, objects);
  if (chain === CHAINS.default) return { direction: "ingress", verdict: "free" };
  if (chain === CHAINS.egress && text.endsWith("-j DROP")) return { direction: "egress", verdict: "denies" };
  // What no chain of weave's let pass is dropped behind them.
  if (chain === "FORWARD" && text === `-A FORWARD -o ${BRIDGE} -j DROP`) return { direction: "ingress", verdict: "denies" };
  if (chain !== CHAINS.egressMark) return undefined;
  const by = path.at(-1) ?? "";
  if (by.startsWith(`-A ${CHAINS.egressDefault} `)) return { direction: "egress", verdict: "free" };
  return policyReason("egress", by, objects);
} // prettier-ignore

/** Rules of several policies that say the same stand there once, for the first. */
function policyReason(direction: "ingress" | "egress", text: string, objects: Objects): PolicyReason | undefined {
  const chain: RuleChain = direction === "ingress" ? "ingress" : "egressCustom";
  for (const policy of objects.policies) {
    const rules = policy.spec[direction] ?? [];
    const rule = rules.findIndex((_, at) =>
      wanted({ ...objects, policies: [onlyRule(policy, direction, at)] }).rules[chain].some(
        (words) => ruleText(CHAINS[chain], draftOf(words, CHAINS[chain])) === text,
      ),
    );
    if (rule >= 0) return { direction, verdict: "allows", policy, rule };
  }
  return undefined;
}

function onlyRule(policy: NetworkPolicy, direction: "ingress" | "egress", at: number): NetworkPolicy {
  const { ingress = [], egress = [], ...spec } = policy.spec;
  const kept = direction === "ingress" ? { ingress: [ingress[at]!] } : { egress: [egress[at]!] };
  return { ...policy, spec: { ...spec, ...kept } };
}
