import {
  matchesLabels, validSelector, type Client, type Pod, type PodAffinity, type PodAffinityTerm, type Selector,
} from "../../api/index.ts"; // prettier-ignore
import { namespaces } from "../../kinds/index.ts";
import {
  MAX_SCORE,
  unresolvable,
  unschedulable,
  type NodeFilter,
  type NodeScore,
  type Plugin,
  type Rejection,
} from "../plugin.ts";
import type { NodeInfo, Snapshot } from "../snapshot.ts";

/** What a required affinity of a Pod that is there counts for, in favour of a Pod that it is about. */
const HARD_WEIGHT = 1;

/** A term of a Pod's affinity, ready to match by. */
interface Term {
  readonly key: string;
  matches(pod: Pod): boolean;
}

interface WeightedTerm extends Term {
  readonly weight: number;
}

/** How much speaks for each value of each topology key. */
type Pairs = Map<string, number>;

/** Pods that want to be near others, or far from them (plugins/interpodaffinity). */
export const interPodAffinity: Plugin = {
  name: "InterPodAffinity",
  weight: 2,
  filter(pod, snapshot) {
    return affinityFilter(pod, snapshot);
  },
  score(pod, snapshot, candidates) {
    return affinityScore(pod, snapshot, candidates);
  },
};

function requiredTerms(affinity: PodAffinity | undefined, pod: Pod, client: Client): Term[] {
  return (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => termOf(term, pod, client));
}

function preferredTerms(affinity: PodAffinity | undefined, pod: Pod, client: Client, sign: number): WeightedTerm[] {
  return (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
    ...termOf(podAffinityTerm, pod, client),
    weight: sign * weight,
  }));
}

function termOf(term: PodAffinityTerm, owner: Pod, client: Client): Term {
  const selector = validSelector(term.labelSelector);
  const within = namespacesOf(term, owner, client);
  return {
    key: term.topologyKey,
    matches: ({ metadata }) => within(metadata.namespace ?? "") && matchesLabels(selector, metadata.labels),
  };
}

/** The namespaces that a term is about: named or selected ones, or else its Pod's own. */
function namespacesOf(term: PodAffinityTerm, owner: Pod, client: Client): (namespace: string) => boolean {
  const { namespaces: named = [], namespaceSelector } = term;
  if (named.length === 0 && !namespaceSelector) return (namespace) => namespace === owner.metadata.namespace;
  const selector: Selector = validSelector(namespaceSelector);
  return (namespace) =>
    named.includes(namespace) ||
    (selector !== "nothing" && matchesLabels(selector, client.get(namespaces, "", namespace)?.metadata.labels));
}

function count(pairs: Pairs, node: NodeInfo, key: string, weight = 1): void {
  const value = node.label(key);
  if (value !== undefined) pairs.set(`${key}=${value}`, (pairs.get(`${key}=${value}`) ?? 0) + weight);
}

function counted(pairs: Pairs, node: NodeInfo, key: string): number {
  return pairs.get(`${key}=${node.label(key) ?? ""}`) ?? 0;
}

function affinityFilter(pod: Pod, { nodes, client }: Snapshot): NodeFilter | undefined {
  const near = requiredTerms(pod.spec.affinity?.podAffinity, pod, client);
  const far = requiredTerms(pod.spec.affinity?.podAntiAffinity, pod, client);
  const nearby: Pairs = new Map();
  const avoided: Pairs = new Map();
  const avoiding: Pairs = new Map();
  const asks = near.length + far.length > 0;
  for (const node of nodes) {
    for (const other of node.pods) {
      if (!asks && !other.spec.affinity) continue;
      for (const term of requiredTerms(other.spec.affinity?.podAntiAffinity, other, client))
        if (term.matches(pod)) count(avoiding, node, term.key);
      if (near.length > 0 && near.every((term) => term.matches(other)))
        for (const { key } of near) count(nearby, node, key);
      for (const term of far) if (term.matches(other)) count(avoided, node, term.key);
    }
  }
  if (!asks && avoiding.size === 0) return undefined;
  // The first Pod of a group that wants to be together has nobody to go to.
  const first = nearby.size === 0 && near.every((term) => term.matches(pod));
  return (node): Rejection | undefined => {
    const placed = near.every(({ key }) => node.label(key) !== undefined && (first || counted(nearby, node, key) > 0));
    if (!placed) return unresolvable("node(s) didn't match pod affinity rules");
    if (far.some(({ key }) => node.label(key) !== undefined && counted(avoided, node, key) > 0))
      return unschedulable("node(s) didn't match pod anti-affinity rules");
    for (const pair of avoiding.keys()) {
      const key = pair.slice(0, pair.indexOf("="));
      if (node.label(key) === pair.slice(key.length + 1))
        return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
    }
    return undefined;
  };
}

function affinityScore(pod: Pod, { nodes, client }: Snapshot, candidates: readonly NodeInfo[]): NodeScore | undefined {
  const own = preferences(pod, client);
  const pairs: Pairs = new Map();
  for (const node of nodes) {
    for (const other of node.pods) {
      for (const term of own) if (term.matches(other)) count(pairs, node, term.key, term.weight);
      if (!other.spec.affinity) continue;
      for (const term of requiredTerms(other.spec.affinity.podAffinity, other, client))
        if (term.matches(pod)) count(pairs, node, term.key, HARD_WEIGHT);
      for (const term of preferences(other, client)) if (term.matches(pod)) count(pairs, node, term.key, term.weight);
    }
  }
  if (pairs.size === 0) return undefined;
  const scoreOf = (node: NodeInfo): number => {
    let sum = 0;
    for (const [pair, weight] of pairs) {
      const key = pair.slice(0, pair.indexOf("="));
      if (node.label(key) === pair.slice(key.length + 1)) sum += weight;
    }
    return sum;
  };
  const scores = new Map(candidates.map((node) => [node.name, scoreOf(node)]));
  const least = Math.min(...scores.values());
  const range = Math.max(...scores.values()) - least;
  return ({ name }) => (range === 0 ? 0 : Math.trunc((MAX_SCORE * (scores.get(name)! - least)) / range));
}

function preferences(pod: Pod, client: Client): WeightedTerm[] {
  const { affinity } = pod.spec;
  if (!affinity) return [];
  return [
    ...preferredTerms(affinity.podAffinity, pod, client, 1),
    ...preferredTerms(affinity.podAntiAffinity, pod, client, -1),
  ];
}
