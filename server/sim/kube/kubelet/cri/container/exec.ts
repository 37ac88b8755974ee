import { exitCode, FdTable, MemoryInput, MemoryOutput, type ExitStatus } from "../../../../host/index.ts";
import { SECOND } from "../../../../kernel/index.ts";
import { rpcError, type Done } from "../api.ts";
import { PACE } from "../pace.ts";
import type { OperationRow } from "../rows.ts";
import { EVENTS, type Containerd } from "../runtime.ts";
import { spawnCommand } from "./spawn.ts";
import { commandOf } from "./start.ts";

type ExecOperation = Extract<OperationRow, { kind: "exec" }>;

const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** ExecSync: runs a command to its end. Answers with `{ stdout, stderr, exitCode }`. `timeout` in seconds; 0 waits for ever. */
export function execSync(
  runtime: Containerd,
  container: string,
  command: readonly string[],
  timeout: number,
  done: Done,
): void {
  if (runtime.refuses(done)) return;
  runExec(runtime, runtime.begin("exec", { container, command, timeout }, done));
}

/** After a restore the command starts again. */
export function runExec(runtime: Containerd, op: ExecOperation): void {
  const { container, command, timeout } = op.data;
  const row = runtime.containers.get(container);
  if (row?.state !== "running")
    return refuse(runtime, op, `container is in CONTAINER_${(row?.state ?? "unknown").toUpperCase()} state`);
  const base = commandOf(runtime, row);
  if ("error" in base) return refuse(runtime, op, base.error);
  const output = { stdout: new MemoryOutput(OUTPUT_LIMIT), stderr: new MemoryOutput(OUTPUT_LIMIT) };
  const host = runtime.machine.hosts.host(container)!;
  const spawned = spawnCommand(
    host,
    { ...base, argv: command },
    {
      ppid: runtime.sandboxes.get(row.sandbox)?.shimPid ?? 1,
      fds: new FdTable([
        [0, new MemoryInput("")],
        [1, output.stdout],
        [2, output.stderr],
      ]),
      onExit: { kind: EVENTS.execEnded, args: { op: op.id } },
    },
  );
  if ("error" in spawned) return refuse(runtime, op, execFailed(runtime.newId(), spawned.error));
  if ("refused" in spawned)
    return runtime.finish(op, { ok: { stdout: "", stderr: `${spawned.refused}\n`, exitCode: 255 } });
  runtime.outputs.set(op.id, output);
  const timer = timeout > 0 ? { timer: op.data.timer ?? runtime.later(op, timeout * SECOND) } : {};
  runtime.update(op, { pid: spawned.pid, ...timer });
}

/** What containerd and runc say of a command that cannot be run. */
export function execFailed(id: string, why: string): string {
  return `failed to exec in container: failed to start exec ${JSON.stringify(id)}: OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown`;
}

function refuse(runtime: Containerd, op: ExecOperation, why: string): void {
  runtime.operations.delete(op.id);
  runtime.answer(op.done, rpcError(why), PACE.answer);
}

/** The time is over. */
export function stepExec(runtime: Containerd, op: ExecOperation): void {
  const { pid, timeout } = op.data;
  runtime.finish(
    op,
    rpcError(
      `failed to exec in container: timeout ${timeout}s exceeded: context deadline exceeded`,
      "DeadlineExceeded",
    ),
  );
  if (pid !== undefined) runtime.machine.signal(pid, "SIGKILL");
}

export function execEnded(runtime: Containerd, op: ExecOperation, status: ExitStatus): void {
  const output = runtime.outputs.get(op.id);
  if (!output) return;
  if (op.data.timer !== undefined) runtime.kernel.cancel(op.data.timer);
  runtime.finish(op, {
    ok: { stdout: output.stdout.take(), stderr: output.stderr.take(), exitCode: exitCode(status) },
  });
}
