import { contains, parsePrefix, type Prefix } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import { fibOf, makeEntry, type Choice, type Fib } from "./fib.ts";
import type { Flow } from "./flow.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { RULES4, RULES6, TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN, type RouteRow, type RuleRow } from "./row.ts";

export function rulesOf(ns: Namespace, family: 4 | 6): readonly RuleRow[] {
  return ns.rules.get(family) ?? (family === 4 ? RULES4 : RULES6);
}

/**
 * The route for a flow by rules and tables (fib_lookup). Undefined: no route. A choice whose entry has an `error` is a
 * blackhole, unreachable or prohibit route or rule.
 */
export function lookupRoute(ns: Namespace, query: Flow): Choice | undefined {
  const fib = fibOf(ns);
  const rules = rulesOf(ns, typeof query.destination === "number" ? 4 : 6);
  const dead = deadLinks(ns);
  query.ports = configurationOf(ns).multipathPolicy === 1;
  if (rules === RULES4 || rules === RULES6) {
    const choice = inTable(fib, TABLE_LOCAL, query, dead) ?? inTable(fib, TABLE_MAIN, query, dead);
    return choice ?? inTable(fib, TABLE_DEFAULT, query, dead);
  }
  return byRules(ns, fib, rules, query, dead);
}

/** Links without a carrier whose routes do not count (ignore_routes_with_linkdown); undefined where none is so set. */
export function deadLinks(ns: Namespace): ReadonlySet<number> | undefined {
  const configuration = configurationOf(ns);
  if (!configuration.ignoresLinkdown) return undefined;
  const dead = new Set<number>();
  for (const link of ns.links.values())
    if (!link.carrier && configuration.device(link.index).ignoreLinkdown) dead.add(link.index);
  return dead;
}

/** A `throw` route ends the search in its table and lets the next rule try. */
function inTable(
  fib: Fib,
  id: number,
  query: Flow,
  dead: ReadonlySet<number> | undefined,
  suppress = -1,
): Choice | undefined {
  const choice = fib.table(id)?.find(query, dead);
  if (!choice || choice.entry.row.type === "throw") return undefined;
  return suppress >= 0 && choice.entry.length <= suppress ? undefined : choice;
}

function byRules(
  ns: Namespace,
  fib: Fib,
  rules: readonly RuleRow[],
  query: Flow,
  dead: ReadonlySet<number> | undefined,
): Choice | undefined {
  let from = -1;
  for (const rule of rules) {
    if (rule.priority < from || !applies(ns, rule, query)) continue;
    const { action } = rule;
    if (action === "nop") continue;
    if (action === "throw" || action === "masquerade") return verdict("blackhole");
    if (typeof action === "string") return verdict(action);
    if ("goto" in action) from = action.goto;
    else {
      const found = inTable(fib, action.table, query, dead, rule.suppressPrefixLength);
      if (found && (rule.suppressGroup === undefined || ns.links.get(found.link)?.group !== rule.suppressGroup))
        return found;
    }
  }
  return undefined;
}

function applies(ns: Namespace, rule: RuleRow, query: Flow): boolean {
  const matched =
    (rule.from === undefined || (query.source !== undefined && contains(prefix(rule.from), query.source))) &&
    (rule.to === undefined || contains(prefix(rule.to), query.destination)) &&
    (rule.iif === undefined || ns.links.get(query.iif)?.name === rule.iif) &&
    (rule.oif === undefined || ns.links.get(query.oif)?.name === rule.oif) &&
    rule.l3mdev === undefined &&
    rule.tunnel === undefined &&
    (rule.tos === undefined || rule.tos === query.tos) &&
    (rule.mark === undefined || ((query.mark ^ rule.mark.value) & rule.mark.mask) === 0) &&
    (rule.protocol === undefined || rule.protocol === query.protocol) &&
    (rule.sport === undefined || within(rule.sport, query.sport)) &&
    (rule.dport === undefined || within(rule.dport, query.dport)) &&
    (rule.uids === undefined || within(rule.uids, query.uid));
  return matched !== (rule.not ?? false);
}

function within([low, high]: readonly [number, number], value: number): boolean {
  return value >= low && value <= high;
}

const prefixes = new Map<string, Prefix>();

function prefix(text: string): Prefix {
  let known = prefixes.get(text);
  if (!known) {
    if (prefixes.size > 1000) prefixes.clear();
    prefixes.set(text, (known = parsePrefix(text)!));
  }
  return known;
}

const verdicts = new Map<string, Choice>();

/** The route that stands for a rule's `blackhole`, `unreachable` (which is not the error of such a route) or `prohibit` (fib4_rule_action). */
function verdict(type: "blackhole" | "unreachable" | "prohibit"): Choice {
  let choice = verdicts.get(type);
  if (!choice) {
    const row: RouteRow = {
      family: 4,
      table: 0,
      type,
      to: "0.0.0.0/0",
      protocol: "kernel",
      scope: "global",
      metric: 0,
      hops: [],
    };
    const entry = makeEntry(row);
    const error = type === "unreachable" ? "ENETUNREACH" : entry.error;
    choice = { ...entry.choices[0]!, entry: { ...entry, error } };
    verdicts.set(type, choice);
  }
  return choice;
}
