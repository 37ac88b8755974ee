import { INTERNET_ADDRESSES } from "../world/internet/index.ts";
import type { ClusterSpec, MachineSpec, Topology } from "../world/topology.ts";

const LAN_LATENCY = 120_000;
const INTERNET_LATENCY = 4_000_000;
const DNS = ["1.1.1.1", "8.8.8.8"] as const;
/** Private addresses do not leave the house: providers drop them. */
const PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"] as const;
/**
 * `kubeadm init --pod-network-cidr`: flannel's and calico's manifests go with kubeadm's customary range. Weave takes Pods' addresses
 * from its own IPALLOC_RANGE, and kube-proxy has to be told of that one ("make sure it matches the IPALLOC_RANGE given to Weave Net"
 * in its documentation): else it takes Pods for outsiders and puts the node's address on what they send to Services.
 */
const POD_SUBNET = {
  flannel: "10.244.0.0/16",
  calico: "10.244.0.0/16",
  none: "10.244.0.0/16",
  weave: "10.32.0.0/12",
} as const satisfies Record<ClusterSpec["cni"], string>;
const UNITS = ["systemd-journald.service", "systemd-resolved.service", "ssh.service"] as const;

function node(name: string, network: string, subnet: string): MachineSpec {
  return {
    name,
    profile: "ubuntu24",
    cpus: 2,
    memory: 4_011_612,
    interfaces: [{ name: "eth0", network, addresses: [`${subnet}.2/24`] }],
    gateway: `${subnet}.1`,
    nameservers: DNS,
    units: UNITS,
  };
}

/** How a world of kubeadm differs from the usual one. */
export interface KubeadmOptions {
  readonly cni?: ClusterSpec["cni"];
  readonly proxyMode?: NonNullable<ClusterSpec["proxyMode"]>;
  readonly addOns?: NonNullable<ClusterSpec["addOns"]>;
  /** Machines of the cluster: `controlplane`, `node01`, `node02`… */
  readonly nodes?: number;
}

/**
 * A cluster of kubeadm with `controlplane` and workers, each in a network of its own behind a router, and `outside`, a machine
 * that belongs to no cluster. Addresses as in facts/node.md.
 */
export function kubeadmTopology({ cni = "flannel", proxyMode, addOns, nodes = 2 }: KubeadmOptions = {}): Topology {
  const workers = Array.from({ length: nodes - 1 }, (_, index) => `node${String(index + 1).padStart(2, "0")}`);
  const names = ["controlplane", ...workers];
  return {
    networks: [
      ...names.map((_, index) => ({ name: `lan${index + 1}`, latency: LAN_LATENCY })),
      { name: "office", latency: LAN_LATENCY },
      { name: "uplink", latency: INTERNET_LATENCY },
    ],
    machines: [
      router(nodes),
      {
        name: "internet",
        profile: "appliance",
        cpus: 1,
        memory: 524_288,
        daemons: ["internet"],
        router: true,
        interfaces: [{ name: "eth0", network: "uplink", addresses: ["203.0.113.1/24"] }],
        gateway: "203.0.113.2",
        ownAddresses: INTERNET_ADDRESSES,
      },
      {
        name: "outside",
        profile: "ubuntu24",
        cpus: 1,
        memory: 2_005_806,
        interfaces: [{ name: "eth0", network: "office", addresses: ["192.168.100.10/24"] }],
        gateway: "192.168.100.1",
        nameservers: DNS,
        units: UNITS,
      },
      ...names.map((name, index) => node(name, `lan${index + 1}`, `172.30.${index + 1}`)),
    ],
    clusters: [
      {
        name: "kubernetes",
        version: "v1.33.1",
        controlPlane: "controlplane",
        workers,
        podSubnet: POD_SUBNET[cni],
        serviceSubnet: "10.96.0.0/12",
        cni,
        ...(proxyMode === undefined ? {} : { proxyMode }),
        ...(addOns === undefined ? {} : { addOns }),
      },
    ],
  };
}

/** Its cards: one for each node's network, then the office's and the uplink's. */
function router(nodes: number): MachineSpec {
  const lans = Array.from({ length: nodes }, (_, index) => ({
    network: `lan${index + 1}`,
    addresses: [`172.30.${index + 1}.1/24`],
  }));
  const others = [
    { network: "office", addresses: ["192.168.100.1/24"] },
    { network: "uplink", addresses: ["203.0.113.2/24"] },
  ];
  return {
    name: "router",
    profile: "appliance",
    cpus: 1,
    memory: 524_288,
    router: true,
    interfaces: [...lans, ...others].map((card, index) => ({ name: `eth${index}`, ...card })),
    gateway: "203.0.113.1",
    blackholes: PRIVATE,
  };
}

/** The labs' usual world: two nodes, flannel. */
export const kubeadm: Topology = kubeadmTopology();
