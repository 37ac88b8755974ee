import { attempt } from "../../../host/index.ts";
import type { Pod } from "../../api/index.ts";
import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodRow } from "./row.ts";

const PODS = "/var/log/pods";
const CONTAINERS = "/var/log/containers";

/** kuberuntime/helpers.go BuildPodLogsDirectory */
export function podLogDirectory({ metadata }: Pod): string {
  return `${PODS}/${metadata.namespace ?? ""}_${metadata.name}_${metadata.uid}`;
}

/** legacy.go: the link by which log collectors find a container's log; of each container only the newest has one. */
export function linkLog(kubelet: Kubelet, { pod }: PodRow, container: string, id: string, logPath: string): void {
  const directory = Directory.at(kubelet.host, CONTAINERS);
  directory.link(`${linkName(pod, container)}-${id}.log`, logPath);
}

export function unlinkLog(kubelet: Kubelet, pod: Pod, container: string, id: string): void {
  attempt(() => kubelet.host.files.unlink(`${CONTAINERS}/${linkName(pod, container)}-${id}.log`));
}

function linkName({ metadata }: Pod, container: string): string {
  return `${metadata.name}_${metadata.namespace ?? ""}_${container}`;
}

/** kuberuntime_gc.go: the logs of a Pod that is no more. */
export function removeLogs(kubelet: Kubelet, { pod }: PodRow): void {
  kubelet.host.files.removeTree(podLogDirectory(pod));
  const names = attempt(() => kubelet.host.files.list(CONTAINERS));
  if (!Array.isArray(names)) return;
  const { name, namespace = "" } = pod.metadata;
  for (const file of names)
    if (file.startsWith(`${name}_${namespace}_`)) attempt(() => kubelet.host.files.unlink(`${CONTAINERS}/${file}`));
}
