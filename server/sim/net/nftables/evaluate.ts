import type { HookPoint } from "../netfilter/hook-point.ts";
import type { Packet } from "../walk/packet.ts";
import type { CompiledChain, CompiledRule } from "./compile.ts";
import { BREAK, NEXT, type StepResult } from "./step.ts";
import type { Place } from "./evaluate-expression.ts";
import type { Nftables } from "./nftables.ts";

/** A rule that did something to a packet, with the rules whose jumps led there. */
export interface Deed {
  readonly chain: CompiledChain;
  readonly rule: CompiledRule;
  readonly path: readonly { readonly chain: CompiledChain; readonly rule: CompiledRule }[];
}

export interface Observer {
  /** `accepts`, `drops`: what it decided; missing if the packet went on. */
  deed(deed: Deed, decided: "accept" | "drop" | undefined): void;
  fallThrough(base: CompiledChain): void;
}

/** Deeper than any chains that the kernel takes. */
const DEEPEST = 64;

interface Frame {
  readonly chain: CompiledChain;
  readonly at: number;
  readonly rule: CompiledRule;
}

/** Takes a packet through a base chain and the chains that it jumps to (nft_do_chain). */
export function runBase(
  nft: Nftables,
  base: CompiledChain,
  packet: Packet,
  at: HookPoint,
  observer: Observer,
): "accept" | "drop" {
  const table = `${base.row.family} ${base.row.table}`;
  const place: Place = { at, nft, table };
  let chain = base;
  let number = 0;
  const stack: Frame[] = [];
  for (;;) {
    const rule = chain.rules[number];
    if (!rule) {
      const frame = stack.pop();
      if (!frame) break;
      chain = frame.chain;
      number = frame.at;
      continue;
    }
    number++;
    at.rule = rule.row.id;
    const result = runRule(rule, packet, place);
    if (result === BREAK) continue;
    const verdict = result?.verdict ?? "continue";
    // Elements of a map may lead in a circle, which the kernel refuses when they are added.
    if (stack.length > DEEPEST) return "drop";
    if (verdict === "accept" || verdict === "drop") {
      observer.deed({ chain, rule, path: pathOf(stack) }, verdict);
      return verdict;
    }
    if (rule.marks) observer.deed({ chain, rule, path: pathOf(stack) }, undefined);
    if (verdict === "return") {
      const frame = stack.pop();
      if (!frame) break;
      chain = frame.chain;
      number = frame.at;
    } else if (result && "chain" in result) {
      const next = nft.chain(`${table} ${result.chain}`);
      if (!next) continue;
      if (verdict === "jump") stack.push({ chain, at: number, rule });
      else stack.push({ chain: { ...chain, rules: [] }, at: 0, rule });
      chain = next;
      number = 0;
    }
  }
  observer.fallThrough(base);
  return base.row.base!.policy;
}

function runRule(rule: CompiledRule, packet: Packet, place: Place): StepResult {
  for (const step of rule.steps) {
    const result = step(packet, place);
    if (result !== NEXT) return result;
  }
  return NEXT;
}

function pathOf(stack: readonly Frame[]): Deed["path"] {
  return stack.map(({ chain, rule }) => ({ chain, rule }));
}
