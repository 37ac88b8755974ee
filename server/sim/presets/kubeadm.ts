import { INTERNET_ADDRESSES } from "../world/internet/index.ts";
import type { MachineSpec, Topology } from "../world/topology.ts";

const LAN_LATENCY = 120_000;
const INTERNET_LATENCY = 4_000_000;
const DNS = ["1.1.1.1", "8.8.8.8"] as const;
/** Private addresses do not leave the house: providers drop them. */
const PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"] as const;
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

/**
 * The labs' usual world: a cluster of kubeadm with `controlplane` and `node01`, each in a network of its own behind a router,
 * and `outside`, a machine that belongs to no cluster. Addresses as in facts/node.md.
 */
export const kubeadm: Topology = {
  networks: [
    { name: "lan1", latency: LAN_LATENCY },
    { name: "lan2", latency: LAN_LATENCY },
    { name: "office", latency: LAN_LATENCY },
    { name: "uplink", latency: INTERNET_LATENCY },
  ],
  machines: [
    {
      name: "router",
      profile: "appliance",
      cpus: 1,
      memory: 524_288,
      router: true,
      interfaces: [
        { name: "eth0", network: "lan1", addresses: ["172.30.1.1/24"] },
        { name: "eth1", network: "lan2", addresses: ["172.30.2.1/24"] },
        { name: "eth2", network: "office", addresses: ["192.168.100.1/24"] },
        { name: "eth3", network: "uplink", addresses: ["203.0.113.2/24"] },
      ],
      gateway: "203.0.113.1",
      blackholes: PRIVATE,
    },
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
    node("controlplane", "lan1", "172.30.1"),
    node("node01", "lan2", "172.30.2"),
  ],
  clusters: [
    {
      name: "kubernetes",
      version: "v1.33.1",
      controlPlane: "controlplane",
      workers: ["node01"],
      podSubnet: "10.244.0.0/16",
      serviceSubnet: "10.96.0.0/12",
      cni: "flannel",
    },
  ],
};
