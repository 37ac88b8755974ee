import type { Pod } from "../api/index.ts";
import { pods } from "../kinds/index.ts";
import { namedNodes } from "./node-selector.ts";
import { unresolvable, type NodeFilter, type Rejection } from "./plugin.ts";
import { PLUGINS } from "./plugins/index.ts";
import type { NodeInfo, Snapshot } from "./snapshot.ts";

export interface NamedRejection extends Rejection {
  readonly plugin: string;
}

export interface Filtered {
  readonly feasible: readonly NodeInfo[];
  /** Why each of the other nodes is not for the Pod. */
  readonly rejected: ReadonlyMap<string, NamedRejection>;
  /** What keeps the Pod from all nodes at once. */
  readonly preFilter?: NamedRejection;
}

/** All filters for a Pod as one, which says what the first that objects says. */
export function filterOf(pod: Pod, snapshot: Snapshot): (node: NodeInfo) => NamedRejection | undefined {
  const filters = PLUGINS.flatMap((plugin): [string, NodeFilter][] => {
    const filter = plugin.filter?.(pod, snapshot);
    return filter ? [[plugin.name, filter]] : [];
  });
  return (node) => {
    for (const [plugin, filter] of filters) {
      const rejection = filter(node);
      if (rejection) return { ...rejection, plugin };
    }
    return undefined;
  };
}

/** Tells the nodes that a Pod can go to from the others (schedule_one.go findNodesThatFitPod). */
export function filterNodes(pod: Pod, snapshot: Snapshot): Filtered {
  const rejected = new Map<string, NamedRejection>();
  const named = namedNodes(pod.spec);
  const preFilter =
    named?.size === 0
      ? { ...unresolvable("pod affinity terms conflict"), plugin: "NodeAffinity" }
      : preFilterOf(pod, snapshot);
  if (preFilter) {
    for (const { name } of snapshot.nodes) rejected.set(name, preFilter);
    return { feasible: [], rejected, preFilter };
  }
  const filter = filterOf(pod, snapshot);
  const nominated = nominatedPods(pod, snapshot);
  const feasible = snapshot.nodes.filter((node) => {
    const rejection =
      named && !named.has(node.name)
        ? { ...unresolvable("node(s) didn't satisfy plugin(s) [NodeAffinity]"), plugin: "NodeAffinity" }
        : (withNominated(pod, snapshot, node, nominated) ?? filter(node));
    if (rejection) rejected.set(node.name, rejection);
    return !rejection;
  });
  return { feasible, rejected };
}

/** What the first plugin says that sees no node at all for the Pod. */
function preFilterOf(pod: Pod, snapshot: Snapshot): NamedRejection | undefined {
  for (const plugin of PLUGINS) {
    const rejection = plugin.preFilter?.(pod, snapshot);
    if (rejection) return { ...rejection, plugin: plugin.name };
  }
  return undefined;
}

/** Pods that others make room for, and that count as much as this one. */
function nominatedPods(pod: Pod, { client }: Snapshot): readonly Pod[] {
  return client
    .byField(pods, "spec.nodeName", "")
    .filter(
      ({ metadata, spec, status }) =>
        status.nominatedNodeName && metadata.uid !== pod.metadata.uid && priorityOf({ spec }) >= priorityOf(pod),
    );
}

/** A node must also do with the Pods that it was promised to (RunFilterPluginsWithNominatedPods). */
function withNominated(
  pod: Pod,
  snapshot: Snapshot,
  node: NodeInfo,
  nominated: readonly Pod[],
): NamedRejection | undefined {
  const coming = nominated.filter(({ status }) => status.nominatedNodeName === node.name);
  if (coming.length === 0) return undefined;
  const info = node.with([...node.pods, ...coming]);
  return filterOf(pod, snapshot.with(info))(info);
}

export function priorityOf({ spec }: Pick<Pod, "spec">): number {
  return spec.priority ?? 0;
}
