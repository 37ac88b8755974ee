import { addRule, deleteRule, rulesOf, TABLE_MAIN, type PolicyRuleRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { RULE_USAGE } from "../usage/others.ts";
import { matches } from "../words.ts";
import { readRule, type RuleWish } from "./parse.ts";
import { printRule } from "./print.ts";

/** `ip rule` (ip/iprule.c: do_iprule). */
export async function rule(call: IpCall, words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  if (verb === undefined) return list(call, []);
  if (matches(verb, "list") || matches(verb, "lst") || matches(verb, "show")) return list(call, rest);
  if (matches(verb, "save")) return save(call);
  if (matches(verb, "restore")) return restore(call);
  if (matches(verb, "add")) return add(call, rest);
  if (matches(verb, "delete")) return remove(call, rest);
  if (matches(verb, "flush")) return flush(call, rest);
  if (matches(verb, "help")) throw new Exit(255, RULE_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip rule help".\n`);
}

async function list(call: IpCall, words: readonly string[]): Promise<number> {
  const wish = await readRule(call, words, "list");
  call.printer.openList();
  for (const row of selected(call, wish, "list")) printRule(call, row);
  call.printer.closeList();
  return 0;
}

/** A list does not look at who made a rule, a flush does (ip/iprule.c: filter_nlmsg, flush_rule). */
function selected(call: IpCall, wish: RuleWish, what: "list" | "flush"): PolicyRuleRow[] {
  const { priority, action, family: _, protocolName, ...fields } = wish;
  return rulesOf(call.ns, call.family ?? 4).filter((row) => {
    if (what === "flush" && protocolName !== undefined && row.protocolName !== protocolName) return false;
    if (priority !== undefined && row.priority !== priority) return false;
    const lookup = row.action === "masquerade" ? { table: TABLE_MAIN } : row.action;
    if (action !== undefined && JSON.stringify(lookup) !== JSON.stringify(action)) return false;
    return hasFields(row, fields);
  });
}

function hasFields(row: PolicyRuleRow, fields: Partial<PolicyRuleRow>): boolean {
  return Object.entries(fields).every(
    ([key, value]) => JSON.stringify(row[key as keyof PolicyRuleRow]) === JSON.stringify(value),
  );
}

async function add(call: IpCall, words: readonly string[]): Promise<number> {
  if (words.length === 0) throw new Exit(1, '"ip rule add" requires arguments.\n');
  const wish = await readRule(call, words, "add");
  call.requireAdmin();
  talk(addRule(call.ns, wish));
  return 0;
}

async function remove(call: IpCall, words: readonly string[]): Promise<number> {
  if (words.length === 0) throw new Exit(1, '"ip rule del" requires arguments.\n');
  const wish = await readRule(call, words, "delete");
  call.requireAdmin();
  talk(deleteRule(call.ns, wish));
  return 0;
}

/** All but the first rule go. */
async function flush(call: IpCall, words: readonly string[]): Promise<number> {
  const wish = await readRule(call, words, "list");
  call.requireAdmin();
  const family = call.family ?? 4;
  for (const row of selected(call, wish, "flush")) {
    if (row.priority === 0) continue;
    talk(deleteRule(call.ns, { ...row, family }));
  }
  return 0;
}

/** As with routes, messages in a file are not simulated. */
function save({ process }: IpCall): never {
  if (process.isTty(1)) throw new Exit(1, "Not sending a binary stream to stdout\n");
  throw notSimulated("ip", "rule save");
}

async function restore({ process }: IpCall): Promise<never> {
  if (process.isTty(0)) throw new Exit(255, "Can't restore from a terminal\n");
  if ((await process.read(0)) === "") throw new Exit(255, "Magic mismatch (0 elems, 0 magic)\n");
  throw notSimulated("ip", "rule restore");
}
