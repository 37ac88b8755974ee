import { UNTRACKED } from "../conntrack/tracking.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { runChain, type Observer } from "../netfilter/evaluate.ts";
import type { HookPoint } from "../netfilter/hook-point.ts";
import { netfilterOf } from "../netfilter/netfilter.ts";
import type { RejectWith } from "../netfilter/reject-with.ts";
import type { HookName, TableName } from "../netfilter/row.ts";
import { runBase, type Observer as NativeObserver } from "../nftables/evaluate.ts";
import { nftablesOf } from "../nftables/nftables.ts";
import { logRule } from "./hooks.ts";
import type { Packet } from "./packet.ts";

/** What a host's own solicitations and advertisements pass, in this order; they are no connections, so nat is not asked. */
const OUT: readonly (readonly [HookName, readonly TableName[]])[] = [
  ["OUTPUT", ["raw", "mangle", "filter", "security"]],
  ["POSTROUTING", ["mangle"]],
];
const IN: readonly (readonly [HookName, readonly TableName[]])[] = [
  ["PREROUTING", ["raw", "mangle"]],
  ["INPUT", ["mangle", "filter", "security"]],
];

const NOTHING = (): void => undefined;
const NOBODY: Observer & NativeObserver = { effect: NOTHING, policy: NOTHING, deed: NOTHING, fallThrough: NOTHING };

/** Whether ip6tables and nft let neighbour discovery in or out: it is ICMPv6 and passes the chains as any packet (ndisc_send_skb). */
export function discoveryPasses(ns: Namespace, way: "in" | "out", link: LinkRow, make: () => Packet): boolean {
  const rules = [netfilterOf(ns, 6, "legacy"), netfilterOf(ns, 6)].filter(({ idle }) => !idle);
  const nft = nftablesOf(ns);
  if (rules.length === 0 && nft.idle) return true;
  const packet = make();
  packet.tracking = UNTRACKED;
  for (const [hook, tables] of way === "in" ? IN : OUT) {
    const point = new Point(ns, hook, way === "in" ? link : undefined, way === "out" ? link : undefined);
    for (const table of tables)
      for (const netfilter of rules)
        if (runChain(netfilter, netfilter[table], packet, point, NOBODY) === "drop") return false;
    for (const chain of nft.bases(hook, 6))
      if (chain.row.base!.type !== "nat" && runBase(nft, chain, packet, point, NOBODY) === "drop") return false;
  }
  return true;
}

class Point implements HookPoint {
  readonly ns: Namespace;
  hook: HookName;
  table: TableName = "filter";
  in: LinkRow | undefined;
  out: LinkRow | undefined;
  reject: RejectWith | undefined = undefined;
  rule = 0;

  constructor(ns: Namespace, hook: HookName, input: LinkRow | undefined, output: LinkRow | undefined) {
    this.ns = ns;
    this.hook = hook;
    this.in = input;
    this.out = output;
  }

  log(line: string): void {
    logRule(this.ns, line);
  }

  translate(): boolean {
    return false;
  }
}
