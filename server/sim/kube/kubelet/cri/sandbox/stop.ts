import type { ExitStatus } from "../../../../host/index.ts";
import { rpcError, type Done } from "../api.ts";
import { beginChain, LOOPBACK, pluginEnded, runPlugin, type Progress } from "../cni/chain.ts";
import { PACE } from "../pace.ts";
import type { OperationRow } from "../rows.ts";
import type { Containerd } from "../runtime.ts";
import { removeSandboxFiles } from "./files.ts";
import { dropNamespace } from "./namespace.ts";
import { capabilities, cniArguments, pluginParent } from "./run.ts";

type StopOperation = Extract<OperationRow, { kind: "stop-sandbox" }>;

/**
 * StopPodSandbox: kills what still runs in it, then tears its network down (containerd pkg/cri/server/sandbox_stop.go).
 * Answers with `{}`; a sandbox that is not there is stopped.
 */
export function stopSandbox(runtime: Containerd, id: string, done: Done): void {
  if (runtime.refuses(done)) return;
  const row = runtime.sandboxes.get(id);
  if (!row) return runtime.answer(done, { ok: {} }, PACE.answer);
  const op = runtime.begin("stop-sandbox", { id, step: "containers" }, done);
  for (const container of runtime.containers.values())
    if (container.sandbox === id && container.pid !== undefined) runtime.machine.signal(container.pid, "SIGKILL");
  const { pid, ...kept } = row;
  runtime.sandboxes.set(id, { ...kept, state: "notready" });
  if (pid !== undefined) runtime.machine.signal(pid, "SIGKILL");
  runtime.later(op, PACE.stopSandbox);
}

export function stepStopSandbox(runtime: Containerd, op: StopOperation): void {
  const row = runtime.sandboxes.get(op.data.id);
  if (!row?.netnsPath) return finish(runtime, op);
  const { network } = runtime.cni;
  if (!network) return failed(runtime, op, "cni plugin not initialized");
  const chain = beginChain({
    command: "DEL",
    containerId: row.id,
    netns: row.netnsPath,
    args: cniArguments(row.id, row.config),
    binDirs: runtime.config.cniBinDirs,
    capabilities: capabilities(row.config),
    networks: [LOOPBACK, { config: network, interfaceName: "eth0" }],
  });
  const here = runtime.update(op, { step: "network" });
  proceed(runtime, here, runPlugin(pluginParent(runtime, here), chain));
}

export function stopSandboxPlugin(runtime: Containerd, op: StopOperation, status: ExitStatus): void {
  const output = runtime.outputs.get(op.id);
  if (!op.data.chain || !output) return;
  proceed(runtime, op, pluginEnded(pluginParent(runtime, op), op.data.chain, output, status));
}

export function resumeStopSandbox(runtime: Containerd, op: StopOperation): void {
  if (op.data.chain) proceed(runtime, op, runPlugin(pluginParent(runtime, op), op.data.chain));
}

function proceed(runtime: Containerd, op: StopOperation, progress: Progress): void {
  if ("waiting" in progress) {
    runtime.outputs.set(op.id, progress.output);
    runtime.update(op, { chain: progress.waiting });
  } else if ("error" in progress) failed(runtime, op, progress.error);
  else {
    const row = runtime.sandboxes.get(op.data.id);
    if (row?.netns !== undefined && row.netnsPath !== undefined) {
      dropNamespace(runtime, row.netns, row.netnsPath);
      const { netnsPath: _, netns: __, ...kept } = row;
      runtime.sandboxes.set(row.id, kept);
    }
    finish(runtime, op);
  }
}

function failed(runtime: Containerd, op: StopOperation, why: string): void {
  runtime.finish(op, rpcError(`failed to destroy network for sandbox ${JSON.stringify(op.data.id)}: ${why}`));
}

function finish(runtime: Containerd, op: StopOperation): void {
  const row = runtime.sandboxes.get(op.data.id);
  if (row?.shimPid !== undefined) {
    const { shimPid, ...kept } = row;
    runtime.sandboxes.set(row.id, kept);
    runtime.machine.signal(shimPid, "SIGKILL");
  }
  runtime.finish(op, { ok: {} });
}

/** RemovePodSandbox: forgets a stopped sandbox. Its containers were removed before. */
export function removeSandbox(runtime: Containerd, id: string): void {
  if (!runtime.sandboxes.has(id)) return;
  removeSandboxFiles(runtime, id);
  runtime.sandboxes.delete(id);
}

/** The pause process or the shim has ended by itself: so has the sandbox, and what runs in it. */
export function sandboxEnded(runtime: Containerd, id: string, pid: number): void {
  const row = runtime.sandboxes.get(id);
  if (!row || (row.pid !== pid && row.shimPid !== pid)) return;
  if (row.shimPid === pid)
    for (const container of runtime.containers.values())
      if (container.sandbox === id && container.pid !== undefined) runtime.machine.signal(container.pid, "SIGKILL");
  const { pid: pausePid, shimPid, ...kept } = row;
  const left = {
    ...(pausePid === undefined || pausePid === pid ? {} : { pid: pausePid }),
    ...(shimPid === undefined || shimPid === pid ? {} : { shimPid }),
  };
  runtime.sandboxes.set(id, { ...kept, ...left, state: "notready" });
  if (row.shimPid === pid && pausePid !== undefined) runtime.machine.signal(pausePid, "SIGKILL");
  runtime.podChanged(row.config.uid);
}
