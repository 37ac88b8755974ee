import { addRule, deleteRule, rulesOf, type PolicyRuleRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { RULE_USAGE } from "../usage/others.ts";
import { matches } from "../words.ts";
import { readRule, type RuleWish } from "./parse.ts";
import { printRule } from "./print.ts";

/** `ip rule` (ip/iprule.c: do_iprule). */
export function rule(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return list(call, []);
  if (matches(verb, "list") || matches(verb, "lst") || matches(verb, "show")) return list(call, rest);
  if (matches(verb, "save") || matches(verb, "restore")) throw notSimulated("ip", `rule ${verb}`);
  if (matches(verb, "add")) return add(call, rest);
  if (matches(verb, "delete")) return remove(call, rest);
  if (matches(verb, "flush")) return flush(call, rest);
  if (matches(verb, "help")) throw new Exit(255, RULE_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip rule help".\n`);
}

function list(call: IpCall, words: readonly string[]): number {
  const wish = readRule(call, words, "list");
  call.printer.openList();
  for (const row of selected(call, wish)) printRule(call, row);
  call.printer.closeList();
  return 0;
}

function selected(call: IpCall, wish: RuleWish): PolicyRuleRow[] {
  const { priority, action, family: _, ...fields } = wish;
  return rulesOf(call.ns, call.family ?? 4).filter((row) => {
    if (priority !== undefined && row.priority !== priority) return false;
    if (action !== undefined && JSON.stringify(row.action) !== JSON.stringify(action)) return false;
    return hasFields(row, fields);
  });
}

function hasFields(row: PolicyRuleRow, fields: Partial<PolicyRuleRow>): boolean {
  return Object.entries(fields).every(
    ([key, value]) => JSON.stringify(row[key as keyof PolicyRuleRow]) === JSON.stringify(value),
  );
}

function add(call: IpCall, words: readonly string[]): number {
  if (words.length === 0) throw new Exit(1, '"ip rule add" requires arguments.\n');
  const wish = readRule(call, words, "add");
  call.requireAdmin();
  talk(addRule(call.ns, wish));
  return 0;
}

function remove(call: IpCall, words: readonly string[]): number {
  if (words.length === 0) throw new Exit(1, '"ip rule del" requires arguments.\n');
  const wish = readRule(call, words, "delete");
  call.requireAdmin();
  talk(deleteRule(call.ns, wish));
  return 0;
}

/** All but the first rule go. */
function flush(call: IpCall, words: readonly string[]): number {
  const wish = readRule(call, words, "list");
  call.requireAdmin();
  const family = call.family ?? 4;
  for (const row of selected(call, wish)) {
    if (row.priority === 0) continue;
    talk(deleteRule(call.ns, { ...row, family }));
  }
  return 0;
}
