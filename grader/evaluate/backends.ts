import { matchesLabels, type Pod } from "../../server/sim/kube/api/index.ts";
import type { Backends } from "../checks/reach-spec.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Probe } from "../probe/probe.ts";
import { readSelector } from "../scene/objects.ts";
import type { Scene } from "../scene/scene.ts";

/** Which Pods the connections of one client ended at, against what is wanted; undefined if it fits. */
export function backendMismatch(scene: Scene, probes: readonly Probe[], spec: Backends): string | undefined {
  const reached = probes.map(({ backend }) => backend);
  if (spec.only !== undefined) {
    const selector = readSelector(spec.only);
    const strange = reached.find(
      (backend) => !backend?.pod || !fits(spec, backend.pod) || !matchesLabels(selector, backend.pod.metadata.labels),
    );
    if (strange) return `a connection that ends at ${strange.name} (${strange.address}:${strange.port})`;
  }
  const names = new Set(reached.map((backend) => backend?.pod && keyOf(backend.pod)));
  if (spec.every !== undefined) {
    const wanted = scene.objects.podsOf(spec.namespace ?? namespaceOf(probes), spec.every).filter(isReady);
    if (wanted.length === 0) return `no ready Pod with ${spec.every}`;
    const left = wanted.find((pod) => !names.has(keyOf(pod)));
    if (left) return `none of ${probes.length} connections ends at Pod ${left.metadata.name}`;
  }
  for (const [labels, matcher] of Object.entries(spec.shares ?? {})) {
    const selector = readSelector(labels);
    const hits = reached.filter((backend) => backend?.pod && matchesLabels(selector, backend.pod.metadata.labels));
    const share = Math.round((hits.length / probes.length) * 100);
    if (!matches(matcher, share)) return `${share} % of ${probes.length} connections end at Pods with ${labels}`;
  }
  return undefined;
}

export function backendWords({ only, every, shares = {} }: Backends): string {
  return [
    ...(only === undefined ? [] : [`connections end at Pods with ${only} only`]),
    ...(every === undefined ? [] : [`every ready Pod with ${every} gets connections`]),
    ...Object.entries(shares).map(
      ([labels, matcher]) => `of the connections, Pods with ${labels} get ${describeMatcher(matcher)} %`,
    ),
  ].join(" and ");
}

function fits({ namespace }: Backends, pod: Pod): boolean {
  return namespace === undefined || pod.metadata.namespace === namespace;
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function namespaceOf(probes: readonly Probe[]): string {
  for (const { backend } of probes) if (backend?.pod) return backend.pod.metadata.namespace ?? "";
  return probes[0]?.from.pod?.metadata.namespace ?? "default";
}

function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
}
