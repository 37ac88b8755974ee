import type { Packet } from "../walk/packet.ts";
import type { CompiledChain, CompiledRule } from "./compile.ts";
import { ruleFits } from "./compile.ts";
import type { HookPoint } from "./hook-point.ts";
import type { Netfilter, RuleTable } from "./netfilter.ts";

/** Told of every rule that did something to a packet, with the rules whose jumps led there. */
export interface Observer {
  effect(table: RuleTable, chain: CompiledChain, rule: CompiledRule, path: readonly CompiledRule[]): void;
  policy(table: RuleTable, chain: CompiledChain): void;
}

interface Frame {
  readonly chain: CompiledChain;
  readonly at: number;
  readonly rule: CompiledRule;
}

/**
 * Takes a packet through a built-in chain and the chains that it jumps to (ipt_do_table). Returns whether it goes on.
 * The chain's name is the hook's.
 */
export function runChain(
  netfilter: Netfilter,
  table: RuleTable,
  packet: Packet,
  at: HookPoint,
  observer: Observer | undefined,
): "accept" | "drop" {
  let chain = table.chain(at.hook);
  if (!chain) return "accept";
  const base = chain;
  const stack: Frame[] = [];
  let number = 0;
  at.table = table.name;
  for (;;) {
    number = chain.next(number, packet.dst);
    const rule: CompiledRule | undefined = chain.rules[number];
    if (!rule) {
      const frame = stack.pop();
      if (!frame) break;
      chain = frame.chain;
      number = frame.at;
      continue;
    }
    number++;
    at.rule = rule.row.id;
    if (!ruleFits(rule, packet, at)) continue;
    netfilter.count(rule.row.id, packet.segments, packet.bytes);
    switch (rule.step) {
      case "none":
        continue;
      case "jump":
      case "goto": {
        const next = table.chain(rule.chain);
        if (!next) continue;
        // `goto` leaves nothing to come back to: the end of its chain is the end of this one.
        if (rule.step === "jump") stack.push({ chain, at: number, rule });
        chain = next;
        number = 0;
        continue;
      }
      case "return": {
        const frame = stack.pop();
        if (!frame) return decide(table, base, packet, observer);
        chain = frame.chain;
        number = frame.at;
        continue;
      }
      case "accept":
      case "drop":
        observer?.effect(table, chain, rule, path(stack));
        return rule.step;
      case "action": {
        const verdict = rule.action!(packet, at);
        observer?.effect(table, chain, rule, path(stack));
        if (verdict === "accept" || verdict === "drop") return verdict;
      }
    }
  }
  return decide(table, base, packet, observer);
}

function path(stack: readonly Frame[]): readonly CompiledRule[] {
  return stack.length === 0 ? [] : stack.map((frame) => frame.rule);
}

/** The policy decides what no rule did. */
function decide(
  table: RuleTable,
  base: CompiledChain,
  packet: Packet,
  observer: Observer | undefined,
): "accept" | "drop" {
  const { policy, counted, name } = base.row;
  if (counted) {
    const counter = table.policyCounters.get(name);
    table.policyCounters.set(name, {
      packets: (counter?.packets ?? 0) + packet.segments,
      bytes: (counter?.bytes ?? 0) + packet.bytes,
    });
  }
  observer?.policy(table, base);
  return policy === "DROP" ? "drop" : "accept";
}
