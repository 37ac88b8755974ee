import { SECOND, type Duration } from "../../../kernel/index.ts";
import type { Pod } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { mountVolumes } from "./mount.ts";

/** A Pod is synced about once a minute, and only then its volumes follow the objects that they show. */
const LEAST: Duration = 10 * SECOND;
const SPREAD: Duration = 40 * SECOND;

/** A ConfigMap or Secret was written: Pods that show it in volumes will see it some time later. */
export function objectChanged(
  kubelet: Kubelet,
  kind: "configMap" | "secret",
  { namespace, name }: { readonly namespace?: string; readonly name: string },
): void {
  for (const { pod, uid, phase } of kubelet.pods.values()) {
    if (phase !== "sync" || pod.metadata.namespace !== namespace || !shows(pod, kind, name)) continue;
    showLater(kubelet, uid);
  }
}

/** What a Pod's volumes show has changed. */
export function showLater(kubelet: Kubelet, uid: string): void {
  kubelet.after(LEAST + kubelet.kernel.random.below("kubelet/refresh", SPREAD), EVENTS.remount, { uid });
}

function shows({ spec }: Pod, kind: "configMap" | "secret", name: string): boolean {
  return (spec.volumes ?? []).some((volume) => {
    if (kind === "configMap" ? volume.configMap?.name === name : volume.secret?.secretName === name) return true;
    return volume.projected?.sources?.some((source) => source[kind]?.name === name) ?? false;
  });
}

export function remount(kubelet: Kubelet, uid: string): void {
  const row = kubelet.pods.get(uid);
  if (row?.phase === "sync") mountVolumes(kubelet, row);
}
