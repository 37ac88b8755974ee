import * as fc from "fast-check";
import type { LabelSelector, NetworkPolicyPeer, NetworkPolicyPort } from "../api/index.ts";
import {
  NODES,
  type Labels,
  type Probe,
  type Protocol,
  type ReachPod,
  type ReachPolicy,
  type ReachService,
  type ReachWorld,
} from "./world.ts";

const NAMESPACES = ["default", "blue", "green"] as const;
const KEYS = ["app", "tier", "constructor"] as const;
const VALUES = ["a", "b", "c"] as const;
const PORT_NAMES = ["http", "metrics", "dns"] as const;
const PORTS = [53, 80, 81, 443, 8080] as const;
const PROTOCOLS = ["TCP", "UDP", "SCTP"] as const;

const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);
const port = fc.constantFrom(...PORTS);
const protocol: fc.Arbitrary<Protocol> = fc.constantFrom(...PROTOCOLS);
const namespace = fc.constantFrom(...NAMESPACES);

const labels: fc.Arbitrary<Labels> = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 3, selector: ([name]) => name })
  .map((pairs) => Object.fromEntries(pairs));

const expression = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In", "NotIn"), values: fc.uniqueArray(value, { minLength: 1 }) }),
  fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }),
);

const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.record({ matchLabels: fc.dictionary(key, value, { minKeys: 1, maxKeys: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 1 }) }),
  },
);

const namespaceSelector: fc.Arbitrary<LabelSelector> = fc.oneof(
  selector,
  namespace.map((name) => ({ matchLabels: { "kubernetes.io/metadata.name": name } })),
);

const ipBlock = fc.oneof(
  fc
    .constantFrom("10.244.0.0/16", "10.244.1.0/24", "172.30.1.0/24", "172.30.1.3/32", "0.0.0.0/0")
    .map((cidr) => ({ cidr })),
  fc.constant({ cidr: "10.244.0.0/16", except: ["10.244.0.0/24"] }),
  fc.constant({ cidr: "0.0.0.0/0", except: ["10.244.0.8/29", "172.30.1.0/24", "10.244.1.12/30"] }),
);

const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector: selector, namespaceSelector }),
  fc.record({ ipBlock }),
);

const policyPort: fc.Arbitrary<NetworkPolicyPort> = fc.oneof(
  fc.record({ port }),
  fc.record({ protocol, port }),
  fc.record({ protocol, port: fc.constantFrom(...PORT_NAMES) }),
  fc.record({ protocol }),
  fc.record({ protocol, port: fc.constantFrom(50, 80), endPort: fc.constantFrom(80, 443, 9000) }),
);

const several = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 3 });

const policy = fc.record(
  {
    namespace,
    podSelector: selector,
    policyTypes: fc.constantFrom<readonly ("Ingress" | "Egress")[]>(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
    ingress: several(fc.record({ from: several(peer), ports: several(policyPort) }, { requiredKeys: [] })),
    egress: several(fc.record({ to: several(peer), ports: several(policyPort) }, { requiredKeys: [] })),
  },
  { requiredKeys: ["namespace", "podSelector"] },
);

const pod = fc.record({
  namespace,
  node: fc.constantFrom(...NODES),
  labels,
  hostNetwork: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  finished: fc.integer({ min: 0, max: 19 }).map((dice) => dice === 0),
  ports: fc.uniqueArray(fc.record({ name: fc.constantFrom(...PORT_NAMES), containerPort: port, protocol }), {
    maxLength: 2,
    comparator: (a, b) => a.name === b.name || (a.containerPort === b.containerPort && a.protocol === b.protocol),
  }),
});

function service(pods: number) {
  return fc.record({
    namespace,
    type: fc.constantFrom<ReachService["type"]>("ClusterIP", "NodePort", "LoadBalancer"),
    protocol: fc.constantFrom<"TCP" | "UDP">("TCP", "UDP"),
    targetPort: port,
    externalTrafficPolicy: fc.constantFrom<"Cluster" | "Local">("Cluster", "Local"),
    internalTrafficPolicy: fc.oneof(
      { weight: 4, arbitrary: fc.constant("Cluster" as const) },
      { weight: 1, arbitrary: fc.constant("Local" as const) },
    ),
    endpoints: fc.uniqueArray(
      fc.record({ pod: fc.nat(pods - 1), ready: fc.integer({ min: 0, max: 3 }).map((dice) => dice > 0) }),
      {
        maxLength: 3,
        selector: ({ pod: number }) => number,
      },
    ),
  });
}

/** A cluster and what is tried in it. */
export interface ReachCase {
  readonly world: ReachWorld;
  readonly probes: readonly Probe[];
}

/** `probes`: how many are tried in each cluster. */
export function reachCase(probes: number): fc.Arbitrary<ReachCase> {
  return fc.integer({ min: 3, max: 8 }).chain((count) =>
    fc
      .record({
        namespaceLabels: fc.tuple(labels, labels, labels),
        pods: fc.array(pod, { minLength: count, maxLength: count }),
        services: fc.array(service(count), { maxLength: 3 }),
        policies: fc.array(policy, { maxLength: 5 }),
      })
      .chain(({ namespaceLabels, pods, services, policies }) => {
        const world: ReachWorld = {
          namespaces: NAMESPACES.map((name, at) => ({ name, labels: namespaceLabels[at]! })),
          pods: pods.map((one, at): ReachPod => ({ ...one, name: `p${at}`, finished: one.finished && !one.hostNetwork })),
          services: services.map((one, at): ReachService => ({ ...one, name: `s${at}`, port: 8000 + at, nodePort: 30_000 + at, clusterIP: `10.96.1.${10 + at}` })),
          policies: policies.map((one, at): ReachPolicy => ({ ...one, name: `n${at}` })),
        };
        return fc
          .array(probe(world), { minLength: probes, maxLength: probes })
          .map((list) => ({ world, probes: list }));
      }),
  );
} // prettier-ignore

function probe({ pods, services }: ReachWorld): fc.Arbitrary<Probe> {
  const running = pods.flatMap(({ finished, hostNetwork }, at) => (finished || hostNetwork ? [] : [at]));
  const fromPod = running.length === 0 ? [] : [fc.constantFrom(...running).map((number) => ({ kind: "pod" as const, pod: number }))];
  const fromNode = fc.constantFrom(...NODES).map((node) => ({ kind: "node" as const, node }));
  const inside = fc.oneof(...fromPod, ...fromPod, ...fromPod, fromNode);
  const toPod = fc.record({ kind: fc.constant("pod" as const), pod: fc.nat(pods.length - 1), protocol, port });
  const direct = fc.record({ from: inside, to: toPod });
  if (services.length === 0) return direct;
  const number = fc.nat(services.length - 1);
  const byService = fc.record({ from: inside, to: fc.record({ kind: fc.constant("service" as const), service: number }) });
  const open = services.flatMap(({ type }, at) => (type === "ClusterIP" ? [] : [at]));
  if (open.length === 0) return fc.oneof(direct, direct, byService);
  const byNodePort = fc.record({
    from: fc.constant({ kind: "outside" as const }),
    to: fc.record({ kind: fc.constant("nodePort" as const), service: fc.constantFrom(...open), node: fc.constantFrom(...NODES) }),
  });
  return fc.oneof(direct, direct, direct, byService, byNodePort);
} // prettier-ignore
