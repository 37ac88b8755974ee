import * as fc from "fast-check";
import { nftablesOf } from "../../net/index.ts";
import type { ReachCase } from "./generate.ts";
import { allowedOutcomes } from "./oracle.ts";
import { Played } from "./play.ts";
import { Stand } from "./stand.ts";
import type { Probe, ReachWorld } from "./world.ts";

export type ProxyMode = "iptables" | "nftables";

const warm = new Map<ProxyMode, Promise<Stand>>();

/** Nodes on which felix and kube-proxy run already: each cluster is built on a fork. */
function warmStand(mode: ProxyMode): Promise<Stand> {
  let stand = warm.get(mode);
  if (!stand) warm.set(mode, (stand = makeStand(mode)));
  return stand;
}

async function makeStand(mode: ProxyMode): Promise<Stand> {
  const stand = Stand.create(2);
  for (const name of ["blue", "green"]) stand.addNamespace(name);
  await stand.startProxy(mode);
  await stand.startFelix();
  if (nftablesOf(stand.node("node01")).idle === (mode === "nftables"))
    throw new Error(`kube-proxy is not in ${mode} mode`);
  return stand;
}

/** The walk's verdict is one that the oracle allows, for every probe of every cluster. */
export function reachProperty(cases: fc.Arbitrary<ReachCase>, mode: ProxyMode = "iptables") {
  return fc.asyncProperty(cases, async ({ world, probes }) => {
    const played = await Played.build((await warmStand(mode)).forked(), world);
    for (const { from, to } of probes) {
      const outcome = played.outcome(from, to);
      const right = allowedOutcomes(world, { from, to });
      if (!right.has(outcome)) throw new Error(difference(world, { from, to }, outcome, [...right]));
    }
  });
}

/** What went wrong, with what matters of the cluster. */
function difference(world: ReachWorld, { from, to }: Probe, outcome: string, right: readonly string[]): string {
  const { namespaces, policies } = world;
  const sender = from.kind === "pod" ? { ...from, ...world.pods[from.pod] } : from;
  const service = to.kind === "pod" ? undefined : world.services[to.service];
  const targets =
    service?.endpoints.map(({ pod }) => world.pods[pod]) ?? (to.kind === "pod" ? [world.pods[to.pod]] : []);
  const facts = { sender, to, service, targets, namespaces, policies };
  return `${outcome}, but should be ${right.join(" or ")}: ${JSON.stringify(facts, null, 1)}`;
}
