import {
  bindServices,
  buildBaseFiles,
  deviceFiles,
  FdTable,
  Hosts,
  MemoryInput,
  OpenFile,
  spawn,
  type BaseFiles,
  type Daemon,
  type ExitStatus,
  type FileSpec,
  type Host,
  type Profile,
  type Program,
} from "../host/index.ts";
import { decode, fromCalendar, Kernel, type Bytes, type KernelSnapshot, type SharedRows } from "../kernel/index.ts";
import { testKernel, turn } from "../kernel/testing.ts";
import { cluster, type Cluster } from "../net/testing.ts";
import { Network } from "../net/network.ts";
import { bindNetwork } from "../net/index.ts";
import { bindImages } from "./bind.ts";
import { containerCommand, imageEnvironment } from "./container-command.ts";
import { daemons, entrypoints } from "./daemons.ts";
import type { Image } from "./image.ts";
import { connect, type Namespace } from "../net/index.ts";
import { isPullError, pullImage } from "./pull.ts";
import { isInvalid, parseReference } from "./reference.ts";

/** A world of nodes with containers, and what they have printed: a container runtime in its simplest form. */
export class TestWorld {
  readonly hosts: Hosts;
  readonly network: Network;
  readonly #logs = new Map<string, string>();
  readonly #ends = new Map<string, ExitStatus>();

  constructor(network: Network, more: readonly (Program | Daemon)[] = []) {
    const registry = new Map([...daemons, ...entrypoints, ...more].map((program) => [program.name, program]));
    this.network = network;
    this.hosts = new Hosts(network.kernel, { find: (name) => registry.get(name) }, [PROFILE]);
    this.hosts.reportBug = (program, error) => {
      throw new Error(`${program} threw`, { cause: error });
    };
    bindServices(this.hosts);
    bindNetwork(this.hosts, network);
    bindImages(this.hosts, network);
    this.hosts.onLog("container", (_, __, target, ___, data) => {
      if (target.kind === "container") this.print(target.path, data);
    });
    network.kernel.handle(ENDED, ({ log, status }: { log: string; status: ExitStatus }) => this.#ends.set(log, status));
  }

  get kernel(): Kernel {
    return this.network.kernel;
  }

  print(log: string, data: Bytes): void {
    this.#logs.set(log, (this.#logs.get(log) ?? "") + decode(data));
  }

  /** Lines that a container has printed since it was asked last. */
  logs(container: string): string[] {
    const text = this.#logs.get(container) ?? "";
    this.#logs.delete(container);
    return text === "" ? [] : text.replace(/\n$/, "").split("\n");
  }

  exit(container: string): ExitStatus | undefined {
    return this.#ends.get(container);
  }

  host(container: string): Host {
    return this.hosts.host(container)!;
  }

  namespace(container: string): Namespace {
    return this.network.namespace(this.host(container).netns);
  }

  /** Makes a container's host in a network namespace; `readOnly` is mounted over it, as a ConfigMap's files. */
  addContainer(
    name: string,
    ns: Namespace,
    files: BaseFiles,
    readOnly: Readonly<Record<string, readonly FileSpec[]>> = {},
  ): Host {
    this.hosts.fileSystem(name, files);
    const mounts = Object.entries(readOnly).map(([at, specs]) => {
      const id = `${name}${at}`;
      this.hosts.fileSystem(id, buildBaseFiles(id, specs, this.kernel.now));
      return { at, source: "tmpfs", type: "tmpfs", readOnly: true, files: { id, root: 1 } };
    });
    const root = { at: "/", source: "overlay", type: "overlay", files: { id: name, root: 1 } };
    const proc = { at: "/proc", source: "proc", type: "proc", view: "proc" };
    return this.hosts.addHost({
      name,
      machine: ns.machine,
      kind: "container",
      hostname: name,
      netns: ns.id,
      mounts: [root, proc, ...mounts],
    });
  }

  /** Starts a process in a container. What it prints goes to `logs(log)`, and its end to `exit(log)`. */
  spawn(
    container: string,
    argv: readonly string[],
    options: {
      path?: string;
      uid?: number;
      gid?: number;
      env?: Record<string, string>;
      cwd?: string;
      log?: string;
    } = {},
  ): number {
    const { uid = 0, gid = uid, log = container, path = argv[0]!, env = {}, cwd = "/" } = options;
    return spawn(this.host(container), {
      path,
      argv,
      env,
      cwd,
      as: { uid, gid, groups: [gid] },
      ppid: 0,
      fds: new FdTable([
        [0, new MemoryInput("")],
        [1, new LogFile(this, log)],
        [2, new LogFile(this, log)],
      ]),
      log: { kind: "container", path: log },
      onExit: { kind: ENDED, args: { log } },
    });
  }

  /** Runs a container of an image as a kubelet would. */
  async start(
    name: string,
    ns: Namespace,
    image: string,
    options: {
      command?: readonly string[];
      args?: readonly string[];
      env?: Record<string, string>;
      uid?: number;
      readOnly?: Readonly<Record<string, readonly FileSpec[]>>;
    } = {},
  ): Promise<number> {
    const { config, files } = testImage(image);
    const host = this.addContainer(name, ns, files, options.readOnly);
    const words = containerCommand(config, options)!;
    const env: Record<string, string> = { ...imageEnvironment(config), HOSTNAME: name, ...options.env };
    const [user, group] = (config.user ?? "0").split(":") as [string, string?];
    const uid = options.uid ?? (/^\d+$/.test(user) ? Number(user) : (host.users.byName(user)?.uid ?? 0));
    const found = words[0]!.includes("/")
      ? words[0]!
      : env
          .PATH!.split(":")
          .map((directory) => `${directory}/${words[0]!}`)
          .find((path) => host.files.exists(path));
    const gid = group === undefined ? uid : Number(group);
    const pid = this.spawn(name, words, {
      path: found!,
      env,
      uid,
      gid: Number.isNaN(gid) ? uid : gid,
      cwd: config.workingDir ?? "/",
    });
    await this.pass(100_000);
    return pid;
  }

  /** Lets simulated time pass, in microseconds, and what is due happen. */
  async pass(span: number): Promise<void> {
    const until = this.kernel.now + span;
    for (;;) {
      await this.kernel.drain();
      if (!this.kernel.step(until)) return;
    }
  }

  /** The same world as its snapshot makes it, by way of JSON. */
  restored(): TestWorld {
    const snapshot = JSON.parse(JSON.stringify(this.kernel.snapshot())) as KernelSnapshot;
    const shared = (name: string): SharedRows => {
      const image = /^image:(.*)$/.exec(name);
      return image ? testImage(image[1]!).files : PROFILE.files;
    };
    return new TestWorld(new Network(Kernel.restore(snapshot, { turn }, shared)));
  }
}

const ENDED = "testing/ended";

class LogFile extends OpenFile {
  readonly name = "pipe:[1]";
  readonly #world: TestWorld;
  readonly #log: string;

