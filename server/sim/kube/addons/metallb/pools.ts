import { addressText, compareAddresses, parseAddress, parsePrefix, type Address } from "../../../net/index.ts";
import { matchesLabels, selectorOf, type Client, type KubeObject, type LabelSelector, type Service } from "../../api/index.ts"; // prettier-ignore
import type { Cluster } from "../../cluster/cluster.ts";
import { namespaces, nodes } from "../../kinds/index.ts";

export const GROUP = "metallb.io";

/** MetalLB's own. */
export const NAMESPACE = "metallb-system";

/** Addresses to give away (v1beta1 IPAddressPool). */
export interface Pool extends KubeObject {
  readonly spec: {
    readonly addresses: readonly string[];
    readonly autoAssign?: boolean;
    readonly avoidBuggyIPs?: boolean;
    readonly serviceAllocation?: {
      readonly priority?: number;
      readonly namespaces?: readonly string[];
      readonly namespaceSelectors?: readonly LabelSelector[];
      readonly serviceSelectors?: readonly LabelSelector[];
    };
  };
}

/** Which pools are made known on the nodes' networks (v1beta1 L2Advertisement). */
export interface Advertisement extends KubeObject {
  readonly spec?: {
    readonly ipAddressPools?: readonly string[];
    readonly ipAddressPoolSelectors?: readonly LabelSelector[];
    readonly nodeSelectors?: readonly LabelSelector[];
    readonly interfaces?: readonly string[];
  };
}

/** Those that MetalLB sees: in its own namespace only (internal/k8s/k8s.go, the manager's cache). */
export function resources<T extends KubeObject>({ api }: Cluster, plural: string): readonly T[] {
  const kind = api.registry.find(GROUP, "v1beta1", plural);
  return kind ? (api.store.list(api.registry.stored(kind), NAMESPACE) as unknown as readonly T[]) : [];
}

export interface Range {
  readonly from: Address;
  readonly to: Address;
}

/** `192.168.1.0/24`, `192.168.1.240-192.168.1.250`; an error in MetalLB's words. */
export function parseRange(text: string): Range | { readonly error: string } {
  if (text.includes("-")) {
    const [from, to] = text.split("-").map((word) => parseAddress(word.trim()));
    if (from === undefined) return { error: `invalid IP range ${JSON.stringify(text)}: invalid start IP ${JSON.stringify(text.split("-")[0]!.trim())}` }; // prettier-ignore
    if (to === undefined) return { error: `invalid IP range ${JSON.stringify(text)}: invalid end IP ${JSON.stringify(text.split("-")[1]!.trim())}` }; // prettier-ignore
    if (compareAddresses(from, to) > 0) return { error: `invalid IP range ${JSON.stringify(text)}: start IP ${addressText(from)} is after the end IP ${addressText(to)}` }; // prettier-ignore
    return { from, to };
  }
  const prefix = text.includes("/") ? parsePrefix(text) : undefined;
  if (!prefix || typeof prefix.address === "bigint") return { error: `invalid CIDR ${JSON.stringify(text)}` };
  const size = 2 ** (32 - prefix.length);
  const from = Math.floor((prefix.address >>> 0) / size) * size;
  return { from, to: from + size - 1 };
}

export function rangesOf({ spec }: Pool): readonly Range[] {
  return spec.addresses.flatMap((text) => {
    const range = parseRange(text);
    return "error" in range ? [] : [range];
  });
}

export function isIn(pool: Pool, address: Address): boolean {
  return rangesOf(pool).some(({ from, to }) => compareAddresses(from, address) <= 0 && compareAddresses(address, to) <= 0); // prettier-ignore
}

/** The addresses of a pool in their order; those that end with 0 or 255 are left out on demand. */
export function* addressesIn(pool: Pool): Generator<string> {
  for (const { from, to } of rangesOf(pool)) {
    if (typeof from === "bigint" || typeof to === "bigint") continue;
    for (let value = from >>> 0; value <= to >>> 0; value++)
      if (!pool.spec.avoidBuggyIPs || (value % 256 !== 0 && value % 256 !== 255)) yield addressText(value | 0);
  }
}

function selects(selectors: readonly LabelSelector[], labels: Readonly<Record<string, string>> | undefined): boolean {
  return selectors.some((selector) => {
    const parsed = selectorOf(selector);
    return typeof parsed === "string" || !("error" in parsed) ? matchesLabels(parsed, labels) : false;
  });
}

/** Whether a Service may have an address of the pool (allocator isPoolCompatible). */
export function mayUse({ spec }: Pool, { metadata }: Service, client: Client): boolean {
  const { namespaces: names = [], namespaceSelectors = [], serviceSelectors = [] } = spec.serviceAllocation ?? {};
  if (serviceSelectors.length > 0 && !selects(serviceSelectors, metadata.labels)) return false;
  if (names.length + namespaceSelectors.length === 0) return true;
  const labels = client.get(namespaces, "", metadata.namespace ?? "")?.metadata.labels;
  return names.includes(metadata.namespace ?? "") || selects(namespaceSelectors, labels);
}

/** The advertisement by which a node makes a pool's addresses known; undefined if there is none. */
export function advertisementFor(
  pool: Pool,
  node: string,
  advertisements: readonly Advertisement[],
  client: Client,
): Advertisement | undefined {
  const labels = client.get(nodes, "", node)?.metadata.labels;
  return advertisements.find(({ spec = {} }) => {
    const { ipAddressPools = [], ipAddressPoolSelectors = [], nodeSelectors = [] } = spec;
    const chosen = ipAddressPools.includes(pool.metadata.name) || selects(ipAddressPoolSelectors, pool.metadata.labels);
    if (ipAddressPools.length + ipAddressPoolSelectors.length > 0 && !chosen) return false;
    return nodeSelectors.length === 0 || selects(nodeSelectors, labels);
  });
}
