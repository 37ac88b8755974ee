import type { Pod, PodStatus } from "../../api/index.ts";
import { isConflict, isNotFound, sameJson, StatusError, Unreachable } from "../../api/index.ts";
import { pods } from "../../kinds/index.ts";
import { probed } from "../probes/results.ts";
import type { RuntimePodStatus } from "../runtime/pod-status.ts";
import { generatePodStatus } from "../status/generate.ts";
import { terminationMessage } from "../status/termination-message.ts";
import { nodeAddresses } from "../node/addresses.ts";
import type { Kubelet } from "../kubelet.ts";
import { isStatic } from "./containers.ts";
import { podKey, type PodRow } from "./row.ts";

export function statusOf(kubelet: Kubelet, row: PodRow, runtime: RuntimePodStatus, terminal: boolean): PodStatus {
  return generatePodStatus(row, runtime, terminal, {
    now: kubelet.kernel.now,
    nodeAddresses: nodeAddresses(kubelet),
    terminationMessage: (container) => terminationMessage(kubelet, row, container),
    probed: (status, { name }) => probed(kubelet, row, status, name),
  });
}

/** Notes what the kubelet says of a Pod, and tells the API server (status/status_manager.go). */
export function setStatus(kubelet: Kubelet, row: PodRow, status: PodStatus): PodRow {
  if (!row.unsent && sameJson(row.status, status)) return row;
  const sent = sendStatus(kubelet, { ...row, status });
  // The write comes back as news of the Pod.
  const next = { ...sent, pod: kubelet.pods.get(row.uid)?.pod ?? row.pod };
  kubelet.pods.set(row.uid, next);
  return next;
}

/** The object that shows a Pod: its own, or that of a static Pod's mirror. */
export function apiPod(kubelet: Kubelet, { pod, uid }: PodRow): Pod | undefined {
  const found = kubelet.api.client?.get(pods, pod.metadata.namespace ?? "", pod.metadata.name);
  if (!found) return undefined;
  if (!isStatic(pod)) return found.metadata.uid === uid ? found : undefined;
  return found.metadata.annotations?.["kubernetes.io/config.mirror"] === uid ? found : undefined;
}

/** Writes the status of a Pod to the API server; one that could not be written waits. */
export function sendStatus(kubelet: Kubelet, row: PodRow): PodRow {
  const { unsent: _, ...sent } = row;
  const { client } = kubelet.api;
  if (!client || !kubelet.api.open) return { ...row, unsent: true };
  const object = apiPod(kubelet, row);
  if (!object) return isStatic(row.pod) ? { ...row, unsent: true } : sent;
  const { qosClass: _qos, ...own } = row.status;
  const others = object.status;
  const status: PodStatus = {
    ...own,
    ...(others.nominatedNodeName === undefined ? {} : { nominatedNodeName: others.nominatedNodeName }),
    ...(others.qosClass === undefined ? {} : { qosClass: others.qosClass }),
  };
  if (sameJson(status, others)) return sent;
  try {
    client.updateStatus(pods, { ...object, status });
  } catch (error) {
    if (isNotFound(error)) return sent;
    if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
    kubelet.log(
      "I",
      "status_manager.go:890",
      `"Failed to get status for pod" podUID=${JSON.stringify(row.uid)} pod=${JSON.stringify(podKey(row.pod))} err=${JSON.stringify(error.message)}`,
    );
    return { ...row, unsent: true };
  }
  return sent;
}

/** The Pod has ended here: the API server may forget it (canBeDeleted). False if it could not be told. */
export function deleteFromApi(kubelet: Kubelet, row: PodRow): boolean {
  const { client } = kubelet.api;
  if (!client || !kubelet.api.open) return false;
  const { name, namespace = "" } = row.pod.metadata;
  try {
    client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid: row.uid } });
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return true;
    if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
    return false;
  }
  return true;
}
