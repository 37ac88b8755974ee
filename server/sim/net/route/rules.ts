import { fail, ok, type Result } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import { rulesOf } from "./lookup.ts";
import { TABLE_MAIN, type RuleRow } from "./row.ts";
import { hasTable } from "./tables.ts";

/** A policy rule as a program asks for it. */
export type RuleSpec = Omit<RuleRow, "priority" | "action"> & {
  readonly priority?: number;
  readonly action?: RuleRow["action"];
  readonly family?: 4 | 6;
};

/** Adds a policy rule (fib_nl_newrule). Without a priority, one less than that of the second rule. */
export function addRule(ns: Namespace, spec: RuleSpec): Result<RuleRow> {
  const { family = 4, priority, action, ...selector } = spec;
  const rules = rulesOf(ns, family);
  if (rules.length >= ns.kernel.limits.networkRows) return fail("ENOBUFS");
  const row: RuleRow = {
    ...selector,
    priority: priority ?? defaultPriority(rules),
    action: spec.l3mdev ? { table: 0 } : named(ns, action, family),
  };
  if (typeof row.action === "object" && "goto" in row.action && row.action.goto <= row.priority)
    return fail("EINVAL", "Backward goto not supported");
  const { sport, dport, uids, tos = 0 } = row;
  if ((tos & 3) !== 0) return fail("EINVAL", "Invalid dsfield (tos): ECN bits must be 0");
  if (sport && sport[0] > sport[1]) return fail("EINVAL", "Invalid sport range");
  if (dport && dport[0] > dport[1]) return fail("EINVAL", "Invalid dport range");
  if (uids && uids[0] > uids[1]) return fail("EINVAL", "Invalid uid range");
  if (rules.some((rule) => JSON.stringify(rule) === JSON.stringify(row))) return fail("EEXIST");
  const before = rules.findIndex((rule) => rule.priority > row.priority);
  ns.rules.set(family, rules.toSpliced(before < 0 ? rules.length : before, 0, row));
  return ok(row);
}

/** Without a table it is the main one; 0 is the first that nobody has used (fib4_rule_configure). */
function named(ns: Namespace, action: RuleRow["action"] | undefined, family: 4 | 6): RuleRow["action"] {
  if (action === undefined) return { table: TABLE_MAIN };
  if (typeof action === "string" || !("table" in action) || action.table !== 0 || family === 6) return action;
  let table = 1;
  while (hasTable(ns, table)) table++;
  return { table };
}

/** Deletes the first rule that has all of these fields. ENOENT if there is none. */
export function deleteRule(ns: Namespace, spec: RuleSpec): Result<RuleRow> {
  const { family = 4, ...wanted } = spec;
  const rules = rulesOf(ns, family);
  const at = rules.findIndex((rule) =>
    Object.entries(wanted).every(
      ([key, value]) => JSON.stringify(rule[key as keyof RuleRow]) === JSON.stringify(value),
    ),
  );
  if (at < 0) return fail("ENOENT");
  ns.rules.set(family, rules.toSpliced(at, 1));
  return ok(rules[at]!);
}

/** fib_default_rule_pref: just before the second rule, if there is room. */
function defaultPriority(rules: readonly RuleRow[]): number {
  const second = rules[1];
  return second && second.priority > 0 ? second.priority - 1 : 0;
}
