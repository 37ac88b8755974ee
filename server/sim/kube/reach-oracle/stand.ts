import { DaemonProcess, ROOT, spawn, type Host } from "../../host/index.ts";
import { decode, encode, run, SECOND, type Kernel } from "../../kernel/index.ts";
import { addNamespace, bringUp, createLink, deleteLink, findLink, type Namespace } from "../../net/index.ts";
import { give, machine, must, route, sysctl, up } from "../../net/testing.ts";
import { bindFelix, felixesOf } from "../addons/calico/felix/index.ts";
import { vethName } from "../addons/calico/felix/endpoint.ts";
import { TestNode } from "../addons/kube-proxy/testing-node.ts";
import type { Client, Pod } from "../api/index.ts";
import { namespaces, nodes, pods, serviceAccounts } from "../kinds/index.ts";

/** Number of a node, from 0: `controlplane` at 172.30.1.2, `node01` at 172.30.1.3… */
export const NODE_NAMES = ["controlplane", "node01", "node02"] as const;

export interface PodSpec {
  readonly name: string;
  readonly namespace?: string;
  readonly node: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly hostNetwork?: boolean;
}

/** Nodes whose Pods hang on cables of their own, as Calico has it without tunnels; felix and kube-proxy run on each. */
export class Stand {
  readonly base: TestNode;
  readonly client: Client;

  private constructor(base: TestNode) {
    this.base = base;
    base.network.unlimitedErrors = true;
    bindFelix(base.hosts);
    this.client = base.client();
  }

  static create(count = 2): Stand {
    const base = TestNode.create();
    const stand = new Stand(base);
    for (const namespace of ["default", "kube-system"]) stand.#account(namespace);
    for (const [at, name] of NODE_NAMES.slice(0, count).entries()) stand.#addNode(name, at);
    // A machine of the network that is no node.
    machine(base.network, "outside", { segment: "lan", address: "172.30.1.200/24" });
    return stand;
  }

  /** The same world again over a copy of its kernel. */
  forked(): Stand {
    return new Stand(new TestNode(this.kernel.fork()));
  }

  get kernel(): Kernel {
    return this.base.kernel;
  }

