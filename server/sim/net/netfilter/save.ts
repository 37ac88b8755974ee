import type { Namespace } from "../namespace.ts";
import { TableEditor } from "./editor.ts";
import { netfilterOf, type Netfilter } from "./netfilter.ts";
import { ruleText } from "./print.ts";
import { BUILT_IN, isBuiltIn, NO_COUNT, type ChainRow, type TableName } from "./row.ts";

/** The order in which iptables-nft saves tables. */
export const SAVE_ORDER: readonly TableName[] = ["mangle", "security", "raw", "filter", "nat"];

/** Chains as tools list them: built-in ones by hook, then the user's by name (nf_tables has no other order). */
export function listChains(netfilter: Netfilter, table: TableName): ChainRow[] {
  const rules = netfilter[table];
  const builtIn = BUILT_IN[table].map((name) => rules.chains.get(name) ?? emptyChain(name));
  const own = [...rules.chains.values()].filter((chain) => !isBuiltIn(table, chain.name));
  return [...builtIn, ...own.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

function emptyChain(name: string): ChainRow {
  return { name, policy: "ACCEPT", rules: [] };
}

/** Makes a table of the older interface, as any look at it does. */
export function touchTable(netfilter: Netfilter, table: TableName): void {
  if (netfilter.backend !== "legacy" || netfilter[table].exists) return;
  const editor = new TableEditor(netfilter, netfilter[table]);
  editor.touch();
  editor.commit();
}

/** One table between `*table` and `COMMIT`. */
export function saveTable(netfilter: Netfilter, table: TableName, options: { counters?: boolean } = {}): string[] {
  const lines = [`*${table}`];
  const chains = listChains(netfilter, table);
  for (const chain of chains) {
    const { packets, bytes } = netfilter[table].policyCounters.get(chain.name) ?? NO_COUNT;
    lines.push(`:${chain.name} ${chain.policy ?? "-"} [${packets}:${bytes}]`);
  }
  for (const chain of chains) {
    for (const rule of chain.rules) {
      const text = ruleText(chain.name, rule);
      if (!options.counters) {
        lines.push(text);
        continue;
      }
      const { packets, bytes } = netfilter.counters.get(rule.id) ?? NO_COUNT;
      lines.push(`[${packets}:${bytes}] ${text}`);
    }
  }
  lines.push("COMMIT");
  return lines;
}

/** All tables that exist, in one text: what `iptables-save | grep -v '^#'` prints. */
export function saveRules(ns: Namespace, options: { table?: TableName; counters?: boolean } = {}): string {
  const netfilter = netfilterOf(ns);
  const tables = options.table ? [options.table] : SAVE_ORDER.filter((name) => netfilter[name].exists);
  if (options.table) touchTable(netfilter, options.table);
  return tables.map((table) => `${saveTable(netfilter, table, options).join("\n")}\n`).join("");
}
