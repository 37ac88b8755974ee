import type { LabelSelector, NetworkPolicyPeer, NetworkPolicyPort } from "../api/index.ts";
import {
  nodeAddress, OPEN_PORTS, OUTSIDE, podAddress, type Labels, type Probe, type Protocol, type ReachPod, type ReachPolicy, type ReachWorld, type Source,
} from "./world.ts"; // prettier-ignore

/** `open`: somebody listens and may be reached; `closed`: the way is free, nobody listens; `silent`: a policy, or nobody there. */
export type Outcome = "open" | "closed" | "silent";

/**
 * What the documentation of the API says of a probe (networking.k8s.io/v1 NetworkPolicy, "Network Policies", "Service",
 * "Virtual IPs"): all outcomes that it allows. It knows nothing of rules, sets and tables; it is written to be read, not to
 * be quick. Where the documentation leaves something to the plugin there are several.
 */
export function allowedOutcomes(world: ReachWorld, { from, to }: Probe): ReadonlySet<Outcome> {
  if (to.kind === "pod") return new Set(toPod(world, from, [addressOf(world, from)], to.pod, to.protocol, to.port));
  const service = world.services[to.service]!;
  const { protocol, targetPort } = service;
  const local = to.kind === "nodePort" ? service.externalTrafficPolicy : service.internalTrafficPolicy;
  const entered = to.kind === "nodePort" ? to.node : nodeOf(world, from)!;
  const ready = service.endpoints.filter(({ ready }) => ready);
  const chosen = local === "Local" ? ready.filter(({ pod }) => world.pods[pod]!.node === entered) : ready;
  // Without any endpoint the connection is refused, unless a policy comes before that; where only others have one, the
  // packet is dropped.
  if (chosen.length === 0) {
    const sender = from.kind === "pod" ? world.pods[from.pod]! : undefined;
    const isolated = sender && policiesFor(world, sender, "Egress").length > 0;
    return new Set(ready.length > 0 ? ["silent"] : isolated ? ["closed", "silent"] : ["closed"]);
  }
  // Whether policies see the client's address or that of a node that it came through is not defined.
  const seen = [addressOf(world, from), ...(entered === undefined ? [] : [nodeAddress(entered)])];
  const sources = from.kind === "pod" && to.kind === "service" ? seen.slice(0, 1) : seen;
  return new Set(chosen.flatMap(({ pod }) => toPod(world, from, sources, pod, protocol, targetPort, true)));
}

/** Every outcome that is right if the sender is seen with one of these addresses. */
function toPod(
  world: ReachWorld,
  from: Source,
  sources: readonly string[],
  to: number,
  protocol: Protocol,
  port: number,
  byService = false,
): Outcome[] {
  const target = world.pods[to]!;
  const listens = protocol === "TCP" && !target.hostNetwork && OPEN_PORTS.includes(port);
  const passed: Outcome = listens ? "open" : "closed";
  if (target.finished) return ["silent"];
  const verdicts = sources.map((source) => allowed(world, from, source, to, protocol, port));
  const outcomes: Outcome[] = verdicts.map((free) => (free ? passed : "silent"));
  // A Pod cannot block access to itself; a detour by a Service may be something else.
  if (byService && from.kind === "pod" && from.pod === to) outcomes.push(passed, "silent");
  // "Traffic to and from the node where a Pod is running is always allowed": of its egress plugins think otherwise.
  if (from.kind === "pod" && target.hostNetwork && world.pods[from.pod]!.node === target.node) outcomes.push(passed);
  return outcomes;
}

function allowed(
  world: ReachWorld,
  from: Source,
  source: string,
  to: number,
  protocol: Protocol,
  port: number,
): boolean {
  const target = world.pods[to]!;
  const sender = from.kind === "pod" ? world.pods[from.pod]! : undefined;
  if (sender && sender === target) return true;
  const sendable = !sender || sender.hostNetwork || egressAllows(world, sender, to, protocol, port);
  if (!sendable) return false;
  if (target.hostNetwork) return true;
  // Node processes, and Pods of the host's network, reach what runs on their node.
  if (onNode(world, from) === target.node) return true;
  return ingressAllows(world, target, sender?.hostNetwork ? undefined : sender, source, protocol, port);
}

