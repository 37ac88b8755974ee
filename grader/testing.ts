import type { Application, DnsRecord, Namespace } from "../server/sim/net/index.ts";
import { dnsReply } from "../server/sim/net/index.ts";
import {
  cluster as nodesAndRouter,
  clusterPod,
  iptables,
  listen,
  type Cluster as Lan,
} from "../server/sim/net/testing.ts";
import { testKernel, turn } from "../server/sim/kernel/testing.ts";
import { testHosts } from "../server/sim/host/testing.ts";
import type { Host, Program } from "../server/sim/host/index.ts";
import { anyKind, type ApiServer, type Kind, type KubeObject } from "../server/sim/kube/api/index.ts";
import {
  configMaps,
  deployments,
  endpointSlices,
  ingressClasses,
  ingresses,
  namespaces,
  nodes,
  pods,
  services,
} from "../server/sim/kube/kinds/index.ts";
import { World } from "../server/sim/world/index.ts";
import { Check, type CheckInput } from "./checks/schemas.ts";
import { Scene } from "./scene/scene.ts";

const KINDS = { configMaps, deployments, endpointSlices, ingressClasses, ingresses, namespaces, nodes, pods, services };
const NODES = ["controlplane", "node01"] as const;
/** What the nodes are called on their LAN (net/testing.ts). */
export const NODE_ADDRESSES = ["192.168.56.11", "192.168.56.12"] as const;
export const DNS = "10.96.0.10";

/**
 * A cluster of straw: two nodes with flannel's network and an outsider, an API server whose objects are put straight into its
 * store, Pods with containers that run nothing, and Services as rules of DNAT written by hand.
 */
export class TestScene {
  readonly world: World;
  readonly api: ApiServer;
  readonly #lan: Lan;
  #pods = 2;
  #uid = 0;

  constructor(programs: readonly Program[] = []) {
    const kernel = testKernel();
    nodesAndRouter(kernel);
    const { hosts } = testHosts(programs);
    const code = { programs: hosts.programs, profiles: [hosts.profile("test")] };
    this.world = World.restore(code, kernel.snapshot(), { turn });
    const { network } = this.world;
    for (const name of [...NODES, "router", "outside"]) this.#machine(name);
    const ns = (name: string): Namespace => network.namespace(name);
    this.#lan = { network, router: ns("router"), outside: ns("outside"), nodes: [ns(NODES[0]), ns(NODES[1])] };
    this.api = this.world.clusters.add({ name: "kubernetes", version: "v1.33.1", created: kernel.now }).api;
    for (const [at, name] of NODES.entries())
      this.put("nodes", {
        metadata: { name },
        spec: {},
        status: { addresses: [{ type: "InternalIP", address: NODE_ADDRESSES[at]! }] },
      });
  }

  get scene(): Scene {
    return new Scene(this.world);
  }

  node(at: 0 | 1): Namespace {
    return this.#lan.nodes[at];
  }

  /** Stores an object; returns it as it stands there. */
  put(kind: keyof typeof KINDS, object: object): KubeObject {
    const any = anyKind(KINDS[kind] as unknown as Kind);
    const given = object as KubeObject;
    const { namespace = "", name } = given.metadata;
    const previous = this.api.store.get(any, namespace, name);
    if (previous) {
      const metadata = { ...previous.metadata, ...given.metadata };
      return this.api.store.update(any, { ...given, metadata }, previous);
    }
    const born = { uid: `uid-${++this.#uid}`, creationTimestamp: "2026-11-21T09:00:00Z" };
    return this.api.store.create(any, { ...given, metadata: { ...given.metadata, ...born } });
  }

  remove(kind: keyof typeof KINDS, namespace: string, name: string): void {
    const any = anyKind(KINDS[kind] as unknown as Kind);
    this.api.store.delete(any, this.api.store.get(any, namespace, name)!);
  }

