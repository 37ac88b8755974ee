import { endpointChain, groupChain, policyChain, profileChain, TIER } from "./chain-names.ts";
import { MARK } from "./mark-bits.ts";
import type { Direction, Policy } from "./policy.ts";
import {
  ACCEPT, clearMark, DROP, goTo, inInterface, jump, markClear, markNotClear, markSet, outInterface, RETURN, type Chain, type Rule,
} from "./rule.ts"; // prettier-ignore

/** Policies that stand next to each other and have one selector, so that they are for the same endpoints. */
export interface PolicyGroup {
  readonly selector: string;
  readonly policies: readonly Policy[];
}

export const VXLAN_PORT = 4789;

/** The chain that decides of one direction of an endpoint (felix/rules/endpoints.go endpointIptablesChain). */
export function endpointToChain(
  link: string,
  direction: Direction,
  groups: readonly PolicyGroup[],
  profiles: readonly string[],
): Chain {
  const rules: Rule[] = [
    { match: "-m conntrack --ctstate RELATED,ESTABLISHED", action: ACCEPT },
    { match: "-m conntrack --ctstate INVALID", action: DROP },
    { action: clearMark(MARK.accept | MARK.pass) },
  ];
  if (direction === "egress")
    rules.push(
      { comment: "Drop VXLAN encapped packets originating in workloads", match: `-p 17 -m multiport --destination-ports ${VXLAN_PORT}`, action: DROP },
      { comment: "Drop IPinIP encapped packets originating in workloads", match: "-p 4", action: DROP },
    ); // prettier-ignore
  if (groups.length > 0) {
    rules.push({ comment: `Start of tier ${TIER}`, action: clearMark(MARK.pass) });
    for (const group of groups)
      rules.push(
        { match: markClear(MARK.pass), action: jump(chainOfGroup(direction, group)) },
        { comment: "Return if policy accepted", match: markSet(MARK.accept), action: RETURN },
      );
    const comment = `End of tier ${TIER}. Drop if no policies passed packet`;
    rules.push({ comment, match: markClear(MARK.pass), action: DROP });
  }
  for (const profile of profiles)
    rules.push(
      { action: jump(profileChain(direction, profile)) },
      { comment: "Return if profile accepted", match: markSet(MARK.accept), action: RETURN },
    );
  rules.push({ comment: "Drop if no profiles matched", action: DROP });
  return { name: endpointChain(direction, link), rules };
}

/** A policy alone needs no chain for its group. */
function chainOfGroup(direction: Direction, { selector, policies }: PolicyGroup): string {
  const [first, ...more] = policies;
  return more.length === 0 ? policyChain(direction, first!.name) : groupChain(direction, selector, policies);
}

/** After how many jumps a group's chain looks whether all is decided. */
const RETURN_STRIDE = 5;

/** The chain of a group of several policies (PolicyGroupToIptablesChains). */
export function groupToChain(direction: Direction, { selector, policies }: PolicyGroup): Chain {
  const rules: Rule[] = [];
  for (const [at, { name }] of policies.entries()) {
    const undecided = MARK.pass | MARK.accept;
    const first = at % RETURN_STRIDE === 0;
    if (first && at > 0) rules.push({ comment: "Return on verdict", match: markNotClear(undecided), action: RETURN });
    const action = jump(policyChain(direction, name));
    rules.push(first ? { action } : { match: markClear(undecided), action });
  }
  return { name: groupChain(direction, selector, policies), rules };
}

/**
 * The chains that lead to those of endpoints, by their interfaces: a shallow tree by the first letter behind what all
 * names begin with (felix/rules/dispatch.go).
 */
export function dispatchChains(links: readonly string[]): Chain[] {
  return [
    ...dispatchChain("cali-from-wl-dispatch", links, inInterface, "egress"),
    ...dispatchChain("cali-to-wl-dispatch", links, outInterface, "ingress"),
  ];
}

function dispatchChain(
  name: string,
  links: readonly string[],
  matching: (link: string) => string,
  direction: Direction,
): Chain[] {
  const sorted = [...links].sort();
  const common = commonPrefix(sorted);
  const byPrefix = Map.groupBy(sorted, (link) => link.slice(0, common + 1));
  const unknown: Rule = { comment: "Unknown interface", action: DROP };
  const own = (link: string): Rule => ({ match: matching(link), action: goTo(endpointChain(direction, link)) });
  const root: Rule[] = [];
  const children: Chain[] = [];
  for (const [prefix, group] of byPrefix) {
    if (group.length === 1) {
      root.push(own(group[0]!));
      continue;
    }
    const child = `${name}-${prefix.slice(common)}`;
    root.push({ match: matching(`${prefix}+`), action: goTo(child) });
    children.push({ name: child, rules: [...group.map(own), unknown] });
  }
  return [...children, { name, rules: [...root, unknown] }];
}

/** How many letters all have in common at their beginning; they are sorted. */
function commonPrefix(sorted: readonly string[]): number {
  const [first = "", last = ""] = [sorted[0], sorted.at(-1)];
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  return length;
}
