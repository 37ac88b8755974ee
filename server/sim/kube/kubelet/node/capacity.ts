import type { Kubelet } from "../kubelet.ts";

/** The disk of every machine, in KiB, and what the kubelet leaves free of it. */
const DISK_KIB = 19_221_248;
const EVICTION_PERCENT = 10;
const EVICTION_MEMORY_KIB = 100 * 1024;

type Resources = Readonly<Record<string, string>>;

/** What the machine has (nodestatus/setters.go MachineInfo). */
export function capacity(kubelet: Kubelet): Resources {
  const { cpus, memory } = kubelet.machine.row;
  return {
    cpu: String(cpus),
    "ephemeral-storage": `${DISK_KIB}Ki`,
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    memory: `${memory}Ki`,
    pods: String(kubelet.running.settings.maxPods),
  };
}

/** What of it is for Pods: without the thresholds of eviction. */
export function allocatable(kubelet: Kubelet): Resources {
  const disk = BigInt(DISK_KIB) * 1024n;
  return {
    ...capacity(kubelet),
    "ephemeral-storage": String(disk - (disk * BigInt(EVICTION_PERCENT)) / 100n),
    memory: `${kubelet.machine.row.memory - EVICTION_MEMORY_KIB}Ki`,
  };
}
