import { INTERNET_ADDRESSES } from "../world/internet/index.ts";
import type { Topology } from "../world/topology.ts";

/** A machine with Docker Engine behind a router that leads to the internet: for what containers had before there was Kubernetes. */
export const docker: Topology = {
  networks: [
    { name: "lan", latency: 120_000 },
    { name: "uplink", latency: 4_000_000 },
  ],
  machines: [
    {
      name: "router",
      profile: "appliance",
      cpus: 1,
      memory: 524_288,
      router: true,
      interfaces: [
        { name: "eth0", network: "lan", addresses: ["192.168.56.1/24"] },
        { name: "eth1", network: "uplink", addresses: ["203.0.113.2/24"] },
      ],
      gateway: "203.0.113.1",
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
      name: "docker",
      profile: "ubuntu24",
      cpus: 2,
      memory: 4_011_612,
      interfaces: [{ name: "eth0", network: "lan", addresses: ["192.168.56.11/24"] }],
      gateway: "192.168.56.1",
      nameservers: ["1.1.1.1", "8.8.8.8"],
      packages: ["docker"],
      units: [
        "systemd-journald.service",
        "systemd-resolved.service",
        "ssh.service",
        "containerd.service",
        "docker.service",
      ],
    },
    {
      name: "outside",
      profile: "ubuntu24",
      cpus: 1,
      memory: 1_011_612,
      interfaces: [{ name: "eth0", network: "lan", addresses: ["192.168.56.20/24"] }],
      gateway: "192.168.56.1",
      nameservers: ["1.1.1.1", "8.8.8.8"],
      units: ["systemd-journald.service", "systemd-resolved.service", "ssh.service"],
    },
  ],
  clusters: [],
};