  /** A running, ready Pod of one container. Returns its address, namespace and container. */
  pod(
    name: string,
    options: {
      labels?: Record<string, string>;
      on?: 0 | 1;
      namespace?: string;
      ready?: boolean;
      ports?: object[];
    } = {},
  ): { ns: Namespace; host: Host; address: string } {
    const { labels = {}, on = 1, namespace = "shop", ready = true, ports = [] } = options;
    const last = ++this.#pods;
    const address = `10.244.${on}.${last}`;
    const ns = clusterPod(this.#lan, on, name, last);
    const id = `container-${name}`;
    const { hosts } = this.world;
    const host = hosts.addHost({
      name: id,
      machine: NODES[on],
      kind: "container",
      hostname: name,
      netns: ns.id,
      mounts: [{ at: "/", source: "overlay", type: "overlay", files: { id, root: 1 } }],
      label: `Pod ${name}`,
    });
    host.files.mkdir("/etc");
    const searched = `${namespace}.svc.cluster.local svc.cluster.local cluster.local`;
    host.files.write("/etc/resolv.conf", `search ${searched}\nnameserver ${DNS}\noptions ndots:5\n`);
    this.put("pods", {
      metadata: { name, namespace, labels },
      spec: { nodeName: NODES[on], containers: [{ name: "main", image: "test", ports }] },
      status: {
        phase: "Running",
        podIP: address,
        conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
        containerStatuses: [
          { name: "main", ready, state: { running: {} }, lastState: {}, containerID: `containerd://${id}` },
        ],
      },
    });
    return { ns, host, address };
  }

  /** A Service; `endpoints` are where it sends to (and what its EndpointSlice says), in turn. */
  service(
    name: string,
    address: string,
    ports: readonly { name?: string; port: number; targetPort: number | string; nodePort?: number }[],
    options: {
      selector?: Record<string, string>;
      endpoints?: readonly { address: string; port: number }[];
      namespace?: string;
      protocol?: "TCP" | "UDP";
    } = {},
  ): void {
    const { selector, endpoints = [], namespace = "shop", protocol = "TCP" } = options;
    const nodePort = ports.some((port) => port.nodePort !== undefined);
    this.put("services", {
      metadata: { name, namespace },
      spec: {
        type: nodePort ? "NodePort" : "ClusterIP",
        clusterIP: address,
        clusterIPs: [address],
        ports: ports.map((port) => ({ protocol, ...port })),
        ...(selector ? { selector } : {}),
      },
      status: { loadBalancer: {} },
    });
    this.put("endpointSlices", {
      metadata: { name: `${name}-abcde`, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: endpoints.length > 0 ? ports.map((port) => ({ ...port, port: endpoints[0]!.port })) : null,
      endpoints: endpoints.map((endpoint) => ({ addresses: [endpoint.address], conditions: { ready: true } })),
    });
    for (const node of this.#lan.nodes)
      for (const { port, nodePort: opened } of ports) {
        const match = `-d ${address}/32 -p ${protocol.toLowerCase()} --dport ${port}`;
        rules(node, match, endpoints);
        if (opened !== undefined) rules(node, `-p tcp --dport ${opened}`, endpoints);
        if (endpoints.length === 0)
          for (const chain of ["FORWARD", "OUTPUT"])
            iptables(node, `-A ${chain} ${match} -j REJECT --reject-with icmp-port-unreachable`);
      }
  }

  /** A web server in a Pod, or at any namespace. */
  web(ns: Namespace, port: number, text: string, status = 200): void {
    const name = `web/${ns.id}/${port}`;
    const http: Application["http"] = () => ({
      status,
      reason: "OK",
      headers: [["Content-Length", String(text.length)]],
      body: text,
    });
    this.world.network.serve(name, { http });
    listen(ns, port, { application: name });
  }

  /** kube-dns with these names; everything else does not exist. */
  dns(names: Readonly<Record<string, readonly string[]>>): void {
    const { ns, address } = this.pod("coredns", { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } });
    this.service("kube-dns", DNS, [{ name: "dns", port: 53, targetPort: 53 }], {
      namespace: "kube-system",
      protocol: "UDP",
      selector: { "k8s-app": "kube-dns" },
      endpoints: [{ address, port: 53 }],
    });
    this.world.network.serve("test-dns", {
      dns(query) {
        const [question] = query.questions;
        const found = names[question!.name.replace(/\.$/, "")];
        const answers = (found ?? []).map((given): DnsRecord => ({
          name: question!.name,
          type: "A",
          ttl: 30,
          address: given,
        }));
        return { message: dnsReply(query, { rcode: found ? "NOERROR" : "NXDOMAIN", answers }) };
      },
    });
    listen(ns, 53, { protocol: "udp", application: "test-dns" });
  }

  #machine(name: string): void {
    const { hosts } = this.world;
    const machine = hosts.addMachine(
      {
        name,
        profile: "test",
        cpus: 1,
        memory: 1_000_000,
        bootedAt: this.world.now,
        bootId: "0".repeat(32),
        machineId: "1".repeat(32),
      },
      name,
      100,
    );
    if (!machine.host.files.exists("/etc/resolv.conf"))
      machine.host.files.write("/etc/resolv.conf", "nameserver 192.0.2.1\n");
  }
}

/** Each endpoint in turn, as the statistic match does it for kube-proxy. */
function rules(node: Namespace, match: string, endpoints: readonly { address: string; port: number }[]): void {
  for (const chain of ["PREROUTING", "OUTPUT"])
    for (const [at, { address, port }] of endpoints.entries()) {
      const left = endpoints.length - at;
      const chance = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(5)}` : "";
      iptables(node, `-t nat -A ${chain} ${match}${chance} -j DNAT --to-destination ${address}:${port}`);
    }
  // What would come back another way: from a Pod to itself, and from outside.
  for (const { address } of endpoints)
    iptables(node, `-t nat -A POSTROUTING -s ${address}/32 -d ${address}/32 -j MASQUERADE`);
  iptables(node, "-t nat -A POSTROUTING ! -s 10.244.0.0/16 -d 10.244.0.0/16 -j MASQUERADE");
}

/** A check as a lab would write it. */
export function check(input: Omit<CheckInput, "id" | "points" | "says"> & Partial<CheckInput>): Check {
  return Check.parse({ id: "it", points: 2, says: "It works", ...input });
}
