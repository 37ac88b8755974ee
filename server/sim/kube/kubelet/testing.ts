import {
  attempt,
  bindServices,
  buildBaseFiles,
  deviceFiles,
  dirname,
  FdTable,
  fork,
  Hosts,
  journalOf,
  MemoryOutput,
  programStub,
  ROOT,
  spawn,
  systemdOf,
  ubuntu24Files,
  ubuntu24HostFiles,
  type Daemon,
  type FileSpec,
  type Machine,
  type Profile,
  type Program,
} from "../../host/index.ts";
import { bindImages, entrypoints, imageDaemons, imageFiles } from "../../images/index.ts";
import {
  decode,
  encode,
  fromCalendar,
  Kernel,
  run,
  SECOND,
  type Duration,
  type KernelSnapshot,
  type SharedRows,
} from "../../kernel/index.ts";
import { testKernel, turn } from "../../kernel/testing.ts";
import {
  addAddress,
  addNamespace,
  addRoute,
  bindNetwork,
  bringUp,
  createLink,
  findLink,
  Network,
} from "../../net/index.ts";
import { Client, parseTarget, type ApiResponse, type Event, type Pod, type Status } from "../api/index.ts";
import { provideClusters, type Cluster } from "../cluster/cluster.ts";
import { bindComponents, componentDaemons, etcdDatabase } from "../components/index.ts";
import { events, namespaces, pods, serviceAccounts } from "../kinds/index.ts";
import {
  containerdPackage,
  filesOf,
  kubeadmInit,
  kubeadmJoin,
  kubernetesPackages,
  nodePrerequisites,
  resolveCluster,
  type Init,
} from "../kubeadm/index.ts";
import { bindContainerd, bindKubelet, containerdOf, nodeDaemons, preloadImages, type RemoteCommand } from "./index.ts";
import { APPLET_PROGRAMS, loopback, TEST_NETWORK, testNetwork, type NodeName } from "./testing-programs.ts";

export type { NodeName };

const CREATED = fromCalendar(2026, 11, 16, 9, 3, 10);
const NODES = { controlplane: "172.30.1.2", node01: "172.30.1.3" } as const;

export const ADMIN = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

export interface TestOptions {
  readonly nodes?: readonly NodeName[];
  /** No network configuration: nodes are not ready. */
  readonly withoutCni?: boolean;
  readonly programs?: readonly (Program | Daemon)[];
  readonly kernel?: Kernel;
}

const booted = new Map<string, Promise<TestNodes>>();
let init: Init | undefined;

function initialized(): Init {
  const controlPlane = { name: "controlplane", address: NODES.controlplane };
  return (init ??= kubeadmInit(resolveCluster({ version: "v1.33.1", controlPlane, seed: 1, created: CREATED })));
}

/** Machines that kubeadm has prepared, with their control plane as static Pods. */
export class TestNodes {
  readonly kernel: Kernel;
  readonly hosts: Hosts;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly admin: Client;

  constructor(options: TestOptions = {}) {
    this.kernel = options.kernel ?? testKernel();
    const programs = [
      ...imageDaemons,
      ...entrypoints,
      ...componentDaemons,
      ...nodeDaemons,
      loopback,
      testNetwork,
      ...APPLET_PROGRAMS,
      ...(options.programs ?? []),
    ];
    const registry = new Map<string, Program | Daemon>(programs.map((program) => [program.name, program]));
    this.hosts = new Hosts(this.kernel, { find: (name) => registry.get(name) }, [PROFILE]);
    this.hosts.reportBug = (program, error) => {
      throw new Error(`${program} threw`, { cause: error });
    };
    this.network = new Network(this.kernel);
    bindServices(this.hosts);
    bindNetwork(this.hosts, this.network);
    this.hosts.provide(TEST_NETWORK, { network: this.network });
    const clusters = provideClusters(this.hosts);
    bindImages(this.hosts, this.network);
    bindComponents(this.hosts);
    bindContainerd(this.hosts);
    bindKubelet(this.hosts);
    const known = clusters.get("kubernetes");
    this.cluster = known ?? clusters.add({ name: "kubernetes", version: "v1.33.1", created: CREATED });
    this.admin = new Client(this.cluster.api, { user: ADMIN, userAgent: "test" });
    if (!known) for (const name of options.nodes ?? ["controlplane"]) this.#prepare(name, options);
  }

