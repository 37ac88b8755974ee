import { programStub, ROOT, spawn, type ExitStatus, type Signal } from "../../../host/index.ts";
import { decode, HOUR, run, SECOND, type Kernel } from "../../../kernel/index.ts";
import { findLink, listFdb, listRoutes, openSocket, routeText, showNeighbours } from "../../../net/index.ts";
import { API_SERVER, apiServerApplication } from "../../access/server.ts";
import { anyKind, Client, type Node } from "../../api/index.ts";
import { clustersOf, provideClusters, type Cluster } from "../../cluster/cluster.ts";
import { nodes } from "../../kinds/index.ts";
import { certificatePem, identity, issueCertificate, KeyRing } from "../../pki/index.ts";
import { authority } from "../../pki/testing.ts";
import { CniWorld, type Answer } from "../cni/testing.ts";
import { bindFlannel, flannelDaemons } from "./index.ts";

export const NODES = ["controlplane", "node01"] as const;
export type NodeName = (typeof NODES)[number];

const API_ADDRESS = "192.168.56.13";
const SECRETS = "/var/run/secrets/kubernetes.io/serviceaccount";
const USER = { name: "system:serviceaccount:kube-flannel:flannel", groups: ["system:authenticated"] };
const ADMIN = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };
const ENDED = "flannel-testing/ended";
const VXLAN = { Network: "10.244.0.0/16", EnableNFTables: false, Backend: { Type: "vxlan" } };

/** What the manifest's conflist makes containerd give the first plugin of its chain. */
const PLUGIN = {
  cniVersion: "0.3.1",
  name: "cbr0",
  type: "flannel",
  delegate: { hairpinMode: true, isDefaultGateway: true },
};

/** Two nodes that flanneld can run on, and an API server on a third machine. Nodes are at 192.168.56.11 and .12. */
export class FlannelWorld extends CniWorld {
  readonly cluster: Cluster;
  readonly lines: Record<string, string[]> = {};
  readonly exits: Record<string, ExitStatus> = {};
  readonly pids: Record<string, number> = {};

  constructor(forked?: Kernel) {
    super([...NODES, "api"], flannelDaemons, forked);
    const { hosts } = this;
    provideClusters(hosts);
    bindFlannel(hosts);
    this.network.serve(API_SERVER, apiServerApplication(hosts));
    hosts.onLog("container", ({ name }, _, __, ___, data) => {
      (this.lines[name] ??= []).push(...decode(data).trimEnd().split("\n"));
    });
    hosts.kernel.handle(ENDED, ({ node, status }: { node: string; status: ExitStatus }) => {
      this.exits[node] = status;
    });
    if (!forked) this.#build();
    this.cluster = clustersOf(hosts).get("test")!;
    this.cluster.guard = { readToken: (token) => (token === "secret" ? USER : undefined) };
  }

