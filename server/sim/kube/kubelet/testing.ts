import {
  attempt,
  bindServices,
  buildBaseFiles,
  deviceFiles,
  dirname,
  Errno,
  FdTable,
  fork,
  Hosts,
  journalOf,
  MemoryOutput,
  Part,
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
  type Process,
  type Program,
} from "../../host/index.ts";
import { bindImages, entrypoints, imageDaemons } from "../../images/index.ts";
import { decode, encode, fromCalendar, run, SECOND, type Duration, type Kernel } from "../../kernel/index.ts";
import { testKernel } from "../../kernel/testing.ts";
import {
  addAddress,
  addNamespace,
  addRoute,
  bindNetwork,
  bringUp,
  createLink,
  findLink,
  Network,
  setMaster,
  type Namespace,
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

const CREATED = fromCalendar(2026, 11, 16, 9, 3, 10);
const NODES = { controlplane: "172.30.1.2", node01: "172.30.1.3" } as const;
const POD_NETWORKS = { controlplane: "10.244.0", node01: "10.244.1" } as const;
export type NodeName = keyof typeof NODES;

export const ADMIN = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

async function stdin(process: Process): Promise<string> {
  let text = "";
  for (let part = await process.read(0, 65_536); part !== ""; part = await process.read(0, 65_536)) text += part;
  return decode(text);
}

/** A plugin that answers with an empty result: loopback. */
const loopback: Program = {
  name: "cni/loopback",
  summary: "test plugin",
  async run(process) {
    const config = JSON.parse(await stdin(process)) as { cniVersion: string };
    await process.print(JSON.stringify({ cniVersion: config.cniVersion, ips: [{ address: "127.0.0.1/8" }] }));
    return 0;
  },
};

/** A plugin that joins Pods to a bridge by veths, with addresses counted from 2. */
const testNetwork: Program = {
  name: "cni/testnet",
  summary: "test plugin",
  async run(process) {
    const { CNI_COMMAND, CNI_NETNS = "", CNI_IFNAME = "eth0" } = process.env;
    const config = JSON.parse(await stdin(process)) as { cniVersion: string };
    const network = process.host.hosts.part(NETWORK).network;
    const name = CNI_NETNS.slice(CNI_NETNS.lastIndexOf("/") + 1);
    const machine = process.host.machine.name as NodeName;
    const ns = network.named(machine, name);
    if (CNI_COMMAND === "DEL" || !ns) return 0;
    const address = `${POD_NETWORKS[machine]}.${2 + process.kernel.random.below(`test/${machine}`, 250)}`;
    plug(network.namespace(machine), ns, CNI_IFNAME, address);
    await process.print(
      JSON.stringify({
        cniVersion: config.cniVersion,
        interfaces: [{ name: CNI_IFNAME, sandbox: CNI_NETNS }],
        ips: [{ address: `${address}/24`, interface: 0, gateway: `${POD_NETWORKS[machine]}.1` }],
      }),
    );
    return 0;
  },
};

function plug(node: Namespace, ns: Namespace, name: string, address: string): void {
  const machine = node.machine as NodeName;
  if (!findLink(node, "cni0")) {
    createLink(node, { kind: "bridge", name: "cni0" });
    bringUp(node, findLink(node, "cni0")!.index);
    addAddress(node, findLink(node, "cni0")!, { local: `${POD_NETWORKS[machine]}.1`, length: 24 });
  }
  const veth = `veth${address.split(".")[3]!}`;
  createLink(node, { kind: "veth", name: veth, peer: { name, namespace: ns.id } });
  setMaster(node, findLink(node, veth)!.index, findLink(node, "cni0")!.index);
  bringUp(node, findLink(node, veth)!.index);
  bringUp(ns, findLink(ns, "lo")!.index);
  bringUp(ns, findLink(ns, name)!.index);
  addAddress(ns, findLink(ns, name)!, { local: address, length: 24 });
  addRoute(ns, { to: "0.0.0.0/0", hops: [{ via: `${POD_NETWORKS[machine]}.1` }] });
}

const NETWORK = new Part<{ readonly network: Network }>("test network");

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
      ...SCRIPTS,
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
    this.hosts.provide(NETWORK, { network: this.network });
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
  fork(): TestNodes {
    return new TestNodes({ kernel: this.kernel.fork() });
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

type Applet = (process: Process, args: readonly string[]) => Promise<number>;

/** What containers of these tests run, by the name that they are called by. */
const APPLETS: Readonly<Record<string, Applet>> = {
  true: async () => 0,
  false: async () => 1,
  async wait(process) {
    await process.sleep(3600 * SECOND);
    return 0;
  },
  async sleep(process, [seconds]) {
    await process.sleep(Number(seconds) * SECOND);
    return 0;
  },
  async echo(process, args) {
    await process.print(`${args.join(" ")}\n`);
    return 0;
  },
  async cat(process, paths) {
    for (const path of paths) {
      const text = attempt(() => process.host.files.read(path, process));
      if (text instanceof Errno) {
        await process.error(`cat: can't open '${path}': No such file or directory\n`);
        return 1;
      }
      await process.write(1, text);
    }
    return 0;
  },
  async env(process) {
    for (const [name, value] of Object.entries(process.env)) await process.print(`${name}=${value}\n`);
    return 0;
  },
  /** `tee PATH WORD…` */
  async tee(process, [path = "", ...words]) {
    process.host.files.write(path, encode(`${words.join(" ")}\n`));
    return 0;
  },
};

/** Called as `busybox`, `cat`… */
const SCRIPTS: readonly Program[] = ["busybox", "cat", "env", "echo", "sleep", "true", "wait"].map((name) => ({
  name,
  summary: "test applet",
  async run(process, args) {
    const applet = process.row.argv[0]!.split("/").at(-1)!;
    return (APPLETS[applet] ?? APPLETS["true"]!)(process, args);
  },
}));

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
