import type { LinuxResources } from "../api.ts";
import type { Containerd } from "../runtime.ts";

/** UpdateContainerResources: other limits for a container that runs (containerd pkg/cri/server/container_update_resources.go). */
export function updateContainerResources(runtime: Containerd, id: string, resources: LinuxResources): void {
  const row = runtime.containers.get(id);
  if (!row) return;
  runtime.containers.set(id, { ...row, config: { ...row.config, resources } });
  const limit = resources.memoryLimitInBytes;
  runtime.machine.hosts.host(id)?.update({
    ...(limit > 0 ? { memoryLimit: limit } : {}),
    oomScoreAdj: resources.oomScoreAdj,
  });
}
