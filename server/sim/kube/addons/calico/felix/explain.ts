import type { NetworkPolicy, Pod } from "../../../api/index.ts";
import type { PolicyReason, RuleReference } from "../../policy-reason.ts";
import { endpointChain, policyChain } from "./chain-names.ts";
import { vethName } from "./endpoint.ts";
import { policyOf, type Direction } from "./policy.ts";
import { ALLOWED, policyToChain, renderRule } from "./policy-rules.ts";
import { markRules } from "./rule.ts";

/** What the names of chains begin with (chain-names.ts). */
const DIRECTIONS: readonly (readonly [Direction, { policy: string; profile: string; endpoint: string }])[] = [
  ["ingress", { policy: "cali-pi-", profile: "cali-pri-", endpoint: "cali-tw-" }],
  ["egress", { policy: "cali-po-", profile: "cali-pro-", endpoint: "cali-fw-" }],
];

/** What one of felix's rules in table filter has to do with policies; undefined for the others, and for rules of nobody's. */
export function felixReason(
  { text, chain = "", path = [] }: RuleReference,
  { policies, pods, prefix }: { policies: readonly NetworkPolicy[]; pods: readonly Pod[]; prefix: string },
): PolicyReason | undefined {
  if (!chain.startsWith("cali-")) return undefined;
  for (const [direction, begin] of DIRECTIONS) {
    if (chain.startsWith(begin.policy)) return policyReason(direction, chain, text, policies);
    const free = chain.startsWith(begin.profile);
    const ended = chain.startsWith(begin.endpoint) && text.includes("End of tier");
    if (!free && !ended) continue;
    const steps = [`-A ${chain} `, ...path];
    const pod = pods.find(({ metadata: { namespace = "", name } }) => {
      const own = `-A ${endpointChain(direction, vethName(prefix, namespace, name))} `;
      return steps.some((step) => step.startsWith(own));
    });
    return { direction, verdict: free ? "free" : "denies", ...(pod ? { pod } : {}) };
  }
  return undefined;
}

function policyReason(
  direction: Direction,
  chain: string,
  text: string,
  policies: readonly NetworkPolicy[],
): PolicyReason | undefined {
  const policy = policies.find((one) => policyChain(direction, policyOf(one).name) === chain);
  if (!policy) return undefined;
  const parsed = policyOf(policy);
  const hash = /cali:[\w-]+/.exec(text)?.[0];
  const at = markRules("filter", policyToChain(parsed, direction)).findIndex((rule) => `cali:${rule.hash}` === hash);
  // The kernel has an older version of it.
  if (at < 0) return { direction, verdict: "asks", policy };
  const rules = parsed[direction].flatMap((rule) =>
    renderRule(rule, direction).map(({ action }) => ({ rule, action })),
  );
  const { rule, action } = rules[at]!;
  return { direction, verdict: action === ALLOWED ? "allows" : "asks", policy, rule: rule.from };
}
