import { checkSizes } from "./volumes/size-limit.ts";
import { Part, type ExitStatus, type Hosts, type Machine } from "../../host/index.ts";
import { MILLISECOND, type Duration } from "../../kernel/index.ts";
import { clustersOf, type Cluster } from "../cluster/cluster.ts";
import { configMaps, pods, secrets } from "../kinds/index.ts";
import type { ObjectChange, Pod } from "../api/index.ts";
import { askForCertificate } from "./bootstrap.ts";
import { connect, tick } from "./connect.ts";
import type { Outcome } from "./cri/api.ts";
import { containerdOf } from "./cri/runtimes.ts";
import { watchChains } from "./node/chains.ts";
import { Kubelet } from "./kubelet.ts";
import { updateNodeStatus } from "./node/register.ts";
import { PLEG, wake, wakeAll } from "./pods/queue.ts";
import { answered, run } from "./pods/worker.ts";
import { commandEnded, containersChanged, probeDue } from "./probes/workers.ts";
import { EVENTS } from "./row.ts";
import { serveKubelet } from "./server/sockets.ts";
import { serveStreams } from "./server/streams.ts";
import { readManifests } from "./sources/manifests.ts";
import { podWritten } from "./sources/pods.ts";
import { objectChanged, remount } from "./volumes/refresh.ts";

/** From a file event in the directory of manifests to the Pods. */
const MANIFEST_DELAY: Duration = 100 * MILLISECOND;
/** From news of the runtime to the node's status. */
const NODE_DELAY: Duration = 100 * MILLISECOND;

const KUBELETS = new Part<Kubelets>("kubelets");

class Kubelets {
  readonly #hosts: Hosts;
  readonly #views = new Map<string, Kubelet>();
  readonly #watched = new Set<string>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
  }

  of(machine: string): Kubelet {
    let view = this.#views.get(machine);
    if (!view) {
      view = new Kubelet(this.#hosts.machine(machine), containerdOf(this.#hosts.machine(machine)));
      this.#views.set(machine, view);
      this.watch(view);
    }
    return view;
  }

  /** The kubelets that run. */
  *running(): Iterable<Kubelet> {
    for (const view of this.#views.values()) if (view.row) yield view;
  }

  /** Watches the directory of manifests, which another configuration may have put elsewhere. */
  watch(kubelet: Kubelet): void {
    const { name } = kubelet.machine;
    const path = kubelet.row?.settings.staticPodPath ?? "";
    if (path === "" || this.#watched.has(`${name} ${path}`)) return;
    this.#watched.add(`${name} ${path}`);
    this.#hosts.watchDirectory(name, path, () => {
      if (kubelet.row?.settings.staticPodPath !== path || kubelet.row.manifestsChanged) return;
      kubelet.update({ manifestsChanged: true });
      kubelet.after(MANIFEST_DELAY, EVENTS.manifests, {});
    });
  }

  /** The kubelet that is this process, if one is. */
  kubeletAt(host: string, pid: number): Kubelet | undefined {
    const machine = this.#hosts.host(host)?.machine.name;
    const kubelet = machine === undefined ? undefined : this.of(machine);
    return kubelet?.row?.pid === pid ? kubelet : undefined;
  }

  /** What a cluster's API server writes reaches the kubelets that watch it. */
  join(cluster: Cluster): void {
    const watchers = function* (kubelets: Kubelets): Iterable<Kubelet> {
      for (const kubelet of kubelets.running())
        if (kubelet.row!.cluster === cluster.name && kubelet.row!.connected) yield kubelet;
    };
    const { store } = cluster.api;
    store.listen(pods as never, (change) => {
      const written = change as unknown as ObjectChange<Pod>;
      const node = written.object.spec.nodeName;
      if (!node) return;
      for (const kubelet of watchers(this)) if (kubelet.row!.nodeName === node) podWritten(kubelet, written);
    });
    for (const kind of [configMaps, secrets])
      store.listen(kind, ({ object }) => {
        for (const kubelet of watchers(this))
          objectChanged(kubelet, kind.kind === "Secret" ? "secret" : "configMap", object.metadata);
      });
  }
}

/** A kubelet has started: its directory of manifests is watched from now on. */
export function watchManifests(kubelet: Kubelet): void {
  kubelet.machine.hosts.part(KUBELETS).watch(kubelet);
}

