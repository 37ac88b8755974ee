import type { Topology } from "../../../server/sessions/protocol/index.ts";

export type Machine = Topology["machines"][number];
export type Space = Machine["spaces"][number];
export type Link = Space["links"][number];
export type Cluster = NonNullable<Topology["cluster"]>;
export type Pod = Cluster["pods"][number];
export type Service = Cluster["services"][number];

/** Names a thing of the picture: `pod:shop/cart-1`, `service:shop/cart`, `link:node01//cni0`. */
export type Key = string;

/** A line between two things. `traffic` goes from left to right, `allowed` is what a policy lets pass, `wire` is a cable. */
export interface Edge {
  readonly from: Key;
  readonly to: Key;
  readonly look: "traffic" | "unready" | "allowed" | "wire";
}

export const keyOf = {
  machine: (name: string): Key => `machine:${name}`,
  link: (machine: string, space: string, link: string): Key => `link:${machine}/${space}/${link}`,
  network: (name: string): Key => `network:${name}`,
  pod: (id: string): Key => `pod:${id}`,
  service: (id: string): Key => `service:${id}`,
  policy: (id: string): Key => `policy:${id}`,
  way: ({ kind, id }: Cluster["ways"][number]): Key => `way:${kind}:${id}`,
};

/** What a Service sends to, what comes in by which name, and what runs by itself: namespaces of the system. */
export function isSystem(id: string): boolean {
  return /^(kube-|local-path-storage\/|ingress-nginx\/|nginx-gateway\/|metallb-system\/|calico-)/.test(id);
}

/** The topology without what runs the cluster itself, if there is anything else to see. */
export function withoutSystem(topology: Topology): Topology {
  const { cluster } = topology;
  if (!cluster) return topology;
  const own = <T extends { readonly id: string }>(things: readonly T[]): T[] =>
    things.filter(({ id }) => !isSystem(id));
  return {
    ...topology,
    cluster: {
      pods: own(cluster.pods),
      services: own(cluster.services),
      policies: own(cluster.policies),
      ways: own(cluster.ways),
    },
  };
}

/** All lines that have to do with a thing. */
export function edgesOf(topology: Topology, key: Key): Edge[] {
  return [...trafficEdges(topology), ...policyEdges(topology, key), ...wires(topology)].filter(
    ({ from, to, look }) => from === key || to === key || look === "allowed",
  );
}

/** Lines while nothing is chosen: of traffic as long as they can be told apart, and the cables of a world without a cluster. */
export function quietEdges(topology: Topology): Edge[] {
  if (!topology.cluster) return wires(topology);
  const traffic = trafficEdges(topology);
  return traffic.length > MOST_QUIET ? [] : traffic;
}

const MOST_QUIET = 16;

/** What is marked together with a thing: what its lines lead to, one step further for ways in, and a policy's Pods. */
export function relatedTo(topology: Topology, key: Key): ReadonlySet<Key> {
  const related = new Set<Key>();
  for (const { from, to } of edgesOf(topology, key)) related.add(from).add(to);
  const policy = topology.cluster?.policies.find(({ id }) => keyOf.policy(id) === key);
  for (const pod of policy?.selects ?? []) related.add(keyOf.pod(pod));
  for (const { id, selects } of topology.cluster?.policies ?? [])
    if (selects.some((pod) => keyOf.pod(pod) === key)) related.add(keyOf.policy(id));
  const pod = topology.cluster?.pods.find(({ id }) => keyOf.pod(id) === key);
  if (pod?.node) related.add(keyOf.machine(pod.node));
  related.delete(key);
  return related;
}

function trafficEdges({ cluster }: Topology): Edge[] {
  if (!cluster) return [];
  return [
    ...cluster.services.flatMap(({ id, endpoints }) =>
      endpoints.flatMap(({ pod, ready }): Edge[] =>
        pod === null ? [] : [{ from: keyOf.service(id), to: keyOf.pod(pod), look: ready ? "traffic" : "unready" }],
      ),
    ),
    ...cluster.ways.flatMap((way) =>
      unique(way.rules.flatMap(({ service }) => service ?? [])).map((service): Edge => ({
        from: keyOf.way(way),
        to: keyOf.service(service),
        look: "traffic",
      })),
    ),
  ];
}

/** Of a policy that is chosen: who may reach whom. Pods that may reach themselves only are no line. */
function policyEdges({ cluster }: Topology, key: Key): Edge[] {
  const policy = cluster?.policies.find(({ id }) => keyOf.policy(id) === key);
  if (!policy) return [];
  const lines = (rules: typeof policy.ingress, into: boolean): Edge[] =>
    (rules ?? []).flatMap(({ pods }) =>
      pods.flatMap((peer) =>
        policy.selects
          .filter((pod) => pod !== peer)
          .map((pod): Edge => {
            const [from, to] = into ? [peer, pod] : [pod, peer];
            return { from: keyOf.pod(from), to: keyOf.pod(to), look: "allowed" };
          }),
      ),
    );
  return [...lines(policy.ingress, true), ...lines(policy.egress, false)];
}

/** Cables: cards and their networks, both ends of a veth, ports and their bridge. */
function wires({ machines }: Topology): Edge[] {
  return machines.flatMap(({ name, spaces }) =>
    spaces.flatMap((space) =>
      space.links.flatMap((link): Edge[] => {
        const from = keyOf.link(name, space.name, link.name);
        const ends: Key[] = [];
        if (link.network !== null) ends.push(keyOf.network(link.network));
        if (link.master !== null) ends.push(keyOf.link(name, space.name, link.master));
        if (link.peer !== null) {
          const peer = link.peer.startsWith("pod:") ? link.peer : `link:${link.peer}`;
          // Of the two ends of a veth one draws it.
          if (peer.startsWith("pod:") || link.kind !== "veth" || from < peer) ends.push(peer);
        }
        return ends.map((to) => ({ from, to, look: "wire" }));
      }),
    ),
  );
}

/** Links that are worth a place of their own: of the many that lead to Pods there is only a number. */
export function shownLinks({ links }: Space): { readonly links: readonly Link[]; readonly toPods: number } {
  const own = links.filter(({ peer }) => !peer?.startsWith("pod:"));
  return { links: own, toPods: links.length - own.length };
}

function unique<T>(all: readonly T[]): T[] {
  return [...new Set(all)];
}
