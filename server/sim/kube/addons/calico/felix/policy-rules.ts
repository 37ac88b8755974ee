import { MARK } from "./mark-bits.ts";
import { policyChain, profileChain } from "./chain-names.ts";
import type { IpSetId } from "./ip-set-id.ts";
import type { Direction, Policy, PolicyRule, PortRange } from "./policy.ts";
import { clearMark, markSet, RETURN, setMark, type Chain, type Rule } from "./rule.ts";

/** What a rule does with what it allows. */
export const ALLOWED = setMark(MARK.accept);

/** The chain of one direction of a policy (felix/rules/policy.go PolicyToIptablesChains). */
export function policyToChain(policy: Policy, direction: Direction): Chain {
  const rules = commented(policy[direction].flatMap((rule) => renderRule(rule, direction)), `Policy ${policy.name} ${direction}`); // prettier-ignore
  return { name: policyChain(direction, policy.name), rules };
}

/** What holds for endpoints that no policy is for: a Namespace's profile allows everything, a service account's says nothing. */
export function profileToChain(profile: string, direction: Direction): Chain {
  const allow: Rule[] = profile.startsWith("kns.") ? [{ action: setMark(MARK.accept) }] : [];
  return { name: profileChain(direction, profile), rules: commented(allow, `Profile ${profile} ${direction}`) };
}

/** Returns at the end of a chain do nothing; the first rule tells whose chain it is (ProtoRulesToIptablesRules). */
function commented(list: readonly Rule[], comment: string): Rule[] {
  const rules = list.slice(0, list.findLastIndex(({ action }) => action !== RETURN) + 1);
  return [{ ...rules[0], comment }, ...rules.slice(1)];
}

/**
 * One rule of a policy. What iptables cannot ask for in one rule (several networks, an exception, more than 15 ports,
 * numbers and names) becomes blocks before it that note in the mark whether all hold (matchBlockBuilder).
 */
export function renderRule(rule: PolicyRule, direction: Direction): Rule[] {
  const { protocol, peerNets, notPeerNets, peerSets, namedPorts } = rule;
  const blocks = new MatchBlocks();
  const end = direction === "ingress" ? "source" : "destination";
  const side = direction === "ingress" ? "src" : "dst";
  const splits = splitPorts(rule.ports);
  const portsApart = splits.length + namedPorts.length > 1;
  if (portsApart) blocks.ports(protocol, splits, namedPorts);
  const exceptApart = peerNets.length + notPeerNets.length > 1;
  if (exceptApart) blocks.exceptions(end, notPeerNets);
  const match = [
    ...(protocol === undefined ? [] : [`-p ${protocol}`]),
    ...peerNets.map((net) => `--${end} ${net}`),
    ...peerSets.map(({ name }) => `-m set --match-set ${name} ${side}`),
    ...(portsApart ? [] : [...splits.map(portMatch), ...namedPorts.map(namedPortMatch)]),
    ...(blocks.used ? [markSet(MARK.scratch0)] : []),
  ].join(" ");
  return [
    ...blocks.rules,
    { ...(match === "" ? {} : { match }), action: ALLOWED },
    { match: markSet(MARK.accept), action: RETURN },
  ];
}

function portMatch(ports: readonly PortRange[]): string {
  return `-m multiport --destination-ports ${ports.map(([first, last]) => (first === last ? first : `${first}:${last}`)).join(",")}`;
}

function namedPortMatch({ name }: IpSetId): string {
  return `-m set --match-set ${name} dst,dst`;
}

/** The blocks of one rule: `scratch0` says whether all so far hold. */
class MatchBlocks {
  readonly rules: Rule[] = [];

  get used(): boolean {
    return this.rules.length > 0;
  }

  ports(protocol: string | undefined, splits: readonly (readonly PortRange[])[], named: readonly IpSetId[]): void {
    this.#begin(0);
    const action = setMark(MARK.scratch0);
    const proto = protocol === undefined ? "" : `-p ${protocol} `;
    for (const split of splits) this.rules.push({ match: `${proto}${portMatch(split)}`, action });
    for (const set of named) this.rules.push({ match: namedPortMatch(set), action });
  }

  exceptions(end: string, nets: readonly string[]): void {
    this.#begin(MARK.scratch0);
    for (const net of nets) this.rules.push({ match: `--${end} ${net}`, action: clearMark(MARK.scratch0) });
  }

  #begin(holds: number): void {
    if (!this.used) this.rules.push({ action: setMark(holds, MARK.scratch0 | MARK.scratch1) });
  }
}

/** A multiport match has 15 places, of which a range takes two (SplitPortList). */
function splitPorts(ports: readonly PortRange[]): PortRange[][] {
  const splits: PortRange[][] = [];
  let free = 0;
  for (const port of ports) {
    const places = port[0] === port[1] ? 1 : 2;
    if (free < places) {
      splits.push([]);
      free = 15;
    }
    splits.at(-1)!.push(port);
    free -= places;
  }
  return splits;
}