  /** Machines whose cluster has come up. Made once for all tests that want the same, who get a fork of it each. */
  static async boot(options: Pick<TestOptions, "nodes" | "withoutCni"> = {}): Promise<TestNodes> {
    const key = JSON.stringify(options);
    let base = booted.get(key);
    if (!base) booted.set(key, (base = new TestNodes(options).#comeUp()));
    return (await base).fork();
  }

  /** A world that goes its own way from here. */
  fork({ programs = [] }: Pick<TestOptions, "programs"> = {}): TestNodes {
    return new TestNodes({ kernel: this.kernel.fork(), programs });
  }

  /** The same world from its snapshot, which goes through JSON. */
  restored(): TestNodes {
    const snapshot = JSON.parse(JSON.stringify(this.kernel.snapshot())) as KernelSnapshot;
    const shared = (name: string): SharedRows => imageFiles(name) ?? PROFILE.files;
    return new TestNodes({ kernel: Kernel.restore(snapshot, { turn }, shared) });
  }

  machine(name: NodeName): Machine {
    return this.hosts.machine(name);
  }

  #prepare(name: NodeName, { withoutCni = false }: TestOptions): void {
    const ns = addNamespace(this.network, name);
    bringUp(ns, findLink(ns, "lo")!.index);
    createLink(ns, { kind: "physical", name: "eth0", segment: "lan" });
    bringUp(ns, findLink(ns, "eth0")!.index);
    addAddress(ns, findLink(ns, "eth0")!, { local: NODES[name], length: 24 });
    addRoute(ns, { to: "0.0.0.0/0", hops: [{ via: "172.30.1.1" }] });
    const machine = this.hosts.addMachine(
      {
        name,
        profile: "test",
        cpus: 2,
        memory: 4_011_612,
        bootedAt: this.kernel.now,
        bootId: "0".repeat(32),
        machineId: "1".repeat(32),
      },
      ns.id,
      300,
    );
    const hosts = Object.entries(NODES).map(([node, address]) => ({ name: node, address }));
    const made = initialized();
    const { cluster } = made;
    const joined =
      name === "controlplane"
        ? made.phases
        : kubeadmJoin(made, { name, address: NODES[name] }, CREATED + 60 * SECOND).phases;
    write(machine, [
      ...ubuntu24HostFiles({ hostname: name, machineId: "1".repeat(32), seed: 1, hosts, nameservers: ["1.1.1.1"] }),
      ...kubernetesPackages(cluster),
      ...containerdPackage(cluster),
      ...nodePrerequisites(),
      ...filesOf(joined),
      { path: "/opt/cni/bin/testnet", program: "cni/testnet" },
      { path: "/usr/bin/wait", program: "wait" },
      ...(name === "controlplane" ? [{ path: "/var/lib/etcd/member/snap/db", text: etcdDatabase("kubernetes") }] : []),
      ...(withoutCni ? [] : [{ path: "/etc/cni/net.d/10-test.conflist", text: CONFLIST }]),
    ]);
    preloadImages(containerdOf(machine), IMAGES);
  }

  start(name: NodeName, unit: "containerd" | "kubelet"): void {
    systemdOf(this.machine(name)).start(`${unit}.service`);
  }

  stop(name: NodeName, unit: "containerd" | "kubelet"): void {
    systemdOf(this.machine(name)).stop(`${unit}.service`);
  }

  /** Starts the services of all machines and lets the cluster come up. */
  async #comeUp(): Promise<this> {
    for (const machine of this.hosts.machines())
      for (const unit of ["containerd", "kubelet"]) systemdOf(machine).start(`${unit}.service`);
    await this.pass(60 * SECOND);
    for (const name of ["default", "kube-system"]) {
      if (!this.admin.get(namespaces, "", name)) this.admin.create(namespaces, { metadata: { name } });
      if (!this.admin.get(serviceAccounts, name, "default"))
        this.admin.create(serviceAccounts, { metadata: { name: "default", namespace: name } });
    }
    return this;
  }

  async pass(span: Duration): Promise<void> {
    await run(this.kernel, () => false, this.kernel.now + span);
  }

  async until(done: () => boolean, most: Duration = 120 * SECOND): Promise<boolean> {
    return (await run(this.kernel, done, this.kernel.now + most)) === "done";
  }

  /** Makes a Pod as kubectl would, on a node. */
  pod(name: string, spec: object, node: NodeName = "controlplane", metadata: object = {}): Pod {
    return this.admin.create(pods, {
      metadata: { name, namespace: "default", ...metadata },
      spec: { nodeName: node, ...spec },
    });
  }

  get(name: string, namespace = "default"): Pod | undefined {
    return this.admin.get(pods, namespace, name);
  }

