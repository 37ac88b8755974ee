import type { ContainerStatus, PodSandboxStatus } from "./api.ts";
import { logPathOf } from "./logs/write.ts";
import type { ContainerRow, SandboxRow } from "./rows.ts";
import type { Containerd } from "./runtime.ts";

export function sandboxStatus(row: SandboxRow): PodSandboxStatus {
  const { uid, name, namespace, attempt, hostNetwork } = row.config;
  return {
    id: row.id,
    podUid: uid,
    name,
    namespace,
    attempt,
    state: row.state === "ready" ? "ready" : "notready",
    createdAt: row.createdAt,
    hostNetwork,
    ips: row.ips,
  };
}

export function containerStatus(runtime: Containerd, row: ContainerRow): ContainerStatus {
  const image = runtime.images.get(row.config.image);
  const [repoDigest = row.config.image] = image?.repoDigests ?? [];
  return {
    id: row.id,
    sandbox: row.sandbox,
    podUid: row.podUid,
    name: row.config.name,
    attempt: row.config.attempt,
    state: row.state,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    exitCode: row.exitCode,
    reason: row.reason,
    message: row.message,
    image: image?.repoTags[0] ?? row.config.image,
    imageRef: repoDigest,
    logPath: logPathOf(row),
    annotations: row.config.annotations,
  };
}