  constructor(world: TestWorld, log: string) {
    super();
    this.#world = world;
    this.#log = log;
  }

  override write(_: unknown, data: Bytes): void {
    this.writeNow(data);
  }

  override writeNow(data: Bytes): void {
    this.#world.print(this.#log, data);
  }
}

/** The image of a reference that exists. */
export function testImage(text: string): Image {
  const reference = parseReference(text);
  const image = isInvalid(reference) ? undefined : pullImage(reference);
  if (!image || isPullError(image)) throw new Error(`no image ${text}`);
  return image;
}

/** Two nodes on a network (sim/net's test cluster), without a container. */
export function testWorld(more: readonly (Program | Daemon)[] = []): { world: TestWorld; net: Cluster } {
  const kernel = testKernel();
  const net = cluster(kernel);
  const world = new TestWorld(net.network, more);
  const machine = { profile: "test", cpus: 2, memory: 2_048_000, bootedAt: kernel.now, bootId: "0", machineId: "1" };
  for (const name of ["controlplane", "node01"]) world.hosts.addMachine({ name, ...machine }, name, 100);
  return { world, net };
}

/** Sends bytes from a namespace and returns what came back at once, whether the server closed, and how long it would take. */
export function ask(
  from: Namespace,
  to: string,
  port: number,
  bytes: Bytes,
): { received: Bytes; ended: boolean; delay: number } {
  const { connection, outcome } = connect(from, { to, port });
  if (!connection || outcome !== "connected") return { received: `[${outcome}]`, ended: true, delay: 0 };
  const got = { received: "", ended: false, delay: 0 };
  connection.receive({
    data(piece, after) {
      got.received += piece;
      got.delay = Math.max(got.delay, after);
    },
    end: () => (got.ended = true),
    error: () => (got.ended = true),
  });
  connection.send(bytes);
  connection.receive();
  connection.close();
  return got;
}

/** GETs a path and returns status line and body. */
export function get(from: Namespace, to: string, port: number, path = "/", headers: readonly string[] = []): string {
  const lines = [`GET ${path} HTTP/1.1`, "Host: test", ...headers, "", ""];
  const { received } = ask(from, to, port, lines.join("\r\n"));
  const [head, ...body] = received.split("\r\n\r\n");
  return `${head!.split("\r\n")[0]!.replace("HTTP/1.1 ", "")}\n${body.join("\r\n\r\n")}`;
}

const PROFILE: Profile = {
  name: "test",
  kernelRelease: "6.8.0-51-generic",
  kernelVersion: "#52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec 5 13:09:44 UTC 2024",
  architecture: "x86_64",
  versions: {},
  files: buildBaseFiles("profile:test", deviceFiles, fromCalendar(2026, 11, 1)),
};