  /** `c: running` or `c: waiting CrashLoopBackOff, 2 restarts`, of each container. */
  containers(name: string): string[] {
    const { initContainerStatuses = [], containerStatuses = [] } = this.get(name)?.status ?? {};
    return [...initContainerStatuses, ...containerStatuses].map(({ name: container, state, restartCount, ready }) => {
      const { waiting, terminated } = state;
      const how = waiting
        ? `waiting ${waiting.reason}`
        : terminated
          ? `terminated ${terminated.reason} ${terminated.exitCode}`
          : `running${ready ? ", ready" : ""}`;
      return `${container}: ${how}${restartCount > 0 ? `, ${restartCount} restarts` : ""}`;
    });
  }

  /** Runs a command in a container through the API; what it printed, and the Status at its end. */
  async exec(pod: string, command: readonly string[]): Promise<{ out: string; status: Status | undefined }> {
    const query = [...command.map((word) => `command=${encodeURIComponent(word)}`), "stdout=true"].join("&");
    const answer = this.call(`/api/v1/namespaces/default/pods/${pod}/exec?${query}`);
    if (answer.kind !== "upgrade")
      return { out: "", status: answer.kind === "object" ? (answer.object as Status) : undefined };
    const stdout = new MemoryOutput(1_000_000);
    let status: Status | undefined;
    const streams = { stdin: undefined, stdout, stderr: stdout, tty: false };
    const { host } = this.machine("controlplane");
    const pid = spawn(host, {
      path: "/usr/bin/wait",
      argv: ["wait"],
      cwd: "/",
      env: {},
      as: ROOT,
      ppid: 1,
      fds: new FdTable([[1, stdout]]),
    });
    const client = host.machine.liveProcess(pid)!;
    fork(client, async (process) => {
      status = await (answer.connection as RemoteCommand).start(process, streams);
      return 0;
    });
    await this.until(() => status !== undefined);
    client.signal("SIGKILL");
    return { out: decode(stdout.take()), status };
  }

  /** What is in a log, through the API, or the Status in its place. */
  log(pod: string, query = ""): string {
    const answer = this.call(`/api/v1/namespaces/default/pods/${pod}/log${query}`);
    if (answer.kind !== "bytes") return answer.kind === "object" ? (answer.object as Status).message! : answer.kind;
    let text = "";
    answer.stream.start(
      (bytes) => (text += bytes),
      () => {},
    );
    return decode(text);
  }

  call(path: string): ApiResponse {
    return this.cluster.api.handle({
      ...parseTarget("GET", path),
      accept: "",
      contentType: "",
      userAgent: "test",
      user: ADMIN,
      body: undefined,
    });
  }

  /** `Normal Pulled Container image "…" already present on machine`, in their order. */
  events(name: string): string[] {
    return this.admin
      .list(events)
      .filter((event: Event) => event.involvedObject.name === name)
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  }

  journal(name: NodeName, unit: "containerd" | "kubelet"): string[] {
    return journalOf(this.machine(name))
      .read()
      .filter((line) => line.unit === `${unit}.service`)
      .map(({ message }) => message);
  }

  write(name: NodeName, path: string, text: string): void {
    write(this.machine(name), [{ path, text }]);
  }
}

const CONFLIST = JSON.stringify({ name: "test", cniVersion: "1.0.0", plugins: [{ type: "testnet" }] });

const IMAGES = [
  "registry.k8s.io/pause:3.10",
  "registry.k8s.io/etcd:3.5.21-0",
  ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((name) => `registry.k8s.io/${name}:v1.33.1`),
  "nginx:1.27.5",
  "busybox:1.36.1",
];

const PROFILE: Profile = {
  name: "test",
  kernelRelease: "6.8.0-51-generic",
  kernelVersion: "#52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec 5 13:09:44 UTC 2024",
  architecture: "x86_64",
  versions: {},
  files: buildBaseFiles(
    "profile:kubelet-test",
    [...ubuntu24Files, ...deviceFiles, { path: "/usr/lib/systemd/system", dir: true }],
    fromCalendar(2026, 11, 1),
  ),
};

function write(machine: Machine, specs: readonly FileSpec[]): void {
  const { files } = machine.host;
  const as = { ...ROOT, umask: 0 };
  for (const spec of specs) {
    const parent = dirname(spec.path);
    if (!files.exists(parent)) files.mkdir(parent, { parents: true }, as);
    if ("dir" in spec) {
      files.mkdir(spec.path, { parents: true, mode: spec.mode ?? 0o755 }, as);
      continue;
    }
    attempt(() => files.unlink(spec.path));
    if ("link" in spec) files.symlink(spec.link, spec.path, as);
    else if ("program" in spec) files.write(spec.path, programStub(spec.program, spec.version), { mode: 0o755 }, as);
    else if ("text" in spec) files.write(spec.path, encode(spec.text), { mode: spec.mode ?? 0o644 }, as);
  }
}