  #addNode(name: string, at: number): void {
    const { hosts, network } = this.base;
    if (at > 0) {
      const ns = machine(network, name, { segment: "lan", address: `172.30.1.${2 + at}/24` });
      hosts.addMachine(
        { name, profile: "test", cpus: 2, memory: 4_000_000, bootedAt: this.kernel.now, bootId: "0", machineId: "1" },
        ns.id,
        100,
      );
      this.client.create(nodes, {
        metadata: { name, labels: { "kubernetes.io/hostname": name } },
        spec: { podCIDR: `10.244.${at}.0/24`, podCIDRs: [`10.244.${at}.0/24`] },
        status: { addresses: [{ type: "InternalIP", address: `172.30.1.${2 + at}` }], daemonEndpoints: { kubeletEndpoint: { Port: 10250 } }, nodeInfo: {} },
      }); // prettier-ignore
    }
    sysctl(this.node(name), "net.ipv4.ip_forward", 1);
    // Without a way to everywhere nobody answers for 169.254.1.1 (proxy_arp).
    route(this.node(name), "default via 172.30.1.200");
    for (const [other, before] of NODE_NAMES.slice(0, at).entries()) {
      route(this.node(name), `10.244.${other}.0/24 via 172.30.1.${2 + other}`);
      route(this.node(before), `10.244.${at}.0/24 via 172.30.1.${2 + at}`);
    }
  }

  node(name: string): Namespace {
    return this.base.network.namespace(name);
  }

  host(name: string): Host {
    return this.base.hosts.host(name)!;
  }

  /** Starts felix on each node, and lets it write its rules. */
  async startFelix(names: readonly string[] = this.nodeNames): Promise<void> {
    for (const name of names) {
      const pid = this.#spawn(name, "/usr/local/bin/kube-apiserver", []);
      felixesOf(this.base.hosts).started(new DaemonProcess(this.host(name), pid), {
        node: name,
        prefix: "cali",
        endpointToHost: "ACCEPT",
        kubeconfig: "/var/lib/kube-proxy/kubeconfig.conf",
      });
    }
    await this.pass(1);
  }

  async startProxy(mode: "iptables" | "nftables" = "iptables"): Promise<void> {
    const path = "/var/lib/kube-proxy/config.conf";
    for (const name of this.nodeNames) {
      const { files } = this.host(name);
      const text = decode(files.read(path, ROOT)).replace('mode: ""', `mode: ${mode}`);
      if (mode !== "iptables") files.write(path, encode(text), {}, { ...ROOT, umask: 0 });
      this.#spawn(name, "/usr/local/bin/kube-proxy", [`--config=${path}`, `--hostname-override=${name}`]);
    }
    await this.pass(3);
  }

  get nodeNames(): readonly string[] {
    return NODE_NAMES.filter((name) => this.base.hosts.host(name));
  }

  #spawn(host: string, path: string, flags: readonly string[]): number {
    return spawn(this.host(host), {
      path,
      argv: [path, ...flags],
      env: {},
      cwd: "/",
      as: ROOT,
      ppid: 1,
      log: { kind: "container", path: `/var/log/${path.slice(path.lastIndexOf("/") + 1)}.log` },
    });
  }

  async pass(seconds: number): Promise<void> {
    await run(this.kernel, () => false, this.kernel.now + seconds * SECOND);
  }

  #account(namespace: string): void {
    this.client.create(serviceAccounts, { metadata: { name: "default", namespace } });
  }

  addNamespace(name: string, labels: Readonly<Record<string, string>> = {}): void {
    this.client.create(namespaces, { metadata: { name, labels } });
    this.#account(name);
  }

  labelNamespace(name: string, labels: Readonly<Record<string, string>>): void {
    this.client.patch(namespaces, { name }, "merge-patch+json", { metadata: { labels } });
  }

  /** Takes a Pod's network away, as the plugin does when it has ended. */
  unplug({ name, namespace = "default", node }: PodSpec): void {
    const ns = this.node(node);
    deleteLink(ns, findLink(ns, vethName("cali", namespace, name))!.index);
  }

  /** The network of a Pod, with its cable; a Pod of the host's network has the node's. */
  wire(spec: PodSpec, address: string): Namespace {
    const node = this.node(spec.node);
    const { name, namespace = "default" } = spec;
    if (spec.hostNetwork) return node;
    const ns = addNamespace(node.network, node.machine, { label: `Pod ${name}` });
    const link = vethName("cali", namespace, name);
    must(createLink(node, { kind: "veth", name: link, peer: { name: "eth0", namespace: ns.id } }));
    must(bringUp(node, findLink(node, link)!.index));
    for (const own of ["lo", "eth0"]) up(ns, own);
    sysctl(node, `net.ipv4.conf.${link}.proxy_arp`, 1);
    route(node, `${address} dev ${link}`);
    give(ns, "eth0", `${address}/32`);
    route(ns, "169.254.1.1 dev eth0");
    route(ns, "default via 169.254.1.1 dev eth0");
    return ns;
  }

  /** A Pod that runs, in the API and in the network. */
  addPod(spec: PodSpec, address: string): Namespace {
    const ns = this.wire(spec, address);
    this.describePod(spec, address);
    return ns;
  }

  describePod(spec: PodSpec, address: string): Pod {
    const { name, namespace = "default", node, labels = {}, ports = [], hostNetwork } = spec;
    const pod = this.client.create(pods, {
      metadata: { name, namespace, labels },
      spec: {
        nodeName: node,
        containers: [{ name: "c", image: "nginx", ports }],
        ...(hostNetwork ? { hostNetwork } : {}),
      },
    });
    const ip = hostNetwork ? `172.30.1.${2 + NODE_NAMES.indexOf(node as never)}` : address;
    return this.client.updateStatus(pods, { ...pod, status: { ...pod.status, phase: "Running", podIP: ip, podIPs: [{ ip }] } }); // prettier-ignore
  }
}
