import type { Node, NodeSelectorRequirement, NodeSelectorTerm } from "../api/index.ts";

/** Whether a node is chosen by one of the terms (component-helpers nodeaffinity). */
export function nodeSelectorMatches(terms: readonly NodeSelectorTerm[], node: Node): boolean {
  return terms.some((term) => matchesTerm(term, node));
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
