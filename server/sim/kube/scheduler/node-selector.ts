import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from "../api/index.ts";

/** Whether a node is one that the Pod must go to: by its nodeSelector and required affinity (component-helpers nodeaffinity). */
export function matchesRequiredNode({ nodeSelector, affinity }: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const key in nodeSelector) if (labels[key] !== nodeSelector[key]) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || (required.nodeSelectorTerms ?? []).some((term) => matchesTerm(term, node));
}

/** A term without requirements matches no node. */
export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((requirement) => holds(requirement, labels[requirement.key])) &&
    matchFields.every((requirement) => requirement.key === "metadata.name" && holds(requirement, node.metadata.name))
  );
}

function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt": {
      const [number, bound] = [value, values[0]].map((text) =>
        /^[-+]?\d+$/.test(text ?? "") ? BigInt(text!) : undefined,
      );
      if (number === undefined || bound === undefined) return false;
      return operator === "Gt" ? number > bound : number < bound;
    }
    default:
      return false;
  }
}

/** The names of the only nodes that a Pod can go to, if its affinity says names; several terms are alternatives. */
export function namedNodes({ affinity }: PodSpec): ReadonlySet<string> | undefined {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields.filter(({ key, operator }) => key === "metadata.name" && operator === "In");
    const [first, ...others] = lists.map(({ values = [] }) => values);
    if (!first) return undefined;
    for (const name of first) if (others.every((values) => values.includes(name))) names.add(name);
  }
  return terms.length === 0 ? undefined : names;
}
