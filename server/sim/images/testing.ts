import { fromCalendar, type KernelSnapshot } from "../kernel/index.ts";
import { restoreTestKernel, testKernel } from "../kernel/testing.ts";
import {
  bindServices,
  buildBaseFiles,
  deviceFiles,
  Hosts,
  spawn,
  type Daemon,
  type ExitStatus,
  type FileSpec,
  type Host,
  type Profile,
  type Program,
} from "../host/index.ts";
import { decode, type Bytes, type Kernel } from "../kernel/index.ts";
import { connect } from "../net/transport/connect.ts";
import { socketsOf, closeSocket } from "../net/socket/sockets.ts";
import { Network } from "../net/network.ts";
import type { Namespace } from "../net/namespace.ts";
import { cluster, clusterPod, type Cluster } from "../net/testing.ts";
import { bindImages } from "./bind.ts";

/** A world of two nodes with containers, each in a Pod's namespace of its own, and what they logged. */
export class TestWorld {
  readonly hosts: Hosts;
  readonly network: Network;
  readonly #logs = new Map<string, string[]>();
  readonly #ends = new Map<string, ExitStatus>();

  constructor(kernel: Kernel, network: Network, programs: readonly (Program | Daemon)[]) {
    const registry = new Map(programs.map((program) => [program.name, program]));
    this.network = network;
    this.hosts = new Hosts(kernel, { find: (name) => registry.get(name) }, [PROFILE]);
    this.hosts.reportBug = (program, error) => {
      throw new Error(`${program} threw`, { cause: error });
    };
    bindServices(this.hosts);
    bindImages(this.hosts, network);
    this.hosts.onLog("container", (_, row, target, __, data) => {
      if (target.kind === "container") this.#lines(target.path).push(...decode(data).trimEnd().split("\n"));
      void row;
    });
    this.hosts.onProcessEnd((row) => {
      const host = this.hosts.host(row.host);
      const ns = host && this.network.find(row.netns ?? host.netns);
      if (ns) for (const socket of socketsOf(ns, row.pid).sockets) closeSocket(ns, socket.id);
    });
    kernel.handle("testing/ended", ({ container, status }: { container: string; status: ExitStatus }) => {
      this.#ends.set(container, status);
    });
  }

  get kernel(): Kernel {
    return this.hosts.kernel;
  }

  #lines(container: string): string[] {
    const lines = this.#logs.get(container) ?? [];
    this.#logs.set(container, lines);
    return lines;
  }

  /** What a container has printed since it was asked last. */
  logs(container: string): string[] {
    return this.#lines(container).splice(0);
  }

  exit(container: string): ExitStatus | undefined {
    return this.#ends.get(container);
  }

  namespace(container: string): Namespace {
    return this.network.namespace(this.hosts.host(container)!.netns);
  }

  /** Makes a container's host. */
  container(
    name: string,
    netns: string,
    files: ReturnType<typeof buildBaseFiles>,
    options: { machine?: string; readOnly?: readonly { at: string; files: readonly FileSpec[] }[] } = {},
  ): Host {
    const { machine = "controlplane" } = options;
    this.hosts.fileSystem(name, files);
    const mounts = (options.readOnly ?? []).map(({ at, files: specs }) => {
      const id = `${name}${at}`;
      const { rows } = buildBaseFiles(id, specs, this.kernel.now);
      this.hosts.fileSystem(id, { name: id, rows });
      return { at, source: "tmpfs", type: "tmpfs", readOnly: true, files: { id, root: 1 } };
    });
    return this.hosts.addHost({
      name,
      machine,
      kind: "container",
      hostname: name,
      netns,
      mounts: [
        { at: "/", source: "overlay", type: "overlay", files: { id: name, root: 1 } },
        { at: "/proc", source: "proc", type: "proc", view: "proc" },
        ...mounts,
      ],
    });
  }

  /** Starts a program in a container; its output goes to `logs(log)`. */
  run(
    container: string,
    argv: readonly string[],
    options: { path?: string; uid?: number; env?: Record<string, string>; log?: string } = {},
  ): number {
    const host = this.hosts.host(container)!;
    const { uid = 0, log = container } = options;
    return spawn(host, {
      path: options.path ?? argv[0]!,
      argv,
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...options.env },
      cwd: "/",
      as: { uid, gid: uid, groups: [uid] },
      ppid: 0,
      log: { kind: "container", path: log },
      onExit: { kind: "testing/ended", args: { container: log } },
    });
  }

  /** Lets everything happen that is due by then, in microseconds from now. */
  async pass(span: number): Promise<void> {
    const until = this.kernel.now + span;
    await this.kernel.drain();
    while (this.kernel.step(until)) await this.kernel.drain();
  }
}

/** Sends bytes from a namespace and returns what came back at once; `ended` if the server closed. */
export function ask(from: Namespace, to: string, port: number, bytes: Bytes): { received: Bytes; ended: boolean; delay: number } {
  const { connection, outcome } = connect(from, { to, port });
  if (!connection || outcome !== "connected") return { received: `[${outcome}]`, ended: true, delay: 0 };
  let received = "";
  let ended = false;
  let delay = 0;
  connection.receive({
    data: (piece, after) => {
      received += piece;
      delay = Math.max(delay, after);
    },
    end: () => (ended = true),
    error: () => (ended = true),
  });
  connection.send(bytes);
  connection.receive();
  connection.close();
  return { received, ended, delay };
}

export interface TestCluster {
  readonly world: TestWorld;
  readonly net: Cluster;
}

/** A cluster's network with an empty `TestWorld` on it. */
export function testWorld(programs: readonly (Program | Daemon)[]): TestCluster {
  const kernel = testKernel();
  const net = cluster(kernel);
  const world = new TestWorld(kernel, net.network, programs);
  for (const name of ["controlplane", "node01"])
    world.hosts.addMachine(
      { name, profile: "test", cpus: 2, memory: 2_048_000, bootedAt: kernel.now, bootId: "0".repeat(32), machineId: "1".repeat(32) },
      name,
      100,
    );
  return { world, net };
}

/** The same world from its snapshot. */
export function restoredWorld(world: TestWorld, programs: readonly (Program | Daemon)[], shared: Parameters<typeof restore>[1]): TestWorld {
  return restore(world.kernel.snapshot(), shared, programs);
}

function restore(
  snapshot: KernelSnapshot,
  shared: readonly { name: string; rows: unknown }[],
  programs: readonly (Program | Daemon)[],
): TestWorld {
  void restoreTestKernel;
  void shared;
  const kernel = restoreTestKernel(snapshot);
  return new TestWorld(kernel, new Network(kernel), programs);
}

export { clusterPod };

const PROFILE: Profile = {
  name: "test",
  kernelRelease: "6.8.0-51-generic",
  kernelVersion: "#52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec 5 13:09:44 UTC 2024",
  architecture: "x86_64",
  versions: {},
  files: buildBaseFiles("profile:test", [...deviceFiles], fromCalendar(2026, 11, 1)),
};
