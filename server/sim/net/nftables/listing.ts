import { DEFAULT_NAMES } from "../netfilter/names.ts";
import { findLink } from "../link/links.ts";
import type { Namespace } from "../namespace.ts";
import type { ValueContext, ValueStyle } from "./data-type.ts";
import { NEVER, type Nftables } from "./nftables.ts";
import { elementText, nativeRuleText, sortedElements, type RuleStyle } from "./print-rule.ts";
import type { ChainRow, CounterRow, ElementRow, RuleRow, SetRow, TableRow } from "./row.ts";
import { priorityText } from "./symbols.ts";
import { timeText } from "./time.ts";

/** How nft lists (its options `-n`, `-y`, `-S`, `-s`, `-t`, `-a`). */
export interface ListStyle {
  readonly numeric: boolean;
  readonly numericPriority: boolean;
  readonly service: boolean;
  readonly stateless: boolean;
  readonly terse: boolean;
  readonly handles: boolean;
  readonly context: Pick<ValueContext, "names" | "linkName">;
}

/** What of a table is listed. */
export interface Shown {
  /** The name of one, `*` for all, `heads` for all without their rules. */
  readonly chains?: string;
  readonly sets?: string;
  readonly maps?: string;
  readonly counters?: string;
  /** Things stand one under the other, as in `list chains`. */
  readonly tight?: true;
  /** Without the handle of the table. */
  readonly plainHead?: true;
}

export const EVERYTHING: Shown = { chains: "*", sets: "*", maps: "*", counters: "*" };

export function linkNames(ns: Namespace): Pick<ValueContext, "linkName" | "linkIndex"> {
  return {
    linkName: (index) => ns.links.get(index)?.name,
    linkIndex: (name) => findLink(ns, name)?.index,
  };
}

function plainStyle(ns: Namespace): ValueStyle {
  return { numeric: false, service: false, context: { names: DEFAULT_NAMES, ...linkNames(ns) } };
}

/** A rule as a trace shows it: in nft's words, without what it counted. */
export function nativeText(ns: Namespace, chain: ChainRow, rule: RuleRow): string {
  return nativeRuleText(rule, { ...plainStyle(ns), stateless: true, family: chain.family, count: () => undefined });
}

export function belongsTo(table: TableRow, { family, table: name }: { family: string; table: string }): boolean {
  return table.family === family && table.name === name;
}

/** A table as nft prints it (table_print). `inner`: chains of iptables-nft in a table of this name. */
export function tableText(
  nft: Nftables,
  table: TableRow,
  style: ListStyle,
  shown: Shown,
  inner: readonly string[] = [],
): string {
  const handle = (of: { handle: number }): string => (style.handles ? ` # handle ${of.handle}` : "");
  const blocks: string[] = [];
  const wants = (what: string | undefined, name: string): boolean => what === "*" || what === "heads" || what === name;
  for (const row of byHandle(nft.counters.values()))
    if (belongsTo(table, row) && wants(shown.counters, row.name))
      blocks.push(counterBlock(nft, row, style, handle(row)));
  for (const row of byHandle(nft.sets.values())) {
    if (!belongsTo(table, row) || !wants(row.kind === "set" ? shown.sets : shown.maps, row.name)) continue;
    blocks.push(setBlock(nft, row, style, handle(row)));
  }
  blocks.push(...inner);
  for (const row of byHandle(nft.chains.values()))
    if (belongsTo(table, row) && wants(shown.chains, row.name))
      blocks.push(chainBlock(nft, row, style, shown.chains === "heads", handle));
  const head = `table ${table.family} ${table.name} {${shown.plainHead ? "" : handle(table)}\n`;
  const full = shown.chains === "*";
  const flags = table.dormant && full ? "\tflags dormant\n" : "";
  const comment = table.comment !== undefined && full ? `\tcomment "${table.comment}"\n` : "";
  const gap = flags !== "" && blocks.length > 0 ? "\n" : "";
  return `${head}${flags}${comment}${gap}${blocks.join(shown.tight ? "" : "\n")}}\n`;
}

/** In the order in which they were made. */
export function byHandle<T extends { readonly handle: number }>(rows: Iterable<T>): T[] {
  return [...rows].sort((a, b) => a.handle - b.handle);
}

