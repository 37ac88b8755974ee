import type { Namespace } from "../../server/sim/net/index.ts";
import type { Host } from "../../server/sim/host/index.ts";
import { KUBEADM_SETTINGS, type Pod } from "../../server/sim/kube/api/index.ts";
import type { Cluster } from "../../server/sim/kube/cluster/cluster.ts";
import type { World } from "../../server/sim/world/index.ts";
import { Broken } from "../broken.ts";
import type { Place as PlaceSpec, Source } from "../checks/names.ts";
import { Objects } from "./objects.ts";
import type { Place } from "./place.ts";

/** A world as a check sees it: its machines, network and cluster, by the names that labs use. */
export class Scene {
  readonly world: World;
  readonly #cluster: Cluster | undefined;
  #objects: Objects | undefined;

  constructor(world: World) {
    this.world = world;
    this.#cluster = world.clusters.list()[0];
  }

  /** The objects of the lab's cluster. */
  get objects(): Objects {
    if (!this.#cluster) throw new Broken("this lab has no cluster");
    return (this.#objects ??= new Objects(this.#cluster.api));
  }

  /** The ranges that its API server gives Services addresses from. */
  get serviceCidrs(): readonly string[] {
    return this.#cluster ? (this.#cluster.row.settings ?? KUBEADM_SETTINGS).serviceCidrs : [];
  }

  get hasCluster(): boolean {
    return this.#cluster !== undefined;
  }

  /** The places that a source names. None: there is no such Pod, which is the learner's business. */
  places(source: Source): readonly Place[] {
    if (typeof source === "string") return [this.machine(source)];
    if ("host" in source) return this.#hasNetns(source) ? [this.machine(source.host, source.netns)] : [];
    if ("pod" in source) {
      const pod = this.objects.pod(source.namespace, source.pod);
      return pod ? this.#podPlaces([pod], source.container) : [];
    }
    return this.#podPlaces(
      "pods" in source ? this.objects.podsOf(source.namespace, source.pods) : this.objects.pods(source.namespace),
    );
  }

  place(spec: PlaceSpec): Place | undefined {
    return this.places(spec)[0];
  }

  /** Why `place` has none: what a learner has not made, or has lost. */
  absent(spec: PlaceSpec): string {
    if (typeof spec === "object" && "host" in spec) return `${spec.host} has no network namespace ${spec.netns}`;
    return "the Pod does not exist or does not run";
  }

  #hasNetns({ host, netns }: { readonly host: string; readonly netns?: string | undefined }): boolean {
    return netns === undefined || this.world.network.named(this.machine(host).host.name, netns) !== undefined;
  }

  machine(name: string, netns?: string): Place {
    const { hosts, network } = this.world;
    const host = hosts.machines().find((machine) => machine.name === name)?.host;
    if (!host) {
      const names = hosts.machines().map((machine) => machine.name);
      throw new Broken(`this lab has no machine ${JSON.stringify(name)}; there are ${names.join(", ")}`);
    }
    const own = network.namespace(host.netns);
    const login = this.#knowsByName(name) ? undefined : firstAddress(own);
    const base = {
      host,
      ...(host === this.#terminal ? { atTerminal: true as const } : {}),
      ...(login === undefined ? {} : { login }),
    };
    if (netns === undefined) return { ...base, name, address: firstAddress(own), ns: own };
    const ns = network.named(name, netns);
    if (!ns) throw new Broken(`${name} has no network namespace ${JSON.stringify(netns)}`);
    return { ...base, name: `netns ${netns} on ${name}`, address: firstAddress(ns), ns, netns };
  }

  /** The machine that a lab's terminals start on: the control plane, or the first one that somebody can work at. */
  get #terminal(): Host | undefined {
    const machines = this.world.hosts.machines();
    const [first] = machines.filter(({ row }) => row.profile !== "appliance");
    return (this.#cluster ? machines.find(({ name }) => name === "controlplane") : first)?.host;
  }

  /** The machine that terminals start on finds another by its name: a node, or one in its /etc/hosts. */
  #knowsByName(name: string): boolean {
    if (this.#cluster && this.objects.nodes().some(({ metadata }) => metadata.name === name)) return true;
    return (this.#terminal?.readText("/etc/hosts") ?? "")
      .split("\n")
      .some((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(1).includes(name));
  }

  /** The Pod whose container a process or a network namespace belongs to. */
  podBehind(ns: Namespace, pid: number | undefined): Pod | undefined {
    if (!this.#cluster) return undefined;
    const row = pid === undefined ? undefined : this.world.hosts.machine(ns.machine).process(pid);
    const pods = this.objects.pods();
    const byContainer = row && pods.find((pod) => containerIds(pod).includes(row.host));
    if (byContainer || ns.id === ns.machine) return byContainer;
    const own = new Set(localAddresses(ns));
    return pods.find(({ spec, status }) => !spec.hostNetwork && own.has(status.podIP ?? ""));
  }

  /** Pods with a running container; the others send nothing. */
  #podPlaces(pods: readonly Pod[], container?: string): Place[] {
    return pods.flatMap((pod) => {
      const found = this.#container(pod, container);
      if (!found) return [];
      const ns = this.world.network.find(found.host.netns);
      if (!ns) return [];
      const { name } = pod.metadata;
      return [{ name: `Pod ${name}`, address: pod.status.podIP, host: found.host, ns, pod, container: found.name }];
    });
  }

  #container(pod: Pod, wanted: string | undefined): { readonly name: string; readonly host: Host } | undefined {
    for (const { name, containerID = "", state } of pod.status.containerStatuses ?? []) {
      if (wanted !== undefined && name !== wanted) continue;
      const host = state?.running ? this.world.hosts.host(idOf(containerID)) : undefined;
      if (host) return { name, host };
    }
    return undefined;
  }
}

/** `containerd://‹id›`, whose id is the container's name as a host. */
function idOf(containerID: string): string {
  return containerID.slice(containerID.indexOf("://") + 3);
}

function containerIds({ status }: Pod): string[] {
  return (status.containerStatuses ?? []).map(({ containerID = "" }) => idOf(containerID));
}

/** All addresses of a namespace but those of lo. */
export function localAddresses(ns: Namespace): string[] {
  const texts = [...ns.addresses.values()].flatMap((rows) => rows.map((row) => row.local));
  return texts.filter((text) => !text.startsWith("127.") && !text.startsWith("fe80:") && text !== "::1");
}

function firstAddress(ns: Namespace): string | undefined {
  return localAddresses(ns)[0];
}
