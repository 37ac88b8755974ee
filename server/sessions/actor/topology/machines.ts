import { commandAt, type Scene } from "../../../../grader/index.ts";
import { anyKind, type Node } from "../../../sim/kube/api/index.ts";
import { nodes } from "../../../sim/kube/kinds/index.ts";
import {
  addressesOf,
  listLinks,
  listRoutes,
  lowerOf,
  peerOf,
  readSysctl,
  routeText,
  TABLE_MAIN,
  type LinkRow,
  type Namespace,
} from "../../../sim/net/index.ts";
import type { Machine as SimMachine } from "../../../sim/host/index.ts";
import type { Topology } from "../../protocol/index.ts";
import type { Cut } from "./cut.ts";

type Machine = Topology["machines"][number];
type Space = Machine["spaces"][number];

/** All machines with their network namespaces; those of Pods are shown as Pods. */
export function machinesOf(scene: Scene, cut: Cut): Machine[] {
  const statuses = nodeStatuses(scene);
  return cut("machines", scene.world.hosts.machines()).map((machine) => machineOf(scene, machine, statuses, cut));
}

function machineOf(
  scene: Scene,
  machine: SimMachine,
  statuses: ReadonlyMap<string, string>,
  cut: Cut,
): Topology["machines"][number] {
  const { name } = machine;
  const status = statuses.get(name) ?? null;
  const device = machine.row.profile === "appliance";
  const spaces = spacesOn(scene, name).map((ns) => spaceOf(scene, name, ns, device, cut));
  return {
    name,
    kind: status !== null ? "node" : device ? "device" : "host",
    status,
    spaces,
    see: status === null ? spaces[0]!.see : `kubectl describe node ${name}`,
  };
}

/** The machine's own namespace first. */
function spacesOn(scene: Scene, machine: string): Namespace[] {
  const { network, hosts } = scene.world;
  const own = network.namespace(hosts.machine(machine).host.netns);
  const others = [...network.namespaces.values()].filter(
    ({ id, machine: on, label = "" }) => on === machine && id !== own.id && !label.startsWith("Pod "),
  );
  return [own, ...others.map(({ id }) => network.namespace(id))];
}

function spaceOf(scene: Scene, machine: string, ns: Namespace, device: boolean, cut: Cut): Space {
  const own = ns.id === scene.world.hosts.machine(machine).host.netns;
  const command = (text: string): string => (device ? pingOf(ns) : commandIn(scene, machine, ns, own, text));
  const forwarding = readSysctl(ns, "net/ipv4/ip_forward");
  return {
    name: own ? "" : ns.title,
    links: cut(`links of ${machine}`, listLinks(ns).filter(isShown)).map((link) => ({
      name: link.name,
      kind: KINDS[link.kind] ?? link.kind,
      up: link.up && link.carrier,
      addresses: addressesOf(ns, link.index)
        .filter(({ scope }) => scope !== "link" && scope !== "host")
        .map(({ local, length }) => `${local}/${length}`),
      to: neighbourWords(ns, link),
      peer: otherEnd(ns, link),
      master: (link.master === undefined ? undefined : ns.links.get(link.master)?.name) ?? null,
      network: (link.kind === "physical" ? link.segment : undefined) ?? null,
      see: command(`ip -d addr show ${link.name}`),
    })),
    routes: cut(
      `routes of ${machine}`,
      listRoutes(ns, 4).filter(({ table }) => table === TABLE_MAIN),
    ).map((row) => routeText(ns, row)),
    forwards: forwarding.ok && forwarding.value === "1",
    see: command("ip addr"),
  };
}

const KINDS: Readonly<Record<string, string>> = { physical: "card" };

function isShown({ kind }: LinkRow): boolean {
  return kind !== "loopback";
}

function commandIn(scene: Scene, machine: string, ns: Namespace, own: boolean, command: string): string {
  const { name } = ns.row;
  if (own || name !== undefined) return commandAt(scene.machine(machine, own ? undefined : name), command);
  const container = /^container (\S+)$/.exec(ns.title)?.[1];
  return container === undefined ? "lsns -t net" : `docker exec ${container} ${command}`;
}

/** Nobody logs in to a device: one sees that it answers. */
function pingOf(ns: Namespace): string {
  const [first] = [...ns.addresses.values()].flat().filter(({ scope, family }) => scope === "global" && family === 4);
  return first ? `ping -c 1 ${first.local}` : "ip route";
}

/** The link that this one ends at or stands on, by machine, namespace and name; a Pod by its own. */
function otherEnd(ns: Namespace, link: LinkRow): string | null {
  const other =
    link.kind === "veth"
      ? peerOf(ns, link)
      : link.kind === "macvlan" || link.kind === "vlan"
        ? lowerOf(ns, link)
        : undefined;
  if (!other) return null;
  const pod = /^Pod (\S+)$/.exec(other.ns.title)?.[1];
  return pod === undefined ? `${other.ns.machine}/${other.ns.title}/${other.link.name}` : `pod:${pod}`;
}

function neighbourWords(ns: Namespace, link: LinkRow): string {
  const words: string[] = [];
  const other = link.kind === "veth" ? peerOf(ns, link) : undefined;
  if (other) words.push(other.ns === ns ? other.link.name : `${other.link.name} in ${spaceWords(other.ns)}`);
  if (link.kind === "macvlan" || link.kind === "vlan") words.push(`on ${lowerOf(ns, link)?.link.name ?? "nothing"}`);
  if (link.kind === "physical") words.push(link.segment === undefined ? "not plugged in" : `network ${link.segment}`);
  if (link.kind === "vxlan") words.push(`VNI ${link.id}`);
  if (link.kind === "ipip" && link.remote !== undefined) words.push(`to ${link.remote}`);
  const master = link.master === undefined ? undefined : ns.links.get(link.master);
  if (master) words.push(`port of ${master.name}`);
  return words.join(", ");
}

function spaceWords(ns: Namespace): string {
  if (ns.title === "") return ns.machine;
  return /^(Pod|container) /.test(ns.title) ? ns.title : `netns ${ns.title}`;
}

function nodeStatuses(scene: Scene): ReadonlyMap<string, string> {
  const [cluster] = scene.world.clusters.list();
  if (!cluster) return new Map();
  const list = cluster.api.store.list(anyKind(nodes)) as readonly Node[];
  return new Map(
    list.map(({ metadata, spec, status }) => {
      const ready = status.conditions?.find(({ type }) => type === "Ready");
      const text = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
      return [metadata.name, spec.unschedulable ? `${text},SchedulingDisabled` : text];
    }),
  );
}

/** Networks between machines, with the cards that are plugged in. */
export function networksOf({ world: { network } }: Scene): Topology["networks"] {
  return [...network.segments.values()].map(({ name, cards }) => ({
    name,
    cards: cards.flatMap(({ namespace, index }) => {
      const ns = network.find(namespace);
      const link = ns?.links.get(index);
      return ns && link ? [`${ns.machine} ${link.name}`] : [];
    }),
  }));
}
