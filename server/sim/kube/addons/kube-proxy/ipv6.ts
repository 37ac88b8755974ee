import { readRule, isProblem, splitWords, type Namespace, type RuleDraft } from "../../../net/index.ts";
import { ensureJumps } from "./base-chains.ts";
import { Batch, type Written } from "./batch.ts";
import type { ProxierSettings } from "./proxier.ts";
import { comment, draft, jump, TO_LOCAL } from "./rule.ts";
import type { SharedRules } from "./shared-rules.ts";

/** What the tables of IPv6 came to. */
export interface Ipv6Result {
  readonly filter: Written;
  readonly nat: Written;
}

/** `! -d ::1/128`: NodePorts never answer there. */
const NOT_LOOPBACK: Omit<RuleDraft, "matches" | "target"> = (() => {
  const read = readRule(splitWords("! -d ::1/128"), { table: "nat", family: 6, hasChain: () => true });
  if (isProblem(read)) throw new Error(read.text);
  const { matches: _, target: __, ...head } = read.rules[0]!;
  return head;
})();

/**
 * The rules of the second proxier. Clusters here give their Services IPv4 addresses alone, so that it has no Service to
 * write of: what is left are the chains that every proxier keeps.
 */
export function writeIpv6(
  ns: Namespace,
  { nodePortAddresses }: Pick<ProxierSettings, "nodePortAddresses">,
  shared: SharedRules,
  unlessSame: boolean,
): Ipv6Result {
  ensureJumps(ns, 6);
  const filter = new Batch(ns, "filter", unlessSame, 6);
  for (const chain of shared.filterChains) filter.declare(chain);
  filter.appendAll(shared.filter);
  const nat = new Batch(ns, "nat", unlessSame, 6);
  for (const chain of shared.natChains) nat.declare(chain);
  nat.appendAll(shared.nat);
  // With addresses of IPv4 alone, all of IPv6 are meant; of its own the node has none that could be named.
  if (nodePortAddresses.every((cidr) => !cidr.includes(":") || cidr.endsWith("/0")))
    nat.append("KUBE-SERVICES", draft([LAST_WORDS, TO_LOCAL], jump("KUBE-NODEPORTS"), NOT_LOOPBACK));
  return { filter: filter.commit(), nat: nat.commit() };
}

export const LAST_WORDS = comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");
