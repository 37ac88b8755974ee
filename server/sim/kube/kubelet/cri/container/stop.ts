import { exitCode, parseSignal, type ExitStatus } from "../../../../host/index.ts";
import { SECOND } from "../../../../kernel/index.ts";
import type { Done } from "../api.ts";
import { flushLog } from "../logs/write.ts";
import { PACE } from "../pace.ts";
import type { OperationRow } from "../rows.ts";
import type { Containerd } from "../runtime.ts";

/**
 * StopContainer: the stop signal, and after `timeout` seconds SIGKILL. Answers with `{}` when the container has ended
 * (containerd pkg/cri/server/container_stop.go).
 */
export function stopContainer(runtime: Containerd, container: string, timeout: number, done: Done): void {
  if (runtime.refuses(done)) return;
  const row = runtime.containers.get(container);
  if (row?.state !== "running") return runtime.answer(done, { ok: {} }, PACE.answer);
  const op = runtime.begin("stop", { container }, done);
  const image = runtime.source.byName(row.image);
  const signal = parseSignal(row.config.stopSignal ?? image?.config.stopSignal ?? "SIGTERM") ?? "SIGTERM";
  if (timeout > 0) runtime.update(op, { timer: runtime.later(op, timeout * SECOND) });
  if (row.pid !== undefined) runtime.machine.signal(row.pid, timeout > 0 ? signal : "SIGKILL");
}

/** The grace period is over. */
export function stepStop(runtime: Containerd, op: Extract<OperationRow, { kind: "stop" }>): void {
  const row = runtime.containers.get(op.data.container);
  if (row?.pid !== undefined) runtime.machine.signal(row.pid, "SIGKILL");
}

/** The first process of a container has ended, and with it the container. */
export function containerExited(runtime: Containerd, container: string, pid: number, status: ExitStatus): void {
  const row = runtime.containers.get(container);
  if (row?.state !== "running" || (row.pid !== undefined && row.pid !== pid)) return;
  flushLog(runtime, row);
  const code = exitCode(status);
  const host = runtime.machine.hosts.host(container);
  const oomKilled = (host?.row.oomKills ?? 0) > 0;
  const { pid: _, ...kept } = row;
  runtime.containers.set(container, {
    ...kept,
    state: "exited",
    finishedAt: runtime.kernel.now,
    exitCode: code,
    reason: code === 0 ? "Completed" : oomKilled ? "OOMKilled" : "Error",
  });
  // The shim kills what is left in the cgroup where no process namespace ends with its first process.
  if (host?.row.pidns !== undefined)
    for (const left of runtime.machine.processesOf(container)) runtime.machine.signal(left.pid, "SIGKILL");
  runtime.streams.get(container)?.close();
  runtime.streams.delete(container);
  runtime.logChanged(container);
  runtime.podChanged(row.podUid);
  for (const op of runtime.operations.values()) {
    if (op.kind !== "stop" || op.data.container !== container) continue;
    if (op.data.timer !== undefined) runtime.kernel.cancel(op.data.timer);
    runtime.operations.delete(op.id);
    runtime.answer(op.done, { ok: {} }, PACE.reap);
  }
}
