import type { Process } from "../../sim/host/index.ts";
import {
  isBuiltIn,
  listChains,
  listHeading,
  listRule,
  NO_COUNT,
  ruleText,
  type ChainRow,
  type Counter,
  type ListOptions,
  type Netfilter,
  type TableName,
} from "../../sim/net/index.ts";
import type { Command } from "./command.ts";
import { ReverseNames } from "../netstat/reverse.ts";
import { accountNames, serviceNames } from "./names.ts";
import { isVersion189 } from "./variant.ts";

/** `-L`: chains with a blank line between them; a rule by its number without headings. Undefined: there is no such chain. */
export async function listing(
  process: Process,
  netfilter: Netfilter,
  table: TableName,
  command: Command,
): Promise<string | undefined> {
  const options: ListOptions = {
    numeric: command.numeric,
    verbose: command.verbose,
    exact: command.exact,
    lineNumbers: command.lineNumbers,
    numericProtocols: isVersion189(process),
    names: serviceNames(process.host),
    accounts: accountNames(process.host),
    family: netfilter.family,
  };
  if (command.numeric) return listed(netfilter, table, command, options);
  // What is counted while names are asked for comes too late.
  const counters: Counters = { rules: new Map(), policies: new Map() };
  // The names are asked for in the order in which the list has the addresses.
  const addresses = new Set<string>();
  listed(netfilter, table, command, { ...options, host: (address) => void addresses.add(address) }, counters);
  const names = new ReverseNames(process);
  for (const address of addresses) await names.name(address);
  return listed(netfilter, table, command, { ...options, host: (address) => names.known(address) }, counters);
}

/** As they were when the list was begun. */
interface Counters {
  readonly rules: Map<number, Counter>;
  readonly policies: Map<string, Counter>;
}

function taken<K>(counters: Map<K, Counter>, key: K, now: Counter = NO_COUNT): Counter {
  const before = counters.get(key);
  if (!before) counters.set(key, now);
  return before ?? now;
}

function listed(
  netfilter: Netfilter,
  table: TableName,
  command: Command,
  options: ListOptions,
  counters: Counters = { rules: new Map(), policies: new Map() },
): string | undefined {
  const chains = chosen(netfilter, table, command.chain);
  if (!chains) return undefined;
  const blocks = chains.map((chain) => {
    const lines: string[] = [];
    if (command.number === undefined) {
      const counter = taken(counters.policies, chain.name, netfilter[table].policyCounters.get(chain.name));
      lines.push(...listHeading({ ...chain, references: references(netfilter, table, chain.name) }, counter, options));
    }
    for (const [at, rule] of chain.rules.entries()) {
      if (command.number !== undefined && command.number !== at + 1) continue;
      lines.push(listRule(rule, at + 1, taken(counters.rules, rule.id, netfilter.counters.get(rule.id)), options));
    }
    return lines.map((line) => `${line}\n`).join("");
  });
  return blocks.join("\n");
}

/** `-S`: as the commands that would make them. */
export function ruleListing(netfilter: Netfilter, table: TableName, command: Command): string | undefined {
  const chains = chosen(netfilter, table, command.chain);
  if (!chains) return undefined;
  const lines: string[] = [];
  if (command.number === undefined) {
    for (const chain of chains) {
      const { packets, bytes } = netfilter[table].policyCounters.get(chain.name) ?? NO_COUNT;
      if (chain.policy === undefined) lines.push(`-N ${chain.name}`);
      else lines.push(`-P ${chain.name} ${chain.policy}${command.verbose ? ` -c ${packets} ${bytes}` : ""}`);
    }
  }
  for (const chain of chains) {
    for (const [at, rule] of chain.rules.entries()) {
      if (command.number !== undefined && command.number !== at + 1) continue;
      const counter = command.verbose ? (netfilter.counters.get(rule.id) ?? NO_COUNT) : undefined;
      lines.push(ruleText(chain.name, rule, counter));
    }
  }
  return lines.map((line) => `${line}\n`).join("");
}

function chosen(netfilter: Netfilter, table: TableName, name: string | undefined): ChainRow[] | undefined {
  const all = listChains(netfilter, table);
  if (name === undefined) return all;
  const chain = all.find((one) => one.name === name);
  return chain && (isBuiltIn(table, name) || netfilter[table].chains.has(name)) ? [chain] : undefined;
}

/** How many rules of the table jump to a chain. */
function references(netfilter: Netfilter, table: TableName, name: string): number {
  let count = 0;
  for (const chain of netfilter[table].chains.values())
    for (const { target } of chain.rules) if (target?.kind === "chain" && target.name === name) count++;
  return count;
}
