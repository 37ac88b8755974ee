import type { LabelSelector, StringMap } from "../../../api/index.ts";
import { makeUniqueId } from "./unique-id.ts";

/** Before the labels that an endpoint has from its Namespace. */
export const NAMESPACE_LABEL = "pcns.";
/** The Namespace that an endpoint is in. */
export const NAMESPACE = "projectcalico.org/namespace";
export const NAMESPACE_NAME = "projectcalico.org/name";
export const ORCHESTRATOR = "projectcalico.org/orchestrator";

/** A selector of Calico's: its text in the normal form that its identity is made of, and whom it chooses. */
export interface Selector {
  readonly text: string;
  readonly id: string;
  chooses(labels: StringMap): boolean;
}

interface Term {
  readonly text: string;
  chooses(labels: StringMap): boolean;
}

/** The selectors that were made, by their texts: many policies have the same. */
const made = new Map<string, Selector>();
const REMEMBERED = 4096;

function selectorOf(term: Term): Selector {
  let known = made.get(term.text);
  if (!known) {
    if (made.size >= REMEMBERED) made.clear();
    made.set(term.text, (known = { ...term, id: makeUniqueId("s", term.text) }));
  }
  return known;
}

const EVERYTHING: Term = { text: "all()", chooses: () => true };

export const ALL: Selector = selectorOf(EVERYTHING);

/**
 * The endpoints that a policy is for: Pods of its Namespace (updateprocessors ConvertNetworkPolicyV3ToV1Value). A policy
 * without terms of its own still asks for Pods.
 */
export function policySelector(selector: LabelSelector, namespace: string): Selector {
  return selectorOf(and([podTerm(selector), equals(NAMESPACE, namespace)]));
}

/** The endpoints that a peer of a policy stands for (GetEntityRuleSelector). */
export function peerSelector(
  pods: LabelSelector | undefined,
  namespaces: LabelSelector | undefined,
  namespace: string,
): Selector {
  const within = namespaces ? namespaceTerm(namespaces) : equals(NAMESPACE, namespace);
  return selectorOf(and([within, podTerm(pods)]));
}

/** conversion.go k8sSelectorToCalico for Pods. */
function podTerm(selector: LabelSelector | undefined): Term {
  return and([equals(ORCHESTRATOR, "k8s"), ...terms(selector, "")]);
}

function namespaceTerm(selector: LabelSelector): Term {
  const list = terms(selector, NAMESPACE_LABEL);
  return list.length === 0 ? has(NAMESPACE) : and(list);
}

function terms(selector: LabelSelector | undefined, prefix: string): Term[] {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const list = Object.keys(matchLabels)
    .sort()
    .map((key) => equals(prefix + key, matchLabels[key]!));
  for (const { key, operator, values = [] } of matchExpressions) {
    const label = prefix + key;
    if (operator === "In") list.push(among(label, values));
    else if (operator === "NotIn") list.push(notAmong(label, values));
    else if (operator === "Exists") list.push(has(label));
    else list.push(hasNot(label));
  }
  return list;
}

function and(list: readonly Term[]): Term {
  const [first, ...more] = list;
  if (more.length === 0) return first!;
  return {
    text: `(${list.map(({ text }) => text).join(" && ")})`,
    chooses: (labels) => list.every((term) => term.chooses(labels)),
  };
}

function equals(label: string, value: string): Term {
  return { text: `${label} == "${value}"`, chooses: (labels) => labels[label] === value };
}

function has(label: string): Term {
  return { text: `has(${label})`, chooses: (labels) => labels[label] !== undefined };
}

function hasNot(label: string): Term {
  return { text: `!has(${label})`, chooses: (labels) => labels[label] === undefined };
}

function among(label: string, values: readonly string[]): Term {
  return {
    text: `${label} in ${valueSet(values)}`,
    chooses: (labels) => labels[label] !== undefined && values.includes(labels[label]),
  };
}

function notAmong(label: string, values: readonly string[]): Term {
  return {
    text: `${label} not in ${valueSet(values)}`,
    chooses: (labels) => labels[label] === undefined || !values.includes(labels[label]),
  };
}

/** Sorted and each once (parser/stringset.go). */
function valueSet(values: readonly string[]): string {
  return `{${[...new Set(values)]
    .sort()
    .map((value) => `"${value}"`)
    .join(", ")}}`;
}
