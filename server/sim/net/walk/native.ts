import type { HookName, TableName } from "../netfilter/row.ts";
import type { CompiledChain } from "../nftables/compile.ts";
import type { Deed } from "../nftables/evaluate.ts";
import { nativeText } from "../nftables/listing.ts";
import type { Namespace } from "../namespace.ts";
import { flowWords, type PacketFlow } from "./words.ts";
import type { Description } from "./trace.ts";

/** What the kernel itself, iptables and IPVS do at a hook. */
export type Stage = Exclude<TableName, "nat"> | "track" | "destination" | "source" | "balance" | "answers" | "confirm" | "end"; // prettier-ignore

type Stages = readonly (readonly [number, Stage])[];

/** With their priorities (netfilter_ipv4.h, ip_vs_core.c); chains of nft stand between. */
const STAGES: Readonly<Record<HookName, Stages>> = {
  PREROUTING: [[-300, "raw"], [-200, "track"], [-150, "mangle"], [-100, "destination"], [Infinity, "end"]],
  INPUT: [[-150, "mangle"], [0, "filter"], [50, "security"], [98, "balance"], [100, "source"], [Infinity, "confirm"]],
  FORWARD: [[-150, "mangle"], [0, "filter"], [50, "security"], [99, "answers"], [Infinity, "end"]],
  OUTPUT: [[-300, "raw"], [-200, "track"], [-150, "mangle"], [-100, "destination"], [-99, "balance"], [0, "filter"], [50, "security"], [Infinity, "end"]],
  POSTROUTING: [[-150, "mangle"], [100, "source"], [Infinity, "confirm"]],
}; // prettier-ignore

export function stagesOf(hook: HookName): Stages {
  return STAGES[hook];
}

/** Whether a chain stands before something with that priority: of two with the same, the newer does. */
export function nativesAround({ row }: CompiledChain, priority: number, stage: Stage | "nat", family: 4 | 6): boolean {
  const { priority: own, behind } = row.base!;
  if (own !== priority) return own < priority;
  const table = `${family === 4 ? "iptables" : "ip6tables"} ${stage}`;
  return !isTableStage(stage) || behind.includes(table);
}

function isTableStage(stage: Stage | "nat"): boolean {
  return stage === "nat" || stage === "raw" || stage === "mangle" || stage === "filter" || stage === "security";
}

/** What a rule of nft says of itself. */
export function nativeWords(
  ns: Namespace,
  { chain, rule, path }: Deed,
  flow: PacketFlow | undefined,
  source: string | undefined,
): Description {
  const { family, table, name } = chain.row;
  const names = [...path.map((step) => step.chain.row.name), name];
  const text = nativeText(ns, chain.row, rule.row);
  const steps = path.map((step) => nativeText(ns, step.chain.row, step.rule.row));
  const where = `${family} ${table}`;
  return {
    what: `${where} ${names.join(" → ")} rule ${chain.row.rules.indexOf(rule.row) + 1}: ${text}${flow ? ` for ${flowWords(flow)}` : ""}${source ?? ""}`,
    ref: {
      kind: "rule",
      text: `${text} # handle ${rule.row.handle}`,
      table: where,
      chain: name,
      ...(steps.length > 0 ? { path: steps } : {}),
    },
  };
}

/** That no rule decided, and the policy did. */
export function nativeFall({ row }: CompiledChain): Description {
  const { family, table, name, base } = row;
  return {
    what: `${family} ${table} ${name}: no rule decided, policy ${base!.policy}`,
    ref: { kind: "policy", text: `policy ${base!.policy}`, table: `${family} ${table}`, chain: name },
  };
}
