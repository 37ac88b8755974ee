import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import type { CompiledChain as NativeChain } from "../nftables/compile.ts";
import { runBase, type Deed, type Observer as NativeObserver } from "../nftables/evaluate.ts";
import { nftablesOf, type Nftables } from "../nftables/nftables.ts";
import { confirm, track } from "../conntrack/flows.ts";
import type { Tracking } from "../conntrack/tracking.ts";
import { decideNat, decideNothing, translatePacket } from "../conntrack/nat.ts";
import type { CompiledChain, CompiledRule } from "../netfilter/compile.ts";
import { runChain, type Observer } from "../netfilter/evaluate.ts";
import type { HookPoint, NatWish } from "../netfilter/hook-point.ts";
import { netfilterOf, type Netfilter, type RuleTable } from "../netfilter/netfilter.ts";
import type { RejectWith } from "../netfilter/reject-with.ts";
import type { Family, HookName, TableName } from "../netfilter/row.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { balances, reply, request } from "../ipvs/pass.ts";
import { balanceWords, turnToReal } from "../ipvs/turn.ts";
import { reassemble } from "./fragments.ts";
import { LATENCY } from "./latency.ts";
import { nativeFall, nativeWords, nativesAround, stagesOf, type Stage } from "./native.ts";
import type { Packet } from "./packet.ts";
import { ruleDescription, sourceWords, translation } from "./rule-words.ts";
import type { Description } from "./trace.ts";
import { flowOf } from "./words.ts";
import type { Walker } from "./walker.ts";

/** How a hook left a packet. `reject` and `drop` end its walk; `turned` to a real server elsewhere, it goes out again. */
export type HookOutcome = "accept" | "drop" | "reject" | "turned";

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
  const family = typeof walker.packet.dst === "number" ? 4 : 6;
  const native = nftablesOf(ns);
  const nft = native.idle ? undefined : native;
  const rules = rulesFor(ns, family, nft);
  if (rules === undefined) return undefined;
  walker.wait(LATENCY.hook);
  if (tracksAny(rules, nft, family)) reassemble(walker.packet);
  else if (walker.packet.whole) return runFragments(walker, rules, nft, hook, input, output);
  const hooks = new Hooks(walker, rules, nft, hook, input, output);
  hooks.run();
  return hooks.outcome === "accept" ? undefined : hooks;
}

/** The rules that packets of a family meet, in this order where both interfaces have a table; undefined if there are none. */
function rulesFor(ns: Namespace, family: Family, nft: Nftables | undefined): readonly Netfilter[] | undefined {
  const [older, newer] = [netfilterOf(ns, family, "legacy"), netfilterOf(ns, family)];
  if (older.idle) return newer.idle && !nft && !balances(ns) ? undefined : newer.alone;
  return newer.idle ? older.alone : [older, newer];
}

/** Whether connections are tracked for anybody. */
function tracksAny(rules: readonly Netfilter[], nft: Nftables | undefined, family: Family): boolean {
  for (const netfilter of rules) if (netfilter.tracks) return true;
  return nft !== undefined && nft.tracks(family);
}

/** Rules see the first fragment and the others, each for itself; without one of them the packet is lost. */
function runFragments(
  walker: Walker,
  rules: readonly Netfilter[],
  nft: Nftables | undefined,
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
    const hooks = new Hooks(walker, rules, nft, hook, input, output);
    hooks.run();
    if (hooks.outcome !== "accept") refused ??= hooks;
  }
  packet.later = false;
  packet.segments = segments;
  packet.bytes = bytes;
  return refused;
}

/** Only the machine's own namespace writes to its log, unless it is told otherwise. */
export function logRule({ network, machine, id }: Namespace, line: string): void {
  if (id !== machine) {
    const own = network.find(machine);
    if (!own || configurationOf(own).number("net/netfilter/nf_log_all_netns") === 0) return;
  }
  network.onKernelLog(machine, line);
}

export class Hooks implements HookPoint, Observer, NativeObserver {
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
  readonly #rules: readonly Netfilter[];
  /** The chains of nft's own, if there are any. */
  readonly #nft: Nftables | undefined;
  #before: Packet | undefined = undefined;

