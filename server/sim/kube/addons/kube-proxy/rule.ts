import {
  addressText,
  isIPv4,
  isProblem,
  mask,
  networkOf,
  parsePrefix,
  protocolNumber,
  readRule,
  splitWords,
  type Family,
  type MatchRow,
  type RuleDraft,
  type TableName,
  type TargetRow,
} from "../../../net/index.ts";

/** A rule for a chain, before it has a number in a table. */
export interface ChainRule {
  readonly chain: string;
  readonly rule: RuleDraft;
}

/**
 * The drafts of service rules are put together here and not read from text, since a sync writes thousands of them; what
 * iptables would make of the text is the same (rule.test.ts).
 */
export function draft(
  matches: readonly MatchRow[],
  target: TargetRow | undefined,
  head: Omit<RuleDraft, "matches" | "target"> = {},
): RuleDraft {
  return { ...head, matches, ...(target ? { target } : {}) };
}

export function comment(text: string): MatchRow {
  return { name: "comment", options: { comment: text } };
}

export function destinationPort(protocol: string, port: number): MatchRow {
  return { name: protocol, options: { dport: { min: port, max: port } } };
}

/** The match that `-m tcp` alone loads. */
export function anyPort(protocol: string): MatchRow {
  return { name: protocol, options: {} };
}

export function jump(name: string): TargetRow {
  return { kind: "chain", name };
}

export function dnat(ip: string, port: number): TargetRow {
  return { kind: "extension", name: "DNAT", options: { from: ip, to: ip, minPort: port, maxPort: port } };
}

export const ACCEPT: TargetRow = { kind: "verdict", name: "ACCEPT" };
export const DROP: TargetRow = { kind: "verdict", name: "DROP" };
export const REJECT: TargetRow = { kind: "extension", name: "REJECT", options: { with: "icmp-port-unreachable" } };
export const TO_LOCAL: MatchRow = { name: "addrtype", options: { destination: { types: ["LOCAL"] } } };
export const FROM_LOCAL: MatchRow = { name: "addrtype", options: { source: { types: ["LOCAL"] } } };

/** `-m statistic --mode random --probability <1/n>`: upstream writes ten decimals, the kernel keeps 31 bits. */
export function oneIn(count: number): MatchRow {
  const probability = Math.round(Number((1 / count).toFixed(10)) * 0x8000_0000);
  return { name: "statistic", options: { mode: "random", probability } };
}

const RECENT = { mask: "255.255.255.255", side: "source" } as const;

export function seenSince(name: string, seconds: number): MatchRow {
  return { name: "recent", options: { action: "rcheck", seconds, reap: true, name, ...RECENT } };
}

export function remember(name: string): MatchRow {
  return { name: "recent", options: { action: "set", name, ...RECENT } };
}

export function counted(name: string): MatchRow {
  return { name: "nfacct", options: { name } };
}

export function source(cidr: string): Pick<RuleDraft, "source"> {
  const value = masked(cidr);
  return value ? { source: { value } } : {};
}

export function destination(cidr: string): Pick<RuleDraft, "destination"> {
  const value = masked(cidr);
  return value ? { destination: { value } } : {};
}

export function protocol(name: string): Pick<RuleDraft, "protocol"> {
  return { protocol: { value: protocolNumber(name)! } };
}

/** An address or prefix as iptables keeps it; nothing for 0.0.0.0/0, which is no condition. */
function masked(cidr: string): { address: string; mask: string } | undefined {
  const prefix = parsePrefix(cidr);
  if (!prefix || !isIPv4(prefix.address)) throw new Error(`no IPv4 prefix: ${cidr}`);
  const { address, length } = prefix;
  return length === 0
    ? undefined
    : { address: addressText(networkOf(address, length)), mask: addressText(mask(length)) };
}

/** A rule of a text that is known to be right. */
export function fixedRule(table: TableName, text: string, family: Family = 4): RuleDraft {
  const read = readRule(splitWords(text), { table, family, hasChain: () => true });
  if (isProblem(read)) throw new Error(`${text}: ${read.text}`);
  return read.rules[0]!;
}
