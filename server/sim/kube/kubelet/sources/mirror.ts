import { isNotFound, StatusError, Unreachable, type Pod } from "../../api/index.ts";
import { nodes, pods } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { podKey, type PodRow } from "../pods/row.ts";

const MIRROR = "kubernetes.io/config.mirror";
const HASH = "kubernetes.io/config.hash";

/** Shows a Pod of a file in the API, as it is now (kubelet.go tryReconcileMirrorPods, pod/mirror_client.go). */
export function ensureMirror(kubelet: Kubelet, row: PodRow): void {
  const { client } = kubelet.api;
  if (!client || !kubelet.api.open || !kubelet.running.registered) return;
  const { name, namespace = "" } = row.pod.metadata;
  const known = client.get(pods, namespace, name);
  if (known && isMirrorOf(known, row) && !known.metadata.deletionTimestamp) return;
  const pod = JSON.stringify(podKey(row.pod));
  try {
    if (known) {
      client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid: known.metadata.uid } });
      kubelet.log("I", "kubelet.go:1997", `"Deleted mirror pod as it didn't match the static Pod" pod=${pod}`);
    }
    const node = client.get(nodes, "", kubelet.running.nodeName);
    if (node) client.create(pods, mirrorOf(row, { name: node.metadata.name, uid: node.metadata.uid }));
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
    kubelet.log(
      "E",
      "kubelet.go:3311",
      `"Failed creating a mirror pod" err=${JSON.stringify(error.message)} pod=${pod}`,
    );
  }
}

function isMirrorOf({ metadata }: Pod, { uid }: PodRow): boolean {
  return metadata.annotations?.[MIRROR] === uid;
}

function mirrorOf({ pod, uid }: PodRow, node: { readonly name: string; readonly uid: string }): Pod {
  const { name, namespace, labels, annotations } = pod.metadata;
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels ? { labels } : {}),
      annotations: { ...annotations, [MIRROR]: annotations?.[HASH] ?? uid },
      ownerReferences: [{ apiVersion: "v1", kind: "Node", ...node, controller: true }],
    },
    spec: pod.spec,
    status: {},
  } as unknown as Pod;
}

/** Mirrors of this node that show no Pod any more (kubelet_pods.go deleteOrphanedMirrorPods). */
export function removeOrphanMirrors(kubelet: Kubelet): void {
  const { client } = kubelet.api;
  const { nodeName, settings } = kubelet.running;
  if (!client || settings.staticPodPath === "") return;
  const shown = new Set<string>();
  for (const row of kubelet.pods.values()) if (row.source === "file") shown.add(podKey(row.pod));
  for (const pod of client.byField(pods, "spec.nodeName", nodeName)) {
    const { name, namespace = "", uid } = pod.metadata;
    if (pod.metadata.annotations?.[MIRROR] === undefined || shown.has(`${namespace}/${name}`)) continue;
    attemptDelete(kubelet, () =>
      client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } }),
    );
  }
}

function attemptDelete(kubelet: Kubelet, remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
    if (!isNotFound(error))
      kubelet.log("E", "mirror_client.go:153", `"Failed deleting a mirror pod" err=${JSON.stringify(error.message)}`);
  }
}

/** The file is gone, and with it what showed its Pod. */
export function removeMirror(kubelet: Kubelet, row: PodRow): void {
  const { client } = kubelet.api;
  if (!client || !kubelet.api.open) return;
  const { name, namespace = "" } = row.pod.metadata;
  const known = client.get(pods, namespace, name);
  if (!known || !isMirrorOf(known, row)) return;
  const { uid } = known.metadata;
  attemptDelete(kubelet, () => client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } }));
}
