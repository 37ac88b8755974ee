import type { Pod } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { wake } from "../pods/queue.ts";

/** Pods that run here and that no source has: they are stopped (kubelet_pods.go HandlePodCleanups). */
export function stopOrphans(kubelet: Kubelet): void {
  const { runtime } = kubelet;
  for (const { config } of runtime.sandboxes.values()) {
    const { uid, name, namespace, hostNetwork } = config;
    if (kubelet.pods.has(uid)) continue;
    const names = new Set<string>();
    for (const container of runtime.containers.values()) if (container.podUid === uid) names.add(container.config.name);
    const pod = {
      metadata: { name, namespace, uid, resourceVersion: "", creationTimestamp: "" },
      spec: {
        containers: [...names].map((container) => ({ name: container, resources: {} })),
        restartPolicy: "Never",
        ...(hostNetwork ? { hostNetwork } : {}),
      },
      status: {},
    } as unknown as Pod;
    kubelet.pods.set(uid, {
      uid,
      pod,
      source: "api",
      phase: "terminating",
      gone: true,
      grace: 1,
      status: {},
      reasons: {},
      failures: 0,
    });
    wake(kubelet, uid);
  }
}
