import { journalOf } from "../services.ts";
import type { Machine } from "../machine.ts";
import type { ProcessRow } from "./process-row.ts";
import { usageOf } from "./usage.ts";

/**
 * A process takes so many bytes of memory, in place of what it took before. Programs that say nothing of theirs have the size
 * that the usage model gives them. Where the processes of a container then use more than its limit, the kernel ends all of them
 * (memory.oom.group, which the kubelet sets since 1.28); false if that was so.
 */
export function allocate(machine: Machine, pid: number, bytes: number): boolean {
  machine.updateProcess(pid, { allocated: bytes });
  const row = machine.process(pid);
  const host = row && machine.hosts.host(row.host);
  const limit = host?.row.memoryLimit;
  if (!host || limit === undefined || memoryOf(machine, host.name) <= limit) return true;
  host.update({ oomKills: (host.row.oomKills ?? 0) + 1 });
  for (const victim of machine.processesOf(host.name)) {
    if (victim.state === "zombie") continue;
    tell(machine, victim, host.row.oomScoreAdj ?? 0);
    machine.signal(victim.pid, "SIGKILL");
  }
  return false;
}

/** Bytes that the processes of a host use, without what they share with others. */
export function memoryOf(machine: Machine, host: string): number {
  let sum = 0;
  for (const row of machine.processesOf(host)) {
    const { resident, shared } = usageOf(row, machine.kernel.now);
    sum += (resident - shared) * 1024;
  }
  return sum;
}

/** mm/oom_kill.c __oom_kill_process */
function tell(machine: Machine, row: ProcessRow, score: number): void {
  const { virtual, resident, shared } = usageOf(row, machine.kernel.now);
  journalOf(machine).write({
    identifier: "kernel",
    pid: 0,
    priority: 3,
    message: `Memory cgroup out of memory: Killed process ${row.pid} (${row.comm}) total-vm:${virtual}kB, anon-rss:${resident - shared}kB, file-rss:${shared}kB, shmem-rss:0kB, UID:${row.uid} pgtables:${Math.ceil(virtual / 512) + 48}kB oom_score_adj:${score}`,
  });
}
