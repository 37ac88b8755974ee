import { ipv4, parseIPv6 } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Packet } from "../walk/packet.ts";
import type { MatchTest, TargetAction } from "./extension.ts";
import type { HookPoint } from "./hook-point.ts";
import { nameFits } from "./interface-name.ts";
import { MATCHES, TARGETS } from "./registry.ts";
import type { ChainRow, Invertible, Masked, RuleRow } from "./row.ts";

export type Step = "accept" | "drop" | "return" | "jump" | "goto" | "action" | "none";

interface Masked6 {
  readonly address: bigint;
  readonly mask: bigint;
  readonly not: boolean;
}

/** A rule made ready: the tests that nearly all rules have as plain numbers, the others as functions. */
export interface CompiledRule {
  readonly row: RuleRow;
  readonly step: Step;
  /** Where `jump` and `goto` lead. */
  readonly chain: string;
  readonly action: TargetAction | undefined;
  readonly source: number;
  readonly sourceMask: number;
  readonly sourceNot: boolean;
  readonly destination: number;
  readonly destinationMask: number;
  readonly destinationNot: boolean;
  /** Of IPv6 rules, whose ends the numbers above leave open. */
  readonly source6: Masked6 | undefined;
  readonly destination6: Masked6 | undefined;
  readonly protocol: number;
  readonly protocolNot: boolean;
  readonly inInterface: Invertible<string> | undefined;
  readonly outInterface: Invertible<string> | undefined;
  /** Whether it is for the first fragment (and whole packets), or for the others. */
  readonly fragment: "first" | "later" | "any";
  readonly tests: readonly MatchTest[];
}

/** A chain made ready for the walk. Belongs to its row, so that forks and sessions of one preset share it. */
export class CompiledChain {
  readonly row: ChainRow;
  readonly rules: readonly CompiledRule[];
  /** Packets pass a built-in chain like this one without any effect. */
  readonly idle: boolean;
  /** For long chains: the rules for one destination address, and those for any, by their numbers. */
  readonly #byDestination: ReadonlyMap<number, readonly number[]> | undefined;
  readonly #others: readonly number[] = [];

  constructor(row: ChainRow) {
    this.row = row;
    this.rules = row.rules.map(compileRule);
    this.idle = row.rules.length === 0 && row.policy === "ACCEPT" && !row.counted;
    if (this.rules.length < 24) return;
    const byDestination = new Map<number, number[]>();
    const others: number[] = [];
    for (const [at, rule] of this.rules.entries()) {
      if (rule.destinationMask !== -1 || rule.destinationNot) others.push(at);
      else if (byDestination.has(rule.destination)) byDestination.get(rule.destination)!.push(at);
      else byDestination.set(rule.destination, [at]);
    }
    this.#byDestination = byDestination;
    this.#others = others;
  }