  /** The packet's mark when a rule last did something to it. */
  #mark: number;

  constructor(
    walker: Walker,
    rules: readonly Netfilter[],
    nft: Nftables | undefined,
    hook: HookName,
    input: LinkRow | undefined,
    output: LinkRow | undefined,
  ) {
    this.#walker = walker;
    this.#mark = walker.packet.mark;
    this.#rules = rules;
    this.ns = rules[0]!.ns;
    this.#nft = nft;
    this.hook = hook;
    this.in = input;
    this.out = output;
  }

  run(): void {
    if (this.#nft) return this.#runStages(this.#nft);
    switch (this.hook) {
      case "PREROUTING":
        if (this.#passes("raw") && this.#tracks() && this.#passes("mangle")) this.#translate("destination");
        return;
      case "INPUT":
        if (this.#passes("mangle") && this.#passes("filter") && this.#passes("security") && this.#balances())
          if (this.#translate("source")) this.#confirm();
        return;
      case "FORWARD":
        if (this.#passes("mangle") && this.#passes("filter") && this.#passes("security")) this.#answers();
        return;
      case "OUTPUT":
        if (this.#passes("raw") && this.#tracks() && this.#passes("mangle") && this.#translate("destination"))
          if (this.#balances() && this.#passes("filter")) this.#passes("security");
        return;
      case "POSTROUTING":
        if (this.#passes("mangle") && this.#translate("source")) this.#confirm();
    }
  }

  /** The same with the chains that nft hung in between, by their priorities. */
  #runStages(nft: Nftables): void {
    const chains = nft.bases(this.hook, this.#family).filter(({ row }) => row.base!.type !== "nat");
    let next = 0;
    for (const [priority, stage] of stagesOf(this.hook)) {
      for (; next < chains.length && nativesAround(chains[next]!, priority, stage, this.#family); next++)
        if (!this.#runNative(nft, chains[next]!)) return;
      if (!this.#runStage(stage)) return;
    }
  }

  #runStage(stage: Stage): boolean {
    switch (stage) {
      case "track":
        return this.#tracks();
      case "destination":
      case "source":
        return this.#translate(stage);
      case "balance":
        return this.#balances();
      case "answers":
        this.#answers();
        return true;
      case "confirm":
        this.#confirm();
        return true;
      case "end":
        return true;
      default:
        return this.#passes(stage);
    }
  }

  get #family(): Family {
    return typeof this.#walker.packet.dst === "number" ? 4 : 6;
  }

  #runNative(nft: Nftables, chain: NativeChain): boolean {
    const { packet } = this.#walker;
    const { mark } = packet;
    const passes = runBase(nft, chain, packet, this, this) === "accept";
    // Only chains of the type `route` look for another way when the mark is another (nft_route_hook).
    if (chain.row.base!.type !== "route" && this.#walker.routedMark === mark) this.#walker.routedMark = packet.mark;
    if (!passes) this.outcome = this.reject === undefined ? "drop" : "reject";
    return passes;
  }

  deed(deed: Deed, decided: "accept" | "drop" | undefined): void {
    if (decided !== "drop" && !this.#walker.tracing) return;
    const { mark } = this.#walker.packet;
    if (decided === undefined && mark === this.#mark) return;
    this.#mark = mark;
    const flow = this.#before ? undefined : flowOf(this.#walker.packet);
    const source = this.#before && sourceWords(this.#before, this.#walker.packet);
    const describe = (): Description => nativeWords(this.ns, deed, flow, source);
    if (decided === "drop") {
      this.reason = describe;
      this.reasonPlace = "rule";
    } else {
      this.#walker.hop("rule", 0, describe, this.#before);
      if (this.#before) this.#before = this.#walker.packet.copy();
    }
  }

  fallThrough(chain: NativeChain): void {
    const { base, rules } = chain.row;
    if (base!.policy !== "drop" && !this.#walker.tracing) return;
    const describe = (): Description => nativeFall(chain);
    if (base!.policy === "drop") {
      this.reason = describe;
      this.reasonPlace = "policy";
    } else if (base!.type === "filter" && rules.length > 0) this.#walker.hop("policy", 0, describe);
  }

  log(line: string): void {
    logRule(this.ns, line);
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
    // A mark that is as it was is nothing to tell of: rules that clear marks pass every packet.
    const { mark } = this.#walker.packet;
    const sameMark = mark === this.#mark && rule.row.target?.name === "MARK";
    this.#mark = mark;
    if (sameMark) return;
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

  #passes(name: TableName): boolean {
    const { packet } = this.#walker;
    for (const netfilter of this.#rules) {
      if (runChain(netfilter, netfilter[name], packet, this, this) === "accept") continue;
      this.outcome = this.reject === undefined ? "drop" : "reject";
      return false;
    }
    return true;
  }

  /** What comes from a real server gets the virtual service's name back (ip_vs_reply4). */
  #answers(): boolean {
    const { packet, tracing } = this.#walker;
    if (!balances(this.ns)) return false;
    const before = tracing ? packet.copy() : undefined;
    const row = reply(this.ns, packet);
    if (row && before) this.#walker.hop("conntrack", 0, () => ({ what: `${balanceWords(row)}: the answer` }), before);
    return row !== undefined;
  }

  /** IPVS: what is for a virtual service goes to one of its real servers, perhaps out again (ip_vs_remote_request4). */
  #balances(): boolean {
    const { packet, tracing } = this.#walker;
    if (!balances(this.ns) || this.#answers()) return true;
    const found = request(this.ns, packet);
    if (!found) return true;
    if (found.kind !== "connection") {
      this.outcome = "drop";
      this.reasonPlace = "conntrack";
      this.reason = () => ({ what: `IPVS ${found.service}: no real server takes it` });
      if (found.kind === "refuse") this.reject = "icmp-port-unreachable";
      if (this.reject !== undefined) this.outcome = "reject";
      return false;
    }
    const before = tracing ? packet.copy() : undefined;
    const local = turnToReal(this.ns, packet, found.row);
    if (before) this.#walker.hop("conntrack", 0, () => ({ what: balanceWords(found.row) }), before);
    if (local || this.hook === "OUTPUT") return true;
    this.outcome = "turned";
    return false;
  }

  #tracks(): boolean {
    if (!tracksAny(this.#rules, this.#nft, this.#family) || track(this.ns, this.#walker.packet)) return true;
    this.outcome = "drop";
    this.reasonPlace = "conntrack";
    const full = "nf_conntrack: nf_conntrack: table full, dropping packet";
    this.ns.network.onKernelLog(this.ns.machine, full);
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
    this.#before = tracing ? packet.copy() : undefined;
    // Whoever asks first is heard (nf_nat_inet_fn).
    for (const one of this.#nft ? this.#translators(this.#nft, manip) : this.#rules) {
      const passes =
        "nat" in one ? runChain(one, one.nat, packet, this, this) === "accept" : this.#runNative(this.#nft!, one);
      if (!passes) this.outcome = "drop";
      if (this.outcome === "drop" || (manip === "source" ? tracking.sourceDecided : tracking.destinationDecided)) break;
    }
    this.#before = undefined;
    if (this.outcome === "drop") return false;
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

  /** Who may say how a flow is translated: iptables, and the chains that nft hung before and behind. */
  #translators(nft: Nftables, manip: NatWish["manip"]): readonly (Netfilter | NativeChain)[] {
    const chains = nft.bases(this.hook, this.#family).filter(({ row }) => row.base!.type === "nat");
    const before = chains.filter((chain) => nativesAround(chain, manip === "source" ? 100 : -100, "nat", this.#family));
    return [...before, ...this.#rules, ...chains.filter((chain) => !before.includes(chain))];
  }

  #confirm(): void {
    const natSeen = this.#rules.some(({ nat }) => nat.exists) || (this.#nft?.hasNat ?? false);
    confirm(this.ns, this.#walker.packet, natSeen);
  }
}
