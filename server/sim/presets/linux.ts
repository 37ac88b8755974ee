import type { Topology } from "../world/topology.ts";

/** An Ubuntu machine and another one, `outside`, in a network with a router: for what has nothing to do with Kubernetes. */
export const linux: Topology = {
  networks: [{ name: "lan", latency: 120_000 }],
  machines: [
    {
      name: "router",
      profile: "appliance",
      cpus: 1,
      memory: 524_288,
      router: true,
      interfaces: [{ name: "eth0", network: "lan", addresses: ["192.168.56.1/24"] }],
    },
    {
      name: "linux",
      profile: "ubuntu24",
      cpus: 2,
      memory: 4_011_612,
      interfaces: [{ name: "eth0", network: "lan", addresses: ["192.168.56.11/24"] }],
      gateway: "192.168.56.1",
      units: ["systemd-journald.service", "ssh.service"],
    },
    {
      name: "outside",
      profile: "ubuntu24",
      cpus: 1,
      memory: 1_011_612,
      interfaces: [{ name: "eth0", network: "lan", addresses: ["192.168.56.20/24"] }],
      gateway: "192.168.56.1",
      units: ["systemd-journald.service", "ssh.service"],
    },
  ],
  clusters: [],
};
