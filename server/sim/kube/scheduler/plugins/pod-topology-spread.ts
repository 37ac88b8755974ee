import {
  matchesLabels,
  validSelector,
  type LabelSelector,
  type Pod,
  type Requirement,
  type Selector,
  type TopologySpreadConstraint,
} from "../../api/index.ts";
import { matchesRequiredNode } from "../node-selector.ts";
import { MAX_SCORE, unresolvable, unschedulable, type NodeFilter, type NodeScore, type Plugin } from "../plugin.ts";
import type { NodeInfo, Snapshot } from "../snapshot.ts";
import { REPELLING, untoleratedTaint } from "../tolerations.ts";
import { workloadSelector } from "./workload-selector.ts";

const REASON = "node(s) didn't match pod topology spread constraints";
const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/** A constraint, ready to count by. */
interface Constraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Whether a node that the Pod could not go to counts. */
  counts(node: NodeInfo): boolean;
}

/** Pods of a kind spread over nodes, zones and the like (plugins/podtopologyspread). */
export const podTopologySpread: Plugin = {
  name: "PodTopologySpread",
  weight: 2,
  filter(pod, snapshot) {
    const constraints = constraintsOf(pod, "DoNotSchedule");
    return constraints.length === 0 ? undefined : spreadFilter(pod, snapshot, constraints);
  },
  score(pod, snapshot, candidates) {
    const own = constraintsOf(pod, "ScheduleAnyway");
    const byDefault = (pod.spec.topologySpreadConstraints ?? []).length === 0;
    const constraints = byDefault ? defaultConstraints(pod, snapshot) : own;
    return constraints.length === 0 ? undefined : spreadScore(pod, snapshot, candidates, constraints, !byDefault);
  },
};

type Policies = TopologySpreadConstraint & {
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
  readonly matchLabelKeys?: readonly string[];
};

function constraintsOf(pod: Pod, action: string): Constraint[] {
  const { spec, metadata } = pod;
  const all = (spec.topologySpreadConstraints ?? []) as readonly Policies[];
  return all
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map(
      ({
        topologyKey,
        maxSkew,
        minDomains = 1,
        labelSelector,
        matchLabelKeys = [],
        nodeAffinityPolicy,
        nodeTaintsPolicy,
      }) => ({
        key: topologyKey,
        maxSkew,
        minDomains,
        selector: withLabels(labelSelector, matchLabelKeys, metadata.labels ?? {}),
        counts: (info) =>
          (nodeAffinityPolicy === "Ignore" || matchesRequiredNode(spec, info.node)) &&
          (nodeTaintsPolicy !== "Honor" || !untoleratedTaint(info.node.spec.taints, spec.tolerations, REPELLING)),
      }),
    );
}

/** A selector with the Pod's own values of some labels. */
function withLabels(
  selector: LabelSelector | undefined,
  keys: readonly string[],
  labels: Readonly<Record<string, string>>,
): Selector {
  const parsed = validSelector(selector);
  if (parsed === "nothing") return parsed;
  const more = keys.flatMap((key): Requirement[] =>
    labels[key] === undefined ? [] : [{ key, operator: "in", values: [labels[key]] }],
  );
  return [...parsed, ...more];
}

/** What holds for a Pod that says nothing: its workload spreads over nodes and zones. */
function defaultConstraints(pod: Pod, { client }: Snapshot): Constraint[] {
  const selector = workloadSelector(pod, client);
  if (selector.length === 0) return [];
  const counts = ({ node }: NodeInfo): boolean => matchesRequiredNode(pod.spec, node);
  return [
    { key: HOSTNAME, maxSkew: 3, minDomains: 1, selector, counts },
    { key: ZONE, maxSkew: 5, minDomains: 1, selector, counts },
  ];
}

function matching({ pods }: NodeInfo, { selector }: Constraint, namespace: string): number {
  return pods.filter(
    ({ metadata }) =>
      !metadata.deletionTimestamp && metadata.namespace === namespace && matchesLabels(selector, metadata.labels),
  ).length;
}

/** How many matching Pods each value of the key has. */
function countDomains(nodes: readonly NodeInfo[], constraint: Constraint, namespace: string): Map<string, number> {
  const domains = new Map<string, number>();
  for (const node of nodes) {
    const value = node.label(constraint.key);
    if (value !== undefined && constraint.counts(node))
      domains.set(value, (domains.get(value) ?? 0) + matching(node, constraint, namespace));
  }
  return domains;
}

function spreadFilter(pod: Pod, { nodes }: Snapshot, constraints: readonly Constraint[]): NodeFilter {
  const { namespace = "", labels } = pod.metadata;
  const eligible = nodes.filter((node) => constraints.every(({ key }) => node.label(key) !== undefined));
  const states = constraints.map((constraint) => {
    const domains = countDomains(eligible, constraint, namespace);
    const fewest = domains.size < constraint.minDomains ? 0 : Math.min(...domains.values());
    return { constraint, domains, fewest, self: matchesLabels(constraint.selector, labels) ? 1 : 0 };
  });
  return (node) => {
    for (const { constraint, domains, fewest, self } of states) {
      const value = node.label(constraint.key);
      if (value === undefined) return unresolvable(`${REASON} (missing required label)`);
      if ((domains.get(value) ?? 0) + self - fewest > constraint.maxSkew) return unschedulable(REASON);
    }
    return undefined;
  };
}

/** Fewer Pods are better; keys with many values weigh more (scoring.go). */
function spreadScore(
  pod: Pod,
  { nodes }: Snapshot,
  candidates: readonly NodeInfo[],
  constraints: readonly Constraint[],
  needsAllKeys: boolean,
): NodeScore {
  const { namespace = "" } = pod.metadata;
  const hasKeys = (node: NodeInfo): boolean =>
    !needsAllKeys || constraints.every(({ key }) => node.label(key) !== undefined);
  const rated = candidates.filter(hasKeys);
  const states = constraints.map((constraint) => {
    const values = new Set(rated.flatMap((node) => node.label(constraint.key) ?? []));
    const size = constraint.key === HOSTNAME ? rated.length : values.size;
    return {
      constraint,
      weight: Math.log(size + 2),
      domains: countDomains(nodes.filter(hasKeys), constraint, namespace),
    };
  });
  const scores = new Map(
    rated.map((node) => {
      let score = 0;
      for (const { constraint, weight, domains } of states) {
        const value = node.label(constraint.key);
        if (value === undefined) continue;
        const count = constraint.key === HOSTNAME ? matching(node, constraint, namespace) : (domains.get(value) ?? 0);
        score += count * weight + (constraint.maxSkew - 1);
      }
      return [node.name, Math.round(score)];
    }),
  );
  const least = Math.min(...scores.values());
  const most = Math.max(...scores.values());
  return ({ name }) => {
    const score = scores.get(name);
    if (score === undefined) return 0;
    return most === 0 ? MAX_SCORE : Math.trunc((MAX_SCORE * (most + least - score)) / most);
  };
}
