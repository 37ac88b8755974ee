import type { Namespace } from "../../namespace.ts";
import { madeTables, type Netfilter, type RuleTable } from "../netfilter.ts";
import type { ChainRow, HookName, TableName } from "../row.ts";
import { Unknown } from "./match-words.ts";
import { nftRuleWords, type NftStyle } from "./rule-words.ts";

/** A table of a namespace as nft calls it: `ip filter`. */
export interface NftTable {
  readonly family: "ip" | "ip6";
  readonly name: TableName;
  readonly netfilter: Netfilter;
  readonly table: RuleTable;
}

/** The tables that iptables-nft and ip6tables-nft made, in the order in which they were made. */
export function nftTables(ns: Namespace): NftTable[] {
  return madeTables(ns).map(({ netfilter, table }) => ({
    family: netfilter.family === 4 ? "ip" : "ip6",
    name: table.name,
    netfilter,
    table,
  }));
}

export interface ListingOptions extends NftStyle {
  /** `-y`, or with `-n`: priorities as numbers. */
  readonly numericPriority: boolean;
  /** Only this chain. */
  readonly chain?: string;
  /** `list chains`: without rules. */
  readonly chainsOnly?: boolean;
}

/** One table as `nft list` prints it (table_print), with the warning that stands before it on stderr; or what of it has never been seen. */
export function nftTableText(
  { family, netfilter, table }: NftTable,
  options: ListingOptions,
): { readonly warning: string; readonly text: string } | Unknown {
  const blocks: string[] = [];
  let xt = false;
  for (const chain of table.chains.values()) {
    if (options.chain !== undefined && chain.name !== options.chain) continue;
    const lines = [`\tchain ${chain.name} {`];
    if (chain.policy !== undefined) lines.push(`\t\t${headWords(table.name, chain, options)}`);
    for (const rule of options.chainsOnly ? [] : chain.rules) {
      const found = nftRuleWords(rule, netfilter.family, netfilter.counters.get(rule.id), options);
      if (found instanceof Unknown) return found;
      xt ||= found.xt;
      lines.push(`\t\t${found.text}`);
    }
    blocks.push(`${[...lines, "\t}"].join("\n")}\n`);
  }
  const warning = `# Warning: table ${family} ${table.name} is managed by iptables-nft, do not touch!\n`;
  const text = `table ${family} ${table.name} {\n${blocks.join(options.chainsOnly ? "" : "\n")}}\n`;
  return { warning: xt ? warning : "", text };
}

/** With the names that nft knows for them at the hook (std_prio_lookup); iptables-nft's own for `security` has none. */
const PRIORITIES: Readonly<Record<TableName, readonly [number, string | undefined]>> = {
  raw: [-300, "raw"],
  mangle: [-150, "mangle"],
  nat: [-100, undefined],
  filter: [0, "filter"],
  security: [150, undefined],
};

const NAT_PRIORITIES: Readonly<Partial<Record<HookName, readonly [number, string | undefined]>>> = {
  PREROUTING: [-100, "dstnat"],
  INPUT: [100, undefined],
  OUTPUT: [-100, undefined],
  POSTROUTING: [100, "srcnat"],
};

function headWords(table: TableName, { name, policy }: ChainRow, { numericPriority }: ListingOptions): string {
  const hook = name.toLowerCase();
  const type = table === "nat" ? "nat" : table === "mangle" && name === "OUTPUT" ? "route" : "filter";
  const [number, word] = (table === "nat" && NAT_PRIORITIES[name as HookName]) || PRIORITIES[table];
  const priority = numericPriority || word === undefined ? `${number}` : word;
  return `type ${type} hook ${hook} priority ${priority}; policy ${policy!.toLowerCase()};`;
}
