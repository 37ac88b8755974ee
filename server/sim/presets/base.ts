import type { Topology } from "../world/topology.ts";

/** The machine behind which the hosts of an exam's tasks are: its sshd passes logins on. */
export const TASKS_MACHINE = "tasks";
/** An exam has no more parts. */
export const MOST_HOSTS = 40;

const FIRST = 11;

/** The address under which the host of a part (counted from 0) is known on the base. */
export function hostAddress(part: number): string {
  return `10.0.0.${FIRST + part}`;
}

/** The part behind an address. */
export function hostNumber(address: string): number {
  return Number(address.split(".").at(-1)) - FIRST;
}

/** The base of an exam, and in its network the way to the tasks' hosts. There is no cluster, and no kubectl. */
export const BASE: Topology = {
  networks: [{ name: "lan", latency: 120_000 }],
  machines: [
    {
      name: "base",
      profile: "ubuntu24",
      cpus: 2,
      memory: 4_011_612,
      interfaces: [{ name: "eth0", network: "lan", addresses: ["10.0.0.2/24"] }],
      units: ["systemd-journald.service"],
    },
    {
      name: TASKS_MACHINE,
      profile: "ubuntu24",
      cpus: 1,
      memory: 1_011_612,
      interfaces: [
        {
          name: "eth0",
          network: "lan",
          addresses: Array.from({ length: MOST_HOSTS }, (_, part) => `${hostAddress(part)}/24`),
        },
      ],
      units: ["systemd-journald.service", "ssh.service"],
    },
  ],
  clusters: [],
};
