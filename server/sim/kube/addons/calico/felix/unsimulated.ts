import type { AnyKind } from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { CALICO_GROUP } from "../resources.ts";

/** Kinds of Calico's own that the real calico-node would heed and ours does not. */
const PLURALS = [
  "globalnetworkpolicies",
  "networkpolicies",
  "stagedglobalnetworkpolicies",
  "stagednetworkpolicies",
  "stagedkubernetesnetworkpolicies",
  "tiers",
  "hostendpoints",
  "globalnetworksets",
  "networksets",
  "bgppeers",
  "bgpfilters",
] as const;

/** Those that the cluster has now, by their plural names. */
export function unsimulatedKinds({ api }: Cluster): ReadonlyMap<string, AnyKind> {
  const found = PLURALS.map((plural) => [plural, api.registry.find(CALICO_GROUP, "v1", plural)] as const);
  return new Map(found.flatMap(([plural, kind]) => (kind ? [[plural, kind] as const] : [])));
}

/** `drydock: calico-node: GlobalNetworkPolicy deny-all is not simulated: it has no effect`. */
export function unsimulatedWords(
  kind: AnyKind,
  { name, namespace }: { readonly name: string; readonly namespace?: string },
): string {
  const whole = namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
  return `drydock: calico-node: ${kind.kind} ${whole} is not simulated: it has no effect`;
}
