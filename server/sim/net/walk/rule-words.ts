import { addressText, type Address } from "../ip.ts";
import type { CompiledChain, CompiledRule } from "../netfilter/compile.ts";
import type { NatWish } from "../netfilter/hook-point.ts";
import type { RuleTable } from "../netfilter/netfilter.ts";
import { ruleText } from "../netfilter/print.ts";
import type { HookName } from "../netfilter/row.ts";
import { isIcmp, type Packet } from "./packet.ts";
import type { Description } from "./trace.ts";
import { endWords, flowWords, type PacketFlow } from "./words.ts";

/** What conntrack says of a packet of a flow that is translated. */
export function translation(after: Packet, before: Packet, manip: NatWish["manip"]): () => Description {
  return () => {
    const [old, now] =
      manip === "source"
        ? [endOf(before, before.src, before.sport), endOf(after, after.src, after.sport)]
        : [endOf(before, before.dst, before.dport), endOf(after, after.dst, after.dport)];
    return { what: `known connection: ${manip} ${old} becomes ${now}` };
  };
}

/** What a rule's own words do not tell: the source that it chose. */
export function sourceWords(before: Packet, after: Packet): string | undefined {
  const [old, now] = [endOf(before, before.src, before.sport), endOf(after, after.src, after.sport)];
  return old === now ? undefined : `: source ${old} becomes ${now}`;
}

function endOf(packet: Packet, address: Address, port: number): string {
  return isIcmp(packet) ? addressText(address) : endWords(address, port);
}

/** What a rule of iptables says of itself. */
export function ruleDescription(
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
