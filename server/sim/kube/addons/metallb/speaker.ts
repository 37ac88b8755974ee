import { createHash } from "node:crypto";
import {
  announceAddress, deleteResponder, listLinks, namespaceOf, parseAddress, putResponder, type LinkRow,
} from "../../../net/index.ts"; // prettier-ignore
import { EventRecorder, referenceTo, type Client, type EndpointSlice, type Service } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { endpointSlices, events, nodes, services } from "../../kinds/index.ts";
import { advertisementFor, isIn, resources, type Advertisement, type Pool } from "./pools.ts";
import { writeLayer2Status } from "./layer2-status.ts";
import { logLine, type Member } from "./members.ts";

/** Links that are not the node's own network (ConfigMap metallb-excludel2). */
const EXCLUDED = /^(?:docker|cbr|dummy|virbr|lxcbr|veth|lo$|cali|tunl|flannel|kube-ipvs|cni|nodelocaldns|lxc)/;
const EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Answers ARP for the addresses that this node has been chosen for (speaker/layer2_controller.go). */
export function announce(member: Member, client: Client, cluster: Cluster, speakers: readonly string[]): void {
  const { row, self } = member;
  const ns = namespaceOf(self);
  const pools = resources<Pool>(cluster, "ipaddresspools");
  const advertisements = resources<Advertisement>(cluster, "l2advertisements");
  const recorder = new EventRecorder(client, events, { component: "metallb-speaker" });
  const wanted = new Map<string, { service: Service; links: readonly LinkRow[]; named: readonly string[] }>();
  for (const service of client.list(services)) {
    const address = service.spec.type === "LoadBalancer" ? service.status?.loadBalancer?.ingress?.[0]?.ip : undefined;
    const parsed = address === undefined ? undefined : parseAddress(address);
    const pool = parsed === undefined ? undefined : pools.find((one) => isIn(one, parsed));
    if (address === undefined || !pool || elected(service, address, pool, advertisements, client, speakers) !== row.node) continue; // prettier-ignore
    const names = advertisementFor(pool, row.node, advertisements, client)?.spec?.interfaces ?? [];
    const links = listLinks(ns).filter(({ name, up }) => up && (names.length > 0 ? names.includes(name) : !EXCLUDED.test(name))); // prettier-ignore
    wanted.set(address, { service, links, named: names.length === 0 ? [] : links.map(({ name }) => name) });
  }
  const announced: Record<string, string> = {};
  for (const [address, { service, links }] of wanted) {
    const key = `${service.metadata.namespace}/${service.metadata.name}`;
    announced[address] = key;
    for (const link of links) putResponder(ns, { link: link.index, address, pid: self.pid });
    if (row.announced[address] !== undefined) continue;
    for (const link of links) announceAddress(ns, link, address);
    const pool = service.metadata.annotations?.["metallb.io/ip-allocated-from-pool"] ?? "";
    logLine(member, { caller: "main.go:425", event: "serviceAnnounced", ips: [address], level: "info", msg: "service has IP, announcing", pool, protocol: "layer2" }); // prettier-ignore
    recorder.event(referenceTo(services, service), "Normal", "nodeAssigned", `announcing from node "${row.node}" with protocol "layer2"`); // prettier-ignore
  }
  for (const address of Object.keys(row.announced)) {
    if (wanted.has(address)) continue;
    withdraw(member, address);
    logLine(member, { caller: "main.go:455", event: "serviceWithdrawn", ip: null, ips: [address], level: "info", msg: "withdrawing service announcement", pool: "", protocol: "layer2", reason: "notOwner" }); // prettier-ignore
  }
  member.change({ announced });
  const told = [...wanted.values()].map(({ service: { metadata }, named }) => [`${metadata.namespace}/${metadata.name}`, named] as const); // prettier-ignore
  writeLayer2Status(member, client, cluster, new Map(told));
}

export function withdraw({ self }: Member, address: string): void {
  const ns = namespaceOf(self);
  for (const { index } of listLinks(ns)) deleteResponder(ns, { link: index, address, pid: self.pid });
}

/** The node that answers: the first by a hash over its name and the address (ShouldAnnounce). */
function elected(
  service: Service,
  address: string,
  pool: Pool,
  advertisements: readonly Advertisement[],
  client: Client,
  speakers: readonly string[],
): string | undefined {
  // prettier-ignore
  const slices = client.selected(endpointSlices, service.metadata.namespace ?? "", [{ key: "kubernetes.io/service-name", operator: "=", values: [service.metadata.name] }]); // prettier-ignore
  const ready = slices.flatMap(readyNodes);
  if (ready.length === 0) return undefined;
  const local = service.spec.externalTrafficPolicy === "Local";
  const hash = (node: string): string => createHash("sha256").update(`${node}#${address}`).digest("hex");
  const [first] = speakers
    .filter((node) => (!local || ready.includes(node)) && mayServe(node, client))
    .filter((node) => advertisementFor(pool, node, advertisements, client) !== undefined)
    .toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
  return first;
}

function readyNodes({ endpoints }: EndpointSlice): string[] {
  return (endpoints ?? []).flatMap(({ conditions, nodeName }) => (conditions?.ready === false ? [] : [nodeName ?? ""]));
}

/** Nodes that are there, and do not say that they are left out. */
function mayServe(name: string, client: Client): boolean {
  const node = client.get(nodes, "", name);
  if (!node || node.metadata.labels?.[EXCLUDE_LABEL] !== undefined) return false;
  return (
    node.status?.conditions?.every(({ type, status }) => type !== "NetworkUnavailable" || status !== "True") ?? true
  );
}
