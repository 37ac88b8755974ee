import type { ContainerStatus } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { containerSpec, isSidecar } from "../pods/containers.ts";
import type { PodRow } from "../pods/row.ts";
import type { ProbeResults } from "../runtime/actions.ts";
import type { ProbeResult, ProbeType } from "./row.ts";

export function probeKey(uid: string, container: string, type: ProbeType): string {
  return `${uid}/${container}/${type}`;
}

/** What the probes of a Pod say of its containers, by id. */
export function probeResults(kubelet: Kubelet, uid: string): ProbeResults {
  const find = (id: string, type: ProbeType): ProbeResult | undefined => {
    const name = kubelet.runtime.containers.get(id)?.config.name ?? "";
    const row = kubelet.probes.get(probeKey(uid, name, type));
    return row?.id === id ? row.result : undefined;
  };
  return {
    liveness: (id) => {
      const result = find(id, "liveness");
      return result === "unknown" ? undefined : result;
    },
    startup: (id) => find(id, "startup"),
  };
}

/** `started` and `ready` of a container by its probes (prober_manager.go UpdatePodStatus). */
export function probed(
  kubelet: Kubelet,
  { pod, uid }: PodRow,
  status: ContainerStatus,
  name: string,
): { readonly started: boolean; readonly ready: boolean } {
  const container = containerSpec(pod, name);
  if (!status.state.running || !container) return { started: false, ready: false };
  const id = status.containerID?.replace("containerd://", "") ?? "";
  const result = (type: ProbeType): ProbeResult | undefined => {
    const row = kubelet.probes.get(probeKey(uid, name, type));
    return row?.id === id ? row.result : undefined;
  };
  const started = container.startupProbe ? result("startup") === "success" : true;
  if (!started) return { started, ready: false };
  if (!container.readinessProbe) return { started, ready: true };
  // The first look comes as soon as the container runs (a manual trigger); sidecars count as any other.
  void isSidecar;
  return { started, ready: result("readiness") === "success" };
}
