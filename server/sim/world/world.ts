import {
  Kernel,
  run,
  settle,
  type KernelOptions,
  type KernelSnapshot,
  type SharedRows,
  type Time,
} from "../kernel/index.ts";
import { bindServices, Hosts, type Profile, type ProgramRegistry } from "../host/index.ts";
import { bindInternet, bindNetwork, bindSshd, bindSystemdResolved, Network } from "../net/index.ts";
import { bindKubeApiserver } from "../kube/components/kube-apiserver/kube-apiserver.ts";
import { bindEtcd } from "../kube/components/etcd.ts";
import { provideClusters, type Clusters } from "../kube/cluster/cluster.ts";

export interface WorldCode {
  readonly programs: ProgramRegistry;
  readonly profiles: readonly Profile[];
}

/** Machines, the networks between them, the clusters on them, and one clock. */
export class World {
  readonly kernel: Kernel;
  readonly hosts: Hosts;
  readonly network: Network;
  readonly clusters: Clusters;
  readonly #code: WorldCode;

  private constructor(kernel: Kernel, code: WorldCode) {
    this.kernel = kernel;
    this.#code = code;
    this.hosts = new Hosts(kernel, code.programs, code.profiles);
    this.network = new Network(kernel);
    bindServices(this.hosts);
    bindNetwork(this.hosts, this.network);
    this.clusters = provideClusters(this.hosts);
    bindSystemdResolved(this.hosts);
    bindSshd(this.hosts);
    bindInternet(this.hosts);
    bindEtcd(this.hosts);
    bindKubeApiserver(this.hosts);
  }

  /** An empty world. */
  static create(code: WorldCode, options: KernelOptions): World {
    return new World(new Kernel(options), code);
  }

  /** A world that goes on from a snapshot. */
  static restore(code: WorldCode, snapshot: KernelSnapshot, options: Pick<KernelOptions, "turn" | "limits">): World {
    const shared = (name: string): SharedRows => {
      const profile = code.profiles.find((candidate) => candidate.files.name === name);
      if (!profile) throw new Error(`the snapshot needs the files of ${name}`);
      return profile.files as unknown as SharedRows;
    };
    return new World(Kernel.restore(snapshot, options, shared), code);
  }

  /** A world of its own with the same state: what happens in it does not happen here. Running programs stay behind. */
  fork(): World {
    return new World(this.kernel.fork(), this.#code);
  }

  snapshot(): KernelSnapshot {
    return this.kernel.snapshot();
  }

  get now(): Time {
    return this.kernel.now;
  }

  /** Runs in virtual time until nothing converges; false if that was not enough. */
  settle(): Promise<boolean> {
    return settle(this.kernel);
  }

  /** Runs in virtual time until `done`, at most to `limit`. */
  async run(done: () => boolean, limit: Time): Promise<boolean> {
    return (await run(this.kernel, done, limit)) === "done";
  }
}
