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
import { bindImages, imageFiles } from "../images/index.ts";
import { bindAddons } from "../kube/addons/index.ts";
import { bindComponents } from "../kube/components/index.ts";
import { bindContainerd, bindKubelet } from "../kube/kubelet/index.ts";
import { provideClusters, type Clusters } from "../kube/cluster/cluster.ts";

export interface WorldCode {
  readonly programs: ProgramRegistry;
  readonly profiles: readonly Profile[];
  /** Hears of programs that threw what they should not have thrown. */
  readonly reportBug?: (program: string, error: unknown) => void;
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
    if (code.reportBug) this.hosts.reportBug = code.reportBug;
    this.network = new Network(kernel);
    bindServices(this.hosts);
    bindNetwork(this.hosts, this.network);
    this.clusters = provideClusters(this.hosts);
    bindSystemdResolved(this.hosts);
    bindSshd(this.hosts);
    bindInternet(this.hosts);
    bindImages(this.hosts, this.network);
    bindComponents(this.hosts);
    bindContainerd(this.hosts);
    bindKubelet(this.hosts);
    bindAddons(this.hosts);
  }

  /** An empty world. */
  static create(code: WorldCode, options: KernelOptions): World {
    return new World(new Kernel(options), code);
  }

  /** A world that goes on from a snapshot. */
  static restore(code: WorldCode, snapshot: KernelSnapshot, options: Pick<KernelOptions, "turn" | "limits">): World {
    const shared = (name: string): SharedRows => {
      const files = code.profiles.find((profile) => profile.files.name === name)?.files ?? imageFiles(name);
      if (!files) throw new Error(`the snapshot needs the files of ${name}`);
      return files;
    };
    return new World(Kernel.restore(snapshot, options, shared), code);
  }

  /**
   * A world of its own with the same state: what happens in it does not happen here. Running programs stay behind. Another
   * seed makes what is random from there on another.
   */
  fork(options: { readonly seed?: number } = {}): World {
    return new World(this.kernel.fork(options), this.#code);
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
