import { usageOf, type ProcessRow } from "../../../host/index.ts";
import type { Time } from "../../../kernel/index.ts";
import type { Pod } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";

/** What processes of one cgroup use: the same that ps and top show of them. */
export interface Consumption {
  /** Microseconds of processor time since they started. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

export interface ContainerConsumption extends Consumption {
  readonly name: string;
  readonly startedAt: Time;
}

export interface PodConsumption extends Consumption {
  readonly pod: Pod;
  readonly uid: string;
  readonly startedAt: Time;
  readonly containers: readonly ContainerConsumption[];
}

/** What the Pods of a node use at a time, which may be past: running containers only (stats/cri_stats_provider.go). */
export function podConsumption(kubelet: Kubelet, at: Time = kubelet.kernel.now): readonly PodConsumption[] {
  const { runtime, machine } = kubelet;
  const byHost = Map.groupBy(machine.processes(), ({ host }) => host);
  const found: PodConsumption[] = [];
  for (const { pod, uid } of kubelet.pods.values()) {
    const sandbox = [...runtime.sandboxesOf(uid)].findLast(({ state }) => state === "ready");
    if (!sandbox || sandbox.createdAt > at) continue;
    const pause = sandbox.pid === undefined ? undefined : machine.process(sandbox.pid);
    const containers: ContainerConsumption[] = [];
    for (const row of runtime.containersOf(uid)) {
      if (row.state !== "running" || row.startedAt > at) continue;
      const processes = byHost.get(row.id) ?? [];
      containers.push({ name: row.config.name, startedAt: row.startedAt, ...sum(processes, at) });
    }
    const all = [...containers, sum(pause ? [pause] : [], at)];
    found.push({
      pod,
      uid,
      startedAt: sandbox.createdAt,
      containers,
      cpu: all.reduce((total, { cpu }) => total + cpu, 0),
      memory: all.reduce((total, { memory }) => total + memory, 0),
    });
  }
  return found;
}

/** What the whole node uses: processor time of all processes, and the memory that free shows as not available. */
export function nodeConsumption(kubelet: Kubelet, at: Time = kubelet.kernel.now): Consumption {
  const { cpu } = sum(kubelet.machine.processes(), at);
  const text = kubelet.host.readText("/proc/meminfo") ?? "";
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  return { cpu, memory: (field("MemTotal") - field("MemAvailable")) * 1024 };
}

function sum(processes: readonly ProcessRow[], at: Time): Consumption {
  let [cpu, memory] = [0, 0];
  for (const row of processes) {
    if (row.startedAt > at) continue;
    const { time, resident, shared } = usageOf(row, at);
    cpu += time;
    memory += (resident - shared) * 1024;
  }
  return { cpu, memory };
}
