import { decode, encode, Kernel, run, type KernelSnapshot } from "../../../kernel/index.ts";
import { testKernel, turn } from "../../../kernel/testing.ts";
import {
  bindServices,
  buildBaseFiles,
  Hosts,
  ROOT,
  spawn,
  type Daemon,
  type Host,
  type Profile,
} from "../../../host/index.ts";
import { bindNetwork, Network, openSocket, saveRules, type Namespace } from "../../../net/index.ts";
import { machine } from "../../../net/testing.ts";
import { API_SERVER, apiServerApplication } from "../../access/server.ts";
import { Client, type EndpointSlice, type Node, type Service } from "../../api/index.ts";
import { clustersOf, provideClusters, type Cluster } from "../../cluster/cluster.ts";
import { endpointSlices, namespaces, nodes, services } from "../../kinds/index.ts";
import { CREATED, files, init } from "../../kubeadm/testing.ts";
import { bindKubeProxy, kubeProxyDaemons } from "./index.ts";

export const LOG = "/var/log/kube-proxy.log";

/** Holds the place of a server whose socket the test opens itself. */
const apiServer: Daemon = { name: "kube-apiserver", summary: "", start: () => {} };

function profile(): Profile {
  const started = init();
  const objects = started.phases.flatMap((phase) => phase.objects);
  const configMap = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "kube-proxy") as
    | { data: Record<string, string> }
    | undefined;
  const specs = [
    { path: "/etc/passwd", text: "root:x:0:0:root:/root:/bin/bash\n" },
    { path: "/etc/group", text: "root:x:0:\n" },
    { path: "/var/log", dir: true as const },
    { path: "/usr/local/bin/kube-proxy", program: "kube-proxy" },
    { path: "/usr/local/bin/kube-apiserver", program: "kube-apiserver" },
    ...files(started),
    { path: "/var/lib/kube-proxy/config.conf", text: configMap!.data["config.conf"]! },
    { path: "/var/lib/kube-proxy/kubeconfig.conf", text: configMap!.data["kubeconfig.conf"]! },
    { path: "/var/run/secrets/kubernetes.io/serviceaccount/token", text: "kube-proxy-token" },
    {
      path: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
      text: files(started).flatMap((file) =>
        file.path === "/etc/kubernetes/pki/ca.crt" && "text" in file ? [file.text] : [],
      )[0]!,
    },
  ];
  return {
    name: "test",
    kernelRelease: "6.8.0-51-generic",
    kernelVersion: "#52-Ubuntu SMP",
    architecture: "x86_64",
    versions: {},
    files: buildBaseFiles("profile:test", specs, CREATED),
  };
}

let shared: Profile | undefined;

/** A control plane with an API server, on which kube-proxy can be started. Made again over a fork or a restored kernel. */
export class TestNode {
  readonly kernel: Kernel;
  readonly hosts: Hosts;
  readonly network: Network;

  constructor(kernel: Kernel) {
    shared ??= profile();
    this.kernel = kernel;
    const daemons = new Map([...kubeProxyDaemons, apiServer].map((daemon) => [daemon.name, daemon]));
    this.hosts = new Hosts(kernel, { find: (name) => daemons.get(name) }, [shared]);
    this.network = new Network(kernel);
    bindServices(this.hosts);
    bindNetwork(this.hosts, this.network);
    const clusters = provideClusters(this.hosts);
    this.network.serve(API_SERVER, apiServerApplication(this.hosts));
    for (const cluster of clusters.list()) guard(cluster);
    bindKubeProxy(this.hosts);
    this.hosts.onLog("container", (host, _row, target, _fd, data) => {
      if (target.kind !== "container") return;
      const { files: tree } = host.host;
      tree.write(
        target.path,
        (tree.exists(target.path) ? tree.read(target.path, ROOT) : "") + data,
        {},
        { ...ROOT, umask: 0 },
      );
    });
  }

