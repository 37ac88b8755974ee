import type { Namespace as KubeNamespace, NetworkPolicy, Pod, StringMap } from "../../../api/index.ts";
import { ActiveSets, type LabelledEndpoint } from "./active-sets.ts";
import { endpointOf, type Endpoint } from "./endpoint.ts";
import type { IpSets } from "./ip-sets.ts";
import { LocalEndpoints } from "./local-endpoints.ts";
import { policyOf, type Policy } from "./policy.ts";
import { NAMESPACE_LABEL, NAMESPACE_NAME } from "./selector.ts";
import type { FelixTable } from "./tables.ts";

/**
 * What felix makes of the objects that it watches: which policies are for which endpoints of its node, and the chains and
 * sets of those (felix/calc). It is a cache: made anew from the objects of the API it comes to the same.
 */
export class Calculation {
  readonly #prefix: string;
  readonly #node: string;
  readonly #sets: ActiveSets;
  readonly #locals: LocalEndpoints;
  readonly #namespaces = new Map<string, StringMap>();
  /** All endpoints of the cluster, and its policies, by Namespace. */
  readonly #endpoints = new Map<string, Map<string, LabelledEndpoint>>();
  readonly #policies = new Map<string, Map<string, Policy>>();

  constructor(node: string, prefix: string, filter: FelixTable, sets: IpSets) {
    this.#node = node;
    this.#prefix = prefix;
    this.#sets = new ActiveSets(sets);
    this.#locals = new LocalEndpoints(filter, {
      activate: (policy) => this.#sets.use(policy.sets, () => this.#all()),
      deactivate: (policy) => this.#sets.release(policy.sets),
    });
  }

  *#all(): IterableIterator<LabelledEndpoint> {
    for (const endpoints of this.#endpoints.values()) yield* endpoints.values();
  }

  /** Brings up to date what waits until all changes are known. */
  flush(): void {
    this.#locals.flush();
  }

  /** A Namespace was written, or is gone: its Pods have other labels now. */
  namespace(name: string, object: KubeNamespace | undefined): void {
    const labels: Record<string, string> = {};
    for (const [key, value] of Object.entries(object?.metadata.labels ?? {})) labels[NAMESPACE_LABEL + key] = value;
    labels[NAMESPACE_LABEL + NAMESPACE_NAME] = name;
    if (object) this.#namespaces.set(name, labels);
    else this.#namespaces.delete(name);
    for (const { endpoint } of this.#endpoints.get(name)?.values() ?? []) this.#set(endpoint.key, name, endpoint);
  }

  pod(namespace: string, name: string, object: Pod | undefined): void {
    this.#set(`${namespace}/${name}`, namespace, object && endpointOf(object, this.#prefix));
  }

  #set(key: string, namespace: string, endpoint: Endpoint | undefined): void {
    const endpoints = this.#endpoints.get(namespace);
    const before = endpoints?.get(key);
    const after = endpoint && this.#label(endpoint);
    if (!before && !after) return;
    if (before && after && sameFor(before, after)) return;
    if (after) this.#endpointsOf(namespace).set(key, after);
    else endpoints!.delete(key);
    this.#sets.change(before, after);
    const local = endpoint?.node === this.#node ? endpoint : undefined;
    if (local) this.#locals.set(local, this.#policiesFor(after!));
    else this.#locals.remove(key);
  }

  #endpointsOf(namespace: string): Map<string, LabelledEndpoint> {
    let endpoints = this.#endpoints.get(namespace);
    if (!endpoints) this.#endpoints.set(namespace, (endpoints = new Map()));
    return endpoints;
  }

  /** Without a prototype: `constructor` may be the name of a label. */
  #label(endpoint: Endpoint): LabelledEndpoint {
    const inherited = this.#namespaces.get(endpoint.namespace);
    const labels = Object.assign(Object.create(null) as Record<string, string>, inherited, endpoint.labels);
    return { endpoint, labels };
  }

  #policiesFor({ endpoint, labels }: LabelledEndpoint): Policy[] {
    const found: Policy[] = [];
    for (const policy of this.#policies.get(endpoint.namespace)?.values() ?? [])
      if (policy.selector.chooses(labels)) found.push(policy);
    return found;
  }

  policy(namespace: string, name: string, object: NetworkPolicy | undefined): void {
    const after = object && policyOf(object);
    const policies = this.#policies.get(namespace) ?? new Map<string, Policy>();
    this.#policies.set(namespace, policies);
    const before = policies.get(name);
    if (after) policies.set(name, after);
    else policies.delete(name);
    if (before && after && isForTheSame(before, after)) return this.#locals.exchangePolicy(before, after);
    const matching = after
      ? [...(this.#endpoints.get(namespace)?.values() ?? [])].filter(
          ({ endpoint, labels }) => endpoint.node === this.#node && after.selector.chooses(labels),
        )
      : [];
    this.#locals.replacePolicy(before, after, new Set(matching.map(({ endpoint }) => endpoint.key)));
  }
}

function isForTheSame(before: Policy, after: Policy): boolean {
  return before.selector.text === after.selector.text && before.types.join() === after.types.join();
}

/** Most writes to a Pod change nothing of what felix looks at. */
function sameFor(before: LabelledEndpoint, after: LabelledEndpoint): boolean {
  const [a, b] = [before.endpoint, after.endpoint];
  return a === b
    ? sameLabels(before.labels, after.labels)
    : a.node === b.node &&
        a.addresses.join() === b.addresses.join() &&
        a.profiles.join() === b.profiles.join() &&
        sameLabels(before.labels, after.labels) &&
        JSON.stringify(a.ports) === JSON.stringify(b.ports);
}

function sameLabels(a: StringMap, b: StringMap): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
