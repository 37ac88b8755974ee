import { addressText, type Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { confirm, track } from "../conntrack/flows.ts";
import type { Tracking } from "../conntrack/tracking.ts";
import { decideNat, decideNothing, translatePacket } from "../conntrack/nat.ts";
import type { CompiledChain, CompiledRule } from "../netfilter/compile.ts";
import { runChain, type Observer } from "../netfilter/evaluate.ts";
import type { HookPoint, NatWish } from "../netfilter/hook-point.ts";
import { netfilterOf, type Netfilter, type RuleTable } from "../netfilter/netfilter.ts";
import { ruleText } from "../netfilter/print.ts";
import type { RejectWith } from "../netfilter/reject-with.ts";
import type { HookName, TableName } from "../netfilter/row.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { reassemble } from "./fragments.ts";
import { LATENCY } from "./latency.ts";
import { isIcmp, type Packet } from "./packet.ts";
import type { Description } from "./trace.ts";
import { endWords, flowOf, flowWords, type PacketFlow } from "./words.ts";
import type { Walker } from "./walker.ts";

/** How a hook left a packet. `rejected` and `dropped` have ended its walk. */
export type HookOutcome = "accept" | "drop" | "reject";

/**
 * Shows a packet to the rules of one hook: tables in Linux' order, connection tracking and translation between them
 * (nf_hook_slow; priorities in netfilter_ipv4.h).
 */
export function runHook(
  walker: Walker,
  hook: HookName,
  ns: Namespace,
  input: LinkRow | undefined,
  output: LinkRow | undefined,
): Hooks | undefined {
  if (typeof walker.packet.dst !== "number") return undefined;
  const netfilter = netfilterOf(ns);
  if (netfilter.idle) return undefined;
  walker.wait(LATENCY.hook);
  if (netfilter.tracks) reassemble(walker.packet);
  else if (walker.packet.whole) return runFragments(walker, netfilter, hook, input, output);
  const hooks = new Hooks(walker, netfilter, hook, input, output);
  hooks.run();
  return hooks.outcome === "accept" ? undefined : hooks;
}

/** Rules see the first fragment and the others, each for itself; without one of them the packet is lost. */
function runFragments(
  walker: Walker,
  netfilter: Netfilter,
  hook: HookName,
  input: LinkRow | undefined,
  output: LinkRow | undefined,
): Hooks | undefined {
  const { packet } = walker;
  const { segments, bytes, size } = packet;
  let refused: Hooks | undefined;
  for (const later of [false, true]) {
    packet.later = later;
    packet.segments = later ? segments - 1 : 1;
    packet.bytes = later ? bytes - size : size;
    const hooks = new Hooks(walker, netfilter, hook, input, output);
    hooks.run();
    if (hooks.outcome !== "accept") refused ??= hooks;
  }
  packet.later = false;
  packet.segments = segments;
  packet.bytes = bytes;
  return refused;
}

export class Hooks implements HookPoint, Observer {
  readonly ns: Namespace;
  hook: HookName;
  table: TableName = "filter";
  in: LinkRow | undefined;
  out: LinkRow | undefined;
  reject: RejectWith | undefined = undefined;
  rule = 0;
  outcome: HookOutcome = "accept";
  /** What the rule or policy that decided says of itself. */
  reason: (() => Description) | undefined = undefined;
  reasonPlace: "rule" | "policy" | "conntrack" = "rule";
  readonly #walker: Walker;
  readonly #netfilter: Netfilter;
  #before: Packet | undefined = undefined;

  constructor(
    walker: Walker,
    netfilter: Netfilter,
    hook: HookName,
    input: LinkRow | undefined,
    output: LinkRow | undefined,
  ) {
    this.#walker = walker;
    this.#netfilter = netfilter;
    this.ns = netfilter.ns;
    this.hook = hook;
    this.in = input;
    this.out = output;
  }

  run(): void {
    const { raw, mangle, filter, security } = this.#netfilter;
    switch (this.hook) {
      case "PREROUTING":
        if (this.#passes(raw) && this.#tracks() && this.#passes(mangle)) this.#translate("destination");
        return;
      case "INPUT":
        if (this.#passes(mangle) && this.#passes(filter) && this.#passes(security) && this.#translate("source"))
          this.#confirm();
        return;
      case "FORWARD":
        if (this.#passes(mangle) && this.#passes(filter)) this.#passes(security);
        return;
      case "OUTPUT":
        if (this.#passes(raw) && this.#tracks() && this.#passes(mangle) && this.#translate("destination"))
          if (this.#passes(filter)) this.#passes(security);
        return;
      case "POSTROUTING":
        if (this.#passes(mangle) && this.#translate("source")) this.#confirm();
    }
  }

  /** Only the machine's own namespace writes to its log, unless it is told otherwise. */
  log(line: string): void {
    const { network, machine, id } = this.ns;
    if (id !== machine) {
      const own = network.find(machine);
      if (!own || configurationOf(own).number("net/netfilter/nf_log_all_netns") === 0) return;
    }
    network.onKernelLog(machine, line);
  }

  translate(packet: Packet, wish: NatWish): boolean {
    const { tracking } = packet;
    if (!tracking?.row || !decideNat(this.ns, tracking, wish)) return false;
    translatePacket(packet, wish.manip);
    return true;
  }

  effect(table: RuleTable, chain: CompiledChain, rule: CompiledRule, path: readonly CompiledRule[]): void {
    const decides = this.reject !== undefined || rule.step === "drop";
    if (!decides && !this.#walker.tracing) return;
    const base = this.hook;
    const flow = this.#before ? undefined : flowOf(this.#walker.packet);
    const source = this.#before && sourceWords(this.#before, this.#walker.packet);
    const describe = (): Description => ruleDescription(table, base, chain, rule, path, flow, source);
    if (decides) {
      this.reason = describe;
      this.reasonPlace = "rule";
    } else {
      this.#walker.hop("rule", 0, describe, this.#before);
      if (this.#before) this.#before = this.#walker.packet.copy();
    }
  }

  policy(table: RuleTable, chain: CompiledChain): void {
    const { policy, name, rules } = chain.row;
    if (policy !== "DROP" && !this.#walker.tracing) return;
    const describe = (): Description => ({
      what: `${table.name} ${name}: no rule decided, policy ${policy ?? "ACCEPT"}`,
      ref: { kind: "policy", text: `-P ${name} ${policy ?? "ACCEPT"}`, table: table.name, chain: name },
    });
    if (policy === "DROP") {
      this.reason = describe;
      this.reasonPlace = "policy";
    } else if (table.name === "filter" && rules.length > 0) this.#walker.hop("policy", 0, describe);
  }

  #passes(table: RuleTable): boolean {
    const { packet } = this.#walker;
    if (runChain(this.#netfilter, table, packet, this, this) === "accept") return true;
    this.outcome = this.reject === undefined ? "drop" : "reject";
    return false;
  }

  #tracks(): boolean {
    if (!this.#netfilter.tracks || track(this.ns, this.#walker.packet)) return true;
    this.outcome = "drop";
    this.reasonPlace = "conntrack";
    this.reason = () => ({ what: "nf_conntrack: table full, dropping packet" });
    return false;
  }

  #translate(manip: NatWish["manip"]): boolean {
    const { packet } = this.#walker;
    const { tracking } = packet;
    if (!tracking?.row) return true;
    const decided = manip === "source" ? tracking.sourceDecided : tracking.destinationDecided;
    if (tracking.fresh && !decided) return this.#decide(tracking, manip);
    const { sourceNat, destinationNat } = tracking.row;
    if (!sourceNat && !destinationNat) return true;
    const before = this.#walker.tracing ? packet.copy() : undefined;
    if (translatePacket(packet, manip) && before)
      this.#walker.hop("conntrack", 0, translation(packet.copy(), before, manip), before);
    return true;
  }

  #decide(tracking: Tracking, manip: NatWish["manip"]): boolean {
    const { packet, tracing } = this.#walker;
    const { nat } = this.#netfilter;
    this.#before = tracing ? packet.copy() : undefined;
    const verdict = runChain(this.#netfilter, nat, packet, this, this);
    this.#before = undefined;
    if (verdict === "drop") {
      this.outcome = "drop";
      return false;
    }
    if (!decideNothing(this.ns, tracking, manip)) {
      this.outcome = "drop";
      return false;
    }
    // Even without a rule a flow gets another port if its answers would be taken for another's.
    const before = tracing ? packet.copy() : undefined;
    if (translatePacket(packet, manip) && before)
      this.#walker.hop("conntrack", 0, translation(packet.copy(), before, manip), before);
    return true;
  }

  #confirm(): void {
    confirm(this.ns, this.#walker.packet);
  }
}

function translation(after: Packet, before: Packet, manip: NatWish["manip"]): () => Description {
  return () => {
    const [old, now] =
      manip === "source"
        ? [endOf(before, before.src, before.sport), endOf(after, after.src, after.sport)]
        : [endOf(before, before.dst, before.dport), endOf(after, after.dst, after.dport)];
    return { what: `known connection: ${manip} ${old} becomes ${now}` };
  };
}

/** What a rule's own words do not tell: the source that it chose. */
function sourceWords(before: Packet, after: Packet): string | undefined {
  const [old, now] = [endOf(before, before.src, before.sport), endOf(after, after.src, after.sport)];
  return old === now ? undefined : `: source ${old} becomes ${now}`;
}

function endOf(packet: Packet, address: Address, port: number): string {
  return isIcmp(packet) ? addressText(address) : endWords(address, port);
}

function ruleDescription(
  table: RuleTable,
  hook: HookName,
  chain: CompiledChain,
  rule: CompiledRule,
  path: readonly CompiledRule[],
  flow: PacketFlow | undefined,
  source: string | undefined,
): Description {
  const text = ruleText(chain.row.name, rule.row);
  const chains = [hook, ...path.map((jump) => jump.chain)];
  if (chains.at(-1) !== chain.row.name) chains.push(chain.row.name);
  const steps = path.map((jump, at) => ruleText(chains[at]!, jump.row));
  const target = rule.row.target!;
  const verb = target.kind === "extension" ? text.slice(text.indexOf(` -j ${target.name}`) + 4) : target.name;
  return {
    what: `${table.name} ${chains.join(" → ")} rule ${chain.row.rules.indexOf(rule.row) + 1}: ${verb}${flow ? ` for ${flowWords(flow)}` : ""}${source ?? ""}`,
    ref: {
      kind: "rule",
      text,
      table: table.name,
      chain: chain.row.name,
      ...(steps.length > 0 ? { path: steps } : {}),
    },
  };
}