  static create(): TestNode {
    const node = new TestNode(testKernel());
    const { hosts, network } = node;
    const ns = machine(network, "controlplane", { segment: "lan", address: "172.30.1.2/24" });
    hosts.addMachine(
      {
        name: "controlplane",
        profile: "test",
        cpus: 2,
        memory: 4_000_000,
        bootedAt: CREATED,
        bootId: "0",
        machineId: "1",
      },
      ns.id,
      100,
    );
    node.startApiServer();
    const client = node.client();
    for (const name of ["default", "kube-system"]) client.create(namespaces, { metadata: { name } });
    client.create(nodes, {
      metadata: { name: "controlplane", labels: { "kubernetes.io/hostname": "controlplane" } },
      spec: { podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] },
      status: { addresses: [{ type: "InternalIP", address: "172.30.1.2" }], daemonEndpoints: { kubeletEndpoint: { Port: 10250 } }, nodeInfo: {} },
    }); // prettier-ignore
    return node;
  }

  get host(): Host {
    return this.hosts.host("controlplane")!;
  }

  get ns(): Namespace {
    return this.network.namespace("controlplane");
  }

  get cluster(): Cluster {
    return clustersOf(this.hosts).get("kubernetes")!;
  }

  client(): Client {
    const user = { name: "kubernetes-admin", groups: ["system:masters"] };
    return new Client(this.cluster.api, { user, userAgent: "test" });
  }

  startApiServer(): number {
    const pid = this.#spawn("/usr/local/bin/kube-apiserver", []);
    const running = { machine: "controlplane", host: "controlplane", pid };
    const paths = { clientCa: "/etc/kubernetes/pki/ca.crt", servingCertificate: "/etc/kubernetes/pki/apiserver.crt" };
    const row = { name: "kubernetes", version: "v1.33.1", created: CREATED, apiServer: running, files: paths };
    if (clustersOf(this.hosts).get("kubernetes")) this.cluster.update({ apiServer: running });
    else guard(clustersOf(this.hosts).add(row));
    const opened = openSocket(this.ns, {
      protocol: "tcp",
      address: "::",
      port: 6443,
      backlog: 4096,
      pid,
      application: API_SERVER,
      args: { cluster: "kubernetes" },
    });
    if (!opened.ok) throw new Error(opened.errno);
    return pid;
  }

  stopApiServer(): void {
    const { pid } = this.cluster.row.apiServer!;
    this.cluster.update({ apiServer: undefined });
    this.host.machine.endDaemon(pid, { code: 0 });
  }

  startProxy(...flags: string[]): number {
    const words =
      flags.length > 0 ? flags : ["--config=/var/lib/kube-proxy/config.conf", "--hostname-override=controlplane"];
    return this.#spawn("/usr/local/bin/kube-proxy", words);
  }

  #spawn(path: string, flags: readonly string[]): number {
    return spawn(this.host, {
      path,
      argv: [path, ...flags],
      env: {},
      cwd: "/",
      as: ROOT,
      ppid: 1,
      log: { kind: "container", path: path.endsWith("kube-proxy") ? LOG : "/dev/null.log" },
    });
  }

  write(path: string, text: string): void {
    this.host.files.write(path, encode(text), {}, { ...ROOT, umask: 0 });
  }

  read(path: string): string {
    return decode(this.host.files.read(path, ROOT));
  }

  /** Lets time pass. */
  async pass(seconds: number): Promise<void> {
    await run(this.kernel, () => false, this.kernel.now + seconds * 1_000_000);
  }

  /** What kube-proxy has logged since the last call, without times. */
  log(): string[] {
    const text = this.host.files.exists(LOG) ? this.read(LOG) : "";
    if (text !== "") this.write(LOG, "");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replace(/^([IWE])\d{4} \d\d:\d\d:\d\d\.\d{6} +1 /, "$1 "));
  }

  rules(table: "nat" | "filter" | "mangle" = "nat"): string {
    return saveRules(this.ns, { table });
  }

  create(...objects: (Service | EndpointSlice)[]): void {
    for (const object of objects) {
      const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = object.metadata;
      if ("addressType" in object) this.client().create(endpointSlices, { ...object, metadata });
      else this.client().create(services, { ...object, metadata });
    }
  }

  node(): Node {
    return this.client().get(nodes, "", "controlplane")!;
  }

  /** The same world again, as from a snapshot. */
  restored(): TestNode {
    const snapshot = JSON.parse(JSON.stringify(this.kernel.snapshot())) as KernelSnapshot;
    return new TestNode(Kernel.restore(snapshot, { turn }, () => shared!.files));
  }

  forked(): TestNode {
    return new TestNode(this.kernel.fork());
  }
}

function guard(cluster: Cluster): void {
  cluster.guard = {
    readToken: (token) =>
      token === "kube-proxy-token"
        ? {
            name: "system:serviceaccount:kube-system:kube-proxy",
            groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
          }
        : undefined,
  };
}