function counterBlock(nft: Nftables, row: CounterRow, style: ListStyle, handle: string): string {
  const { packets, bytes } = nft.counts.get(row.id) ?? row;
  const held = style.stateless ? "" : `\t\tpackets ${packets} bytes ${bytes}\n`;
  const comment = row.comment === undefined ? "" : `\t\tcomment "${row.comment}"\n`;
  return `\tcounter ${row.name} {${handle}\n${comment}${held}\t}\n`;
}

/** Elements of these types stand in rows of so many (calculate_delim). */
const IN_A_ROW: Readonly<Record<string, number>> = { integer: 5, inet_proto: 5, inet_service: 5, tcp_flag: 5, mark: 5, iface_index: 5, uid: 5, gid: 5, ct_dir: 5, pkt_type: 5, nf_proto: 5, ipv4_addr: 2, ct_state: 2, ct_status: 2 }; // prettier-ignore

function setBlock(nft: Nftables, row: SetRow, style: ListStyle, handle: string): string {
  const lines = [`\t${row.kind} ${row.name} {${handle}`];
  const data = row.data ? ` : ${row.dataTypeOf ?? row.data.join(" . ")}` : "";
  lines.push(row.typeOf === undefined ? `\t\ttype ${row.key.join(" . ")}${data}` : `\t\ttypeof ${row.typeOf}${data}`);
  if (row.policy === "memory") lines.push("\t\tpolicy memory");
  if (row.size !== undefined) lines.push(`\t\tsize ${row.size}`);
  const flags = [row.constant && "constant", row.dynamic && "dynamic", row.interval && "interval", row.timeouts && "timeout"]; // prettier-ignore
  const given = flags.filter(Boolean);
  if (given.length > 0) lines.push(`\t\tflags ${given.join(",")}`);
  if (row.timeout !== undefined) lines.push(`\t\ttimeout ${timeText(row.timeout)}`);
  if (row.gcInterval !== undefined) lines.push(`\t\tgc-interval ${timeText(row.gcInterval)}`);
  if (row.autoMerge) lines.push("\t\tauto-merge");
  if (row.comment !== undefined) lines.push(`\t\tcomment "${row.comment}"`);
  if (!style.terse) lines.push(...elementLines(nft, row, style));
  return `${lines.join("\n")}\n\t}\n`;
}

/** All elements that are there: what was written, and what packets added. */
export function liveElements(nft: Nftables, row: SetRow): readonly ElementRow[] {
  const { now } = nft.ns.kernel;
  const written = row.elements.filter(({ expires }) => expires === undefined || expires > now);
  if (!row.grows) return written.length === row.elements.length ? row.elements : written;
  const own = nft.elementsOf(row).map(({ key, timeout, expires }): ElementRow => {
    const lasts = timeout === undefined || timeout === row.timeout ? {} : { timeout };
    return { key: key.map((value) => ({ kind: "value", value })), ...lasts, ...(expires === NEVER ? {} : { expires }) };
  });
  return [...written, ...own];
}

function elementLines(nft: Nftables, row: SetRow, style: ListStyle): string[] {
  const elements = sortedElements({ ...row, elements: liveElements(nft, row) });
  if (elements.length === 0) return [];
  const { now } = nft.ns.kernel;
  const perRow = row.key.length === 1 ? (IN_A_ROW[row.key[0]!] ?? 1) : 1;
  let text = "";
  for (const [at, element] of elements.entries()) {
    const left =
      element.expires === undefined || style.stateless ? undefined : timeText((element.expires - now) / 1000);
    if (at > 0) text += at % perRow === 0 ? ",\n\t\t\t     " : ", ";
    text += elementText(element, row, style, left);
  }
  return [`\t\telements = { ${text} }`];
}

function chainBlock(
  nft: Nftables,
  row: ChainRow,
  style: ListStyle,
  headOnly: boolean,
  handle: (of: { handle: number }) => string,
): string {
  const lines = [`\tchain ${row.name} {${handle(row)}`];
  if (row.comment !== undefined) lines.push(`\t\tcomment "${row.comment}"`);
  if (row.base) {
    const { type, hook, priority, policy } = row.base;
    const words = priorityText(priority, hook, style.numericPriority);
    lines.push(`\t\ttype ${type} hook ${hook.toLowerCase()} priority ${words}; policy ${policy};`);
  }
  const ruleStyle: RuleStyle = { ...style, family: row.family, count: (rule) => nft.counts.get(rule) };
  if (!headOnly) for (const rule of row.rules) lines.push(`\t\t${nativeRuleText(rule, ruleStyle)}${handle(rule)}`);
  return `${lines.join("\n")}\n\t}\n`;
}