function egressAllows(world: ReachWorld, sender: ReachPod, to: number, protocol: Protocol, port: number): boolean {
  const isolating = policiesFor(world, sender, "Egress");
  if (isolating.length === 0) return true;
  const target = world.pods[to]!;
  const peer = target.hostNetwork ? undefined : target;
  return isolating.some((policy) =>
    (policy.egress ?? []).some(
      (rule) =>
        isPeer(world, policy, rule.to, peer, podAddress(world, to)) && isPort(rule.ports, target, protocol, port),
    ),
  );
}

function ingressAllows(
  world: ReachWorld,
  target: ReachPod,
  sender: ReachPod | undefined,
  source: string,
  protocol: Protocol,
  port: number,
): boolean {
  const isolating = policiesFor(world, target, "Ingress");
  if (isolating.length === 0) return true;
  return isolating.some((policy) =>
    (policy.ingress ?? []).some(
      (rule) => isPeer(world, policy, rule.from, sender, source) && isPort(rule.ports, target, protocol, port),
    ),
  );
}

/** Policies that isolate a Pod in a direction. Without policyTypes: Ingress always, Egress if there is an egress rule. */
function policiesFor(world: ReachWorld, pod: ReachPod, type: "Ingress" | "Egress"): ReachPolicy[] {
  return world.policies.filter((policy) => {
    const types = policy.policyTypes ?? ["Ingress", ...((policy.egress ?? []).length > 0 ? ["Egress"] : [])];
    return policy.namespace === pod.namespace && types.includes(type) && selects(policy.podSelector, pod.labels);
  });
}

/** An empty or missing list of peers is everybody. */
function isPeer(
  world: ReachWorld,
  policy: ReachPolicy,
  peers: readonly NetworkPolicyPeer[] | undefined,
  pod: ReachPod | undefined,
  address: string,
): boolean {
  if (!peers || peers.length === 0) return true;
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock) return within(address, ipBlock.cidr) && !(ipBlock.except ?? []).some((part) => within(address, part));
    if (!pod) return false;
    const namespace = world.namespaces.find(({ name }) => name === pod.namespace)!;
    const rightNamespace = namespaceSelector
      ? selects(namespaceSelector, { ...namespace.labels, "kubernetes.io/metadata.name": namespace.name })
      : namespace.name === policy.namespace;
    return rightNamespace && (!podSelector || selects(podSelector, pod.labels));
  });
}

/** An empty or missing list of ports is every port. A name is that of a port of the target's containers. */
function isPort(
  ports: readonly NetworkPolicyPort[] | undefined,
  target: ReachPod,
  protocol: Protocol,
  port: number,
): boolean {
  if (!ports || ports.length === 0) return true;
  return ports.some((wish) => {
    if ((wish.protocol ?? "TCP") !== protocol) return false;
    if (wish.port === undefined) return true;
    if (typeof wish.port === "number") return port >= wish.port && port <= (wish.endPort ?? wish.port);
    // Pods of the host's network are not known by their names.
    if (target.hostNetwork) return false;
    return target.ports.some(
      (own) => own.name === wish.port && own.protocol === protocol && own.containerPort === port,
    );
  });
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  const own = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  for (const [key, value] of Object.entries(matchLabels)) if (own(key) !== value) return false;
  return matchExpressions.every(({ key, operator, values = [] }) => {
    const value = own(key);
    if (operator === "In") return value !== undefined && values.includes(value);
    if (operator === "NotIn") return value === undefined || !values.includes(value);
    return operator === "Exists" ? value !== undefined : value === undefined;
  });
}

function within(address: string, cidr: string): boolean {
  const [net, length] = cidr.split("/") as [string, string];
  const bits = (text: string): string =>
    text
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  return bits(address).slice(0, Number(length)) === bits(net).slice(0, Number(length));
}

function addressOf(world: ReachWorld, from: Source): string {
  if (from.kind === "pod") return podAddress(world, from.pod);
  return from.kind === "node" ? nodeAddress(from.node) : OUTSIDE;
}

/** The node that a sender's packets set out from. */
function nodeOf(world: ReachWorld, from: Source): string | undefined {
  if (from.kind === "pod") return world.pods[from.pod]!.node;
  return from.kind === "node" ? from.node : undefined;
}

/** The node that a sender is a process of. */
function onNode(world: ReachWorld, from: Source): string | undefined {
  if (from.kind === "pod") return world.pods[from.pod]!.hostNetwork ? world.pods[from.pod]!.node : undefined;
  return from.kind === "node" ? from.node : undefined;
}
