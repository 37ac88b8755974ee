import { MILLISECOND, SECOND, type Duration, type Kernel, type Time } from "../../../kernel/index.ts";
import type { Pod } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { mountVolumes } from "./mount.ts";

/**
 * A Pod is synced every 60 to 90 seconds (syncFrequency, jittered by half), and only then its volumes follow the objects that
 * they show: the write falls somewhere between two of those.
 */
const SYNC: Duration = 60 * SECOND;
const JITTER = 0.5;
/** A Pod whose object changes is synced at once, and its volumes with it. */
const PROMPT: Duration = 300 * MILLISECOND;

/** A ConfigMap or Secret was written: Pods that show it in volumes will see it some time later. */
export function objectChanged(
  kubelet: Kubelet,
  kind: "configMap" | "secret",
  { namespace, name }: { readonly namespace?: string; readonly name: string },
): void {
  for (const { pod, uid, phase } of kubelet.pods.values()) {
    if (phase !== "sync" || pod.metadata.namespace !== namespace || !shows(pod, kind, name)) continue;
    const draw = (most: Duration): Duration => kubelet.kernel.random.below("kubelet/refresh", most);
    kubelet.after(draw(SYNC + draw(SYNC * JITTER)), EVENTS.remount, { uid });
  }
}

/** When the last of the volumes shows what was written; undefined if all of them do. */
export function volumesDue(kernel: Kernel): Time | undefined {
  const due = kernel.events().filter(({ kind }) => kind === EVENTS.remount);
  return due.length === 0 ? undefined : Math.max(...due.map(({ at }) => at));
}

/** The object of a Pod itself has changed: labels and annotations that its volumes show. */
export function showLater(kubelet: Kubelet, uid: string): void {
  kubelet.after(PROMPT, EVENTS.remount, { uid });
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
