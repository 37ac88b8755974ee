import type { Topology } from "../../../server/sessions/protocol/index.ts";
import { keyOf, type Cluster, type Key, type Machine, type Pod } from "./picture.ts";

export interface Facts {
  /** `Pod`, `Service`, `bridge`. */
  readonly kind: string;
  readonly name: string;
  /** In the order in which they are read; a value of several lines is a list. */
  readonly rows: readonly (readonly [label: string, values: readonly string[]])[];
  /** The command that shows it. */
  readonly see: string;
}

/** What is known of a thing; undefined if it is gone. */
export function factsOf(topology: Topology, key: Key): Facts | undefined {
  const { machines, networks, cluster } = topology;
  for (const machine of machines) {
    if (keyOf.machine(machine.name) === key) return machineFacts(machine, cluster);
    const found = linkFacts(machine, key);
    if (found) return found;
  }
  const network = networks.find(({ name }) => keyOf.network(name) === key);
  if (network) return { kind: "Network", name: network.name, rows: row("Plugged in", network.cards), see: "ip route" };
  return cluster ? objectFacts(cluster, key) : undefined;
}

function objectFacts(cluster: Cluster, key: Key): Facts | undefined {
  const pod = cluster.pods.find(({ id }) => keyOf.pod(id) === key);
  if (pod) return podFacts(pod, cluster);
  const service = cluster.services.find(({ id }) => keyOf.service(id) === key);
  if (service) {
    const { id, type, address, outside, ports, endpoints, see } = service;
    const rows = [
      ...row("Type", [type]),
      ...row("Address", [address]),
      ...row("Outside", outside),
      ...row("Ports", ports),
      ...row("Endpoints", endpoints.length === 0 ? ["none"] : endpoints.map(endpointWords)),
      ...row(
        "By name from outside",
        cluster.ways
          .filter(({ rules }) => rules.some((rule) => rule.service === id))
          .map((way) => `${way.kind} ${way.id}`),
      ),
    ];
    return { kind: "Service", name: id, rows, see };
  }
  const policy = cluster.policies.find(({ id }) => keyOf.policy(id) === key);
  if (policy) {
    const { id, selects, ingress, egress, see } = policy;
    const rows = [
      ...row("Selects", selects.length === 0 ? ["no Pod"] : selects),
      ...row("Lets in", ruleWords(ingress, "nobody")),
      ...row("Lets out", ruleWords(egress, "nothing")),
    ];
    return { kind: "NetworkPolicy", name: id, rows, see };
  }
  const way = cluster.ways.find((each) => keyOf.way(each) === key);
  if (!way) return undefined;
  const rows = [
    ...row("By", [way.by]),
    ...row("Addresses", way.addresses.length === 0 ? ["none yet"] : way.addresses),
    ...row(
      "Rules",
      way.rules.map(({ match, service, port }) => `${match} → ${service ?? "nothing"}${port === "" ? "" : `:${port}`}`),
    ),
  ];
  return { kind: way.kind, name: way.id, rows, see: way.see };
}

function podFacts({ id, node, status, ready, ip, onHost, see }: Pod, { services, policies }: Cluster): Facts {
  const rows = [
    ...row("Status", [ready ? `${status}, ready` : `${status}, not ready`]),
    ...row("Address", [ip === null ? "none" : onHost ? `${ip} (its node's)` : ip]),
    ...row("Node", [node ?? "none yet"]),
    ...row(
      "Services",
      services.filter(({ endpoints }) => endpoints.some(({ pod }) => pod === id)).map(({ id: service }) => service),
    ),
    ...row(
      "Network policies",
      policies.filter(({ selects }) => selects.includes(id)).map(({ id: policy }) => policy),
    ),
  ];
  return { kind: "Pod", name: id, rows, see };
}

function machineFacts({ name, kind, status, spaces, see }: Machine, cluster: Cluster | null): Facts {
  const pods = cluster?.pods.filter(({ node }) => node === name) ?? [];
  const rows = [
    ...row("Status", status === null ? [] : [status]),
    ...row("Pods", kind === "node" ? [String(pods.length)] : []),
    ...spaces.flatMap((space) => {
      const where = space.name === "" ? "" : ` in ${space.name}`;
      return [
        ...row(
          `Links${where}`,
          space.links
            .filter(({ peer }) => !peer?.startsWith("pod:"))
            .map(({ name: link, up, addresses }) => [link, ...addresses, ...(up ? [] : ["(down)"])].join(" ")),
        ),
        ...row(`Routes${where}`, space.routes),
        ...row(`Forwards${where}`, [space.forwards ? "yes (ip_forward = 1)" : "no (ip_forward = 0)"]),
      ];
    }),
  ];
  return { kind: MACHINES[kind], name, rows, see };
}

const MACHINES = { node: "Node", host: "Host", device: "Device" } as const;

function linkFacts({ name: machine, spaces }: Machine, key: Key): Facts | undefined {
  for (const space of spaces)
    for (const { name, kind, up, addresses, to, see } of space.links) {
      if (keyOf.link(machine, space.name, name) !== key) continue;
      const ports = space.links.filter(({ master }) => master === name);
      const rows = [
        ...row("On", [space.name === "" ? machine : `${machine}, ${space.name}`]),
        ...row("State", [up ? "up" : "down"]),
        ...row("Addresses", addresses.length === 0 ? ["none"] : addresses),
        ...row("Connected", to === "" ? [] : [to]),
        ...row(
          "Ports",
          ports.map(({ name: port, to: other }) =>
            [port, other.replace(/(, )?port of .*/, "")].filter(Boolean).join(", "),
          ),
        ),
      ];
      return { kind, name, rows, see };
    }
  return undefined;
}

function row(label: string, values: readonly string[]): Facts["rows"] {
  return values.length === 0 ? [] : [[label, values]];
}

function endpointWords({ pod, address, ready }: Cluster["services"][number]["endpoints"][number]): string {
  return `${address}${pod === null ? "" : ` ${pod}`}${ready ? "" : " (not ready)"}`;
}

function ruleWords(rules: Cluster["policies"][number]["ingress"], nobody: string): string[] {
  if (rules === null) return [];
  return rules.length === 0 ? [nobody] : rules.map(({ words }) => words);
}
