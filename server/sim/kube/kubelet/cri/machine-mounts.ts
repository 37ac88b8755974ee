import type { Mount } from "../../../host/index.ts";
import type { Containerd } from "./runtime.ts";

const TASKS = "/run/containerd/io.containerd.runtime.v2.task/k8s.io";
const SANDBOXES = "/run/containerd/io.containerd.grpc.v1.cri/sandboxes";
/** What containerd gives a sandbox as /dev/shm: 64 MiB. */
const SHM = 65_536;

/** What containerd and the kubelet have mounted on a machine for the Pods that are there. */
export function machineMounts({ sandboxes, containers }: Containerd): readonly Mount[] {
  const mounts: Mount[] = [];
  const volumes = new Map<string, Mount>();
  for (const { id, state } of sandboxes.values()) {
    if (state !== "ready") continue;
    mounts.push({ at: `${SANDBOXES}/${id}/shm`, source: "shm", type: "tmpfs", options: "nosuid,nodev,noexec,relatime", size: SHM }); // prettier-ignore
    mounts.push(rootOf(id));
  }
  for (const { id, state, config } of containers.values()) {
    if (state === "running") mounts.push(rootOf(id));
    for (const { hostPath, type, size } of config.mounts) {
      const at = /^\/var\/lib\/kubelet\/pods\/[^/]+\/volumes\/[^/]+\/[^/]+/.exec(hostPath)?.[0];
      if (type !== "tmpfs" || at === undefined) continue;
      volumes.set(at, { at, source: "tmpfs", type: "tmpfs", ...(size === undefined ? {} : { size }) });
    }
  }
  return [...volumes.values(), ...mounts];
}

function rootOf(id: string): Mount {
  return { at: `${TASKS}/${id}/rootfs`, source: "overlay", type: "overlay" };
}
