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
import { bindGrpc, bindNetwork, bindRouteExpiry, bindSshd, bindSystemdResolved, Network } from "../net/index.ts";
import { bindImages, imageFiles } from "../images/index.ts";
import { bindDocker } from "../docker/index.ts";
import { bindAddons } from "../kube/addons/index.ts";
import { bindComponents } from "../kube/components/index.ts";
import { bindContainerd, bindKubelet, resumePrograms } from "../kube/kubelet/index.ts";
import { provideClusters, type Clusters } from "../kube/cluster/cluster.ts";
import { bindInternet } from "./internet/index.ts";

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
    bindRouteExpiry(this.network);
    bindServices(this.hosts);
    bindNetwork(this.hosts, this.network);
    this.clusters = provideClusters(this.hosts);
    bindSystemdResolved(this.hosts);
    bindSshd(this.hosts);
    bindGrpc(this.network);
    bindInternet(this.hosts);
    bindImages(this.hosts, this.network);
    bindComponents(this.hosts);
    bindContainerd(this.hosts);
    bindDocker(this.hosts);
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
    const world = new World(Kernel.restore(snapshot, options, shared), code);
    world.#resume();
    return world;
  }

  /**
   * A world of its own with the same state: what happens in it does not happen here. Running programs stay behind. Another
   * seed makes what is random from there on another; with `resume`, containers go on that run programs: for worlds that are
   * lived in, not only looked at.
   */
  fork({ resume = false, ...options }: { readonly seed?: number; readonly resume?: boolean } = {}): World {
    const world = new World(this.kernel.fork(options), this.#code);
    if (resume) world.#resume();
    return world;
  }

  /** Programs were left behind: those that containers are for start again, the others' terminals have hung up (DESIGN.md, law 5). */
  #resume(): void {
    const left = this.hosts.machines().flatMap((machine) =>
      machine
        .processes()
        .filter(({ host, tty, daemon }) => daemon === undefined && (tty !== undefined || host !== machine.name))
        .map(({ pid }) => ({ machine, pid })),
    );
    resumePrograms(this.hosts, { scripts: true });
    for (const { machine, pid } of left) if (machine.isAlive(pid)) machine.signal(pid, "SIGHUP");
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