  /** The number of the next rule, at `from` or behind it, that a packet to this destination may match. */
  next(from: number, destination: Packet["dst"]): number {
    if (!this.#byDestination || typeof destination !== "number") return from;
    const own = this.#byDestination.get(destination);
    const first = atOrBehind(this.#others, from);
    return own ? Math.min(first, atOrBehind(own, from)) : first;
  }
}

/** The first number in a sorted list that is at least `from`; infinite if there is none. */
function atOrBehind(sorted: readonly number[], from: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length ? sorted[low]! : Infinity;
}

const compiled = new WeakMap<ChainRow, CompiledChain>();

export function compileChain(row: ChainRow): CompiledChain {
  let chain = compiled.get(row);
  if (!chain) compiled.set(row, (chain = new CompiledChain(row)));
  return chain;
}

const compiledRules = new WeakMap<RuleRow, CompiledRule>();

function compileRule(row: RuleRow): CompiledRule {
  let rule = compiledRules.get(row);
  if (!rule) compiledRules.set(row, (rule = makeRule(row)));
  return rule;
}

function makeRule(row: RuleRow): CompiledRule {
  const { target } = row;
  const source = masked(row.source);
  const destination = masked(row.destination);
  return {
    row,
    step: stepOf(row),
    chain: target?.kind === "chain" ? target.name : "",
    action: target?.kind === "extension" ? TARGETS.get(target.name)!.compile(target.options) : undefined,
    source: source.address,
    sourceMask: source.mask,
    sourceNot: (row.source?.not ?? false) && !isSix(row.source),
    destination: destination.address,
    destinationMask: destination.mask,
    destinationNot: (row.destination?.not ?? false) && !isSix(row.destination),
    source6: masked6(row.source),
    destination6: masked6(row.destination),
    protocol: row.protocol?.value ?? 0,
    protocolNot: row.protocol?.not ?? false,
    inInterface: row.inInterface,
    outInterface: row.outInterface,
    fragment: fragmentOf(row),
    tests: row.matches
      .filter(({ name }) => name !== "comment")
      .map(({ name, options }) => MATCHES.get(name)!.compile(options)),
  };
}

/** `-f` is for further fragments; rules that read a header of TCP, UDP or ICMP never fit those. */
function fragmentOf({ fragment, matches }: RuleRow): CompiledRule["fragment"] {
  if (fragment) return fragment.not ? "first" : "later";
  return matches.some(({ name }) => MATCHES.get(name)!.header) ? "first" : "any";
}

function stepOf({ target }: RuleRow): Step {
  if (!target) return "none";
  if (target.kind === "chain") return target.goto ? "goto" : "jump";
  if (target.kind === "extension") return "action";
  return target.name === "ACCEPT" ? "accept" : target.name === "DROP" ? "drop" : "return";
}

function masked(wish: Invertible<Masked> | undefined): { address: number; mask: number } {
  if (!wish || isSix(wish)) return { address: 0, mask: 0 };
  const mask = ipv4(wish.value.mask);
  return { address: ipv4(wish.value.address) & mask, mask };
}

function isSix(wish: Invertible<Masked> | undefined): boolean {
  return wish !== undefined && wish.value.address.includes(":");
}

function masked6(wish: Invertible<Masked> | undefined): Masked6 | undefined {
  if (!wish || !isSix(wish)) return undefined;
  const mask = parseIPv6(wish.value.mask)!;
  return { address: parseIPv6(wish.value.address)! & mask, mask, not: wish.not ?? false };
}

function fits6({ address, mask, not }: Masked6, value: Packet["src"]): boolean {
  return typeof value === "bigint" && ((value & mask) === address) !== not;
}

/** True if the packet matches the rule, apart from what its target may still say. */
export function ruleFits(rule: CompiledRule, packet: Packet, at: HookPoint): boolean {
  const { src, dst } = packet;
  if (rule.destinationMask !== 0 || rule.destinationNot) {
    if (typeof dst !== "number") return false;
    if ((((dst ^ rule.destination) & rule.destinationMask) === 0) === rule.destinationNot) return false;
  }
  if (rule.protocol !== 0 && (rule.protocol === packet.protocol) === rule.protocolNot) return false;
  if (rule.sourceMask !== 0 || rule.sourceNot) {
    if (typeof src !== "number") return false;
    if ((((src ^ rule.source) & rule.sourceMask) === 0) === rule.sourceNot) return false;
  }
  if (rule.destination6 && !fits6(rule.destination6, dst)) return false;
  if (rule.source6 && !fits6(rule.source6, src)) return false;
  if (rule.inInterface && !interfaceFits(rule.inInterface, at.in)) return false;
  if (rule.outInterface && !interfaceFits(rule.outInterface, at.out)) return false;
  if (rule.fragment !== "any" && packet.later !== (rule.fragment === "later")) return false;
  for (const test of rule.tests) if (!test(packet, at)) return false;
  return true;
}

function interfaceFits({ value, not = false }: { value: string; not?: boolean }, link: LinkRow | undefined): boolean {
  return nameFits(value, link?.name ?? "") !== not;
}