export function kubeletOf(machine: Machine): Kubelet {
  return machine.hosts.part(KUBELETS).of(machine.name);
}

/** The runtime tells of a Pod's containers, or of itself. */
export function runtimeNews(hosts: Hosts): {
  podChanged(machine: string, uid: string): void;
  stateChanged(machine: string): void;
} {
  const find = (machine: string): Kubelet | undefined => {
    const kubelet = hosts.part(KUBELETS).of(machine);
    return kubelet.row ? kubelet : undefined;
  };
  return {
    podChanged(machine, uid) {
      const kubelet = find(machine);
      if (!kubelet) return;
      wake(kubelet, uid, PLEG);
      const row = kubelet.pods.get(uid);
      if (row) containersChanged(kubelet, row);
    },
    stateChanged(machine) {
      find(machine)?.after(NODE_DELAY, EVENTS.node, {});
    },
  };
}

/**
 * Gives a world's machines their kubelets. Once per world, again after restore and fork; after the network, the clusters and
 * the container runtimes are bound.
 */
export function bindKubelet(hosts: Hosts): void {
  const kubelets = new Kubelets(hosts);
  hosts.provide(KUBELETS, kubelets);
  const { kernel } = hosts;
  const on = <Args extends { readonly machine: string }>(
    kind: string,
    handle: (kubelet: Kubelet, args: Args) => void,
  ): void =>
    kernel.handle<Args>(kind, (args) => {
      const kubelet = kubelets.of(args.machine);
      if (!kubelet.row || hosts.postpones(args.machine, kubelet.row.pid, kind, args)) return;
      handle(kubelet, args);
    });
  hosts.onProcessPause({
    paused: ({ host, pid }) => kubelets.kubeletAt(host, pid)?.paused(),
    continued: ({ host, pid }) => kubelets.kubeletAt(host, pid)?.continued(),
  });
  type Of<Args> = { readonly machine: string } & Args;
  on<Of<{ uid: string; found?: boolean }>>(EVENTS.sync, (kubelet, { uid, found }) => run(kubelet, uid, found));
  on<Of<{ uid: string; token: number; part?: string; outcome: Outcome }>>(EVENTS.done, answered);
  on<Of<object>>(EVENTS.manifests, readManifests);
  on<Of<{ pid: number }>>(EVENTS.connect, (kubelet, { pid }) => {
    if (kubelet.running.pid === pid) connect(kubelet);
  });
  on<Of<{ pid: number }>>(EVENTS.bootstrap, (kubelet, { pid }) => {
    if (kubelet.running.pid === pid) askForCertificate(kubelet);
  });
  on<Of<{ pid: number }>>(EVENTS.tick, (kubelet, { pid }) => {
    if (kubelet.running.pid === pid) tick(kubelet);
  });
  on<Of<{ pid: number }>>(EVENTS.chains, (kubelet, { pid }) => {
    if (kubelet.running.pid === pid) watchChains(kubelet);
  });
  on<Of<{ uid: string }>>(EVENTS.sizes, (kubelet, { uid }) => checkSizes(kubelet, uid));
  on<Of<{ key: string }>>(EVENTS.probe, (kubelet, { key }) => probeDue(kubelet, key));
  on<Of<{ key: string; container: string; outcome: Outcome }>>(EVENTS.probed, (kubelet, { key, container, outcome }) =>
    commandEnded(kubelet, key, container, outcome),
  );
  on<Of<object>>(EVENTS.node, (kubelet) => {
    updateNodeStatus(kubelet);
    if (kubelet.runtime.serving) wakeAll(kubelet);
  });
  on<Of<{ uid: string }>>(EVENTS.remount, (kubelet, { uid }) => remount(kubelet, uid));
  on<Of<{ exec: number; status: ExitStatus }>>(EVENTS.execEnded, (kubelet, { exec, status }) =>
    kubelet.execEnded(exec, status),
  );
  serveKubelet(hosts, (machine) => kubelets.of(machine));
  for (const machine of hosts.machines()) kubelets.of(machine.name);
  clustersOf(hosts).each((cluster) => {
    kubelets.join(cluster);
    serveStreams(cluster, (machine) => kubelets.of(machine));
  });
}