  #build(): void {
    const { now } = this.hosts.kernel;
    const ca = authority("kubernetes");
    const serving = issueCertificate(
      {
        serial: 2n,
        subject: identity("kube-apiserver"),
        notBefore: now - HOUR,
        notAfter: now + 1000 * HOUR,
        publicKey: new KeyRing(1).rsa("apiserver").public,
        keyUsage: ["digitalSignature"],
        extendedKeyUsage: ["serverAuth"],
        ipAddresses: [API_ADDRESS],
      },
      ca,
    );
    this.write("api", "/etc/ca.crt", certificatePem(ca.certificate));
    this.write("api", "/etc/apiserver.crt", certificatePem(serving));
    for (const node of NODES) {
      this.write(node, `${SECRETS}/ca.crt`, certificatePem(ca.certificate));
      this.write(node, `${SECRETS}/token`, "secret");
      this.configure(node, VXLAN);
      this.host(node).files.mkdir("/opt/bin", { parents: true });
      this.host(node).files.write("/opt/bin/flanneld", programStub("flanneld"), { mode: 0o755 }, { ...ROOT, umask: 0 });
    }
    const cluster = clustersOf(this.hosts).add({ name: "test", version: "v1.33.1", created: now });
    cluster.update({
      apiServer: { machine: "api", host: "api", pid: 1 },
      files: { clientCa: "/etc/ca.crt", servingCertificate: "/etc/apiserver.crt" },
    });
    const common = { protocol: "tcp", address: "0.0.0.0", port: 6443, backlog: 8 } as const;
    openSocket(this.ns("api"), { ...common, application: API_SERVER, args: { cluster: "test" } });
  }

  get client(): Client {
    return new Client(this.cluster.api, { user: ADMIN, userAgent: "test" });
  }

  /** Its net-conf.json. */
  configure(node: string, conf: unknown): void {
    this.write(node, "/etc/kube-flannel/net-conf.json", JSON.stringify(conf));
  }

  addNode(name: NodeName, podCIDR: string | null = `10.244.${NODES.indexOf(name)}.0/24`): void {
    const spec = podCIDR === null ? {} : { podCIDR, podCIDRs: [podCIDR] };
    this.client.create(nodes, { metadata: { name }, spec });
  }

  node(name: string): Node {
    return this.cluster.api.store.get(anyKind(nodes), "", name) as Node;
  }

  /** Runs flanneld and lets some seconds pass. */
  async start(node: NodeName, options: { args?: readonly string[]; env?: Record<string, string> } = {}): Promise<void> {
    delete this.exits[node];
    this.pids[node] = spawn(this.host(node), {
      path: "/opt/bin/flanneld",
      argv: ["/opt/bin/flanneld", ...(options.args ?? ["--ip-masq", "--kube-subnet-mgr"])],
      env: {
        PATH: "/usr/sbin:/usr/bin",
        NODE_NAME: node,
        KUBERNETES_SERVICE_HOST: API_ADDRESS,
        KUBERNETES_SERVICE_PORT: "6443",
        ...options.env,
      },
      cwd: "/",
      as: ROOT,
      ppid: 1,
      log: { kind: "container", path: "kube-flannel" },
      onExit: { kind: ENDED, args: { node } },
    });
    await this.pass(3);
  }

  async pass(seconds: number): Promise<void> {
    const { kernel } = this.hosts;
    await run(kernel, () => false, kernel.now + seconds * SECOND);
  }

  signal(node: string, signal: Signal): void {
    this.host(node).machine.signal(this.pids[node]!, signal);
  }

  /** What flanneld has logged since this was asked last, without klog's heads but for the place. */
  logs(node: string): string[] {
    return (this.lines[node]?.splice(0) ?? []).map((line) => line.replace(/^([IWEF])\S+ \S+ +\d+ /, "$1 "));
  }

  /** ADDs a Pod's interfaces as containerd does by the manifest's list. */
  async addPod(node: string, name: string): Promise<Answer> {
    this.sandbox(node, name);
    const loopback = { cniVersion: "0.3.1", name: "cni-loopback", type: "loopback" };
    await this.plugin(node, "ADD", name, loopback, { CNI_IFNAME: "lo" });
    return this.plugin(node, "ADD", name, PLUGIN);
  }

  deletePod(node: string, name: string): Promise<Answer> {
    return this.plugin(node, "DEL", name, PLUGIN);
  }

  /** What `ip route` prints of it. */
  routes(node: string): string[] {
    const ns = this.ns(node);
    return listRoutes(ns, 4)
      .filter(({ table }) => table === 254)
      .map((row) => routeText(ns, row));
  }

  /** The neighbours and forwarding entries of flannel.1. */
  tunnel(node: string): { readonly neighbours: readonly string[]; readonly fdb: readonly string[] } {
    const ns = this.ns(node);
    const { index } = findLink(ns, "flannel.1")!;
    return {
      neighbours: showNeighbours(ns)
        .filter(({ row }) => row.link === index)
        .map(({ row, state }) => `${row.address} lladdr ${row.lladdr} ${state}`),
      fdb: listFdb(ns)
        .filter(({ table }) => table === index)
        .map(({ mac, remotes, state }) => `${mac} dst ${remotes?.join(" ")} ${state}`),
    };
  }
}
