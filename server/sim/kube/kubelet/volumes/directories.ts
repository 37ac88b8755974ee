import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodRow } from "../pods/row.ts";

const PODS = "/var/lib/kubelet/pods";

export function podDirectory({ uid }: Pick<PodRow, "uid">): string {
  return `${PODS}/${uid}`;
}

export function containerDirectory(row: Pick<PodRow, "uid">, container: string): string {
  return `${podDirectory(row)}/containers/${container}`;
}

/** `kubernetes.io~configmap` */
export function volumeDirectory(row: Pick<PodRow, "uid">, plugin: string, name: string): string {
  return `${podDirectory(row)}/volumes/kubernetes.io~${plugin}/${name}`;
}

/** kubelet_pods.go makePodDataDirs */
export function makePodDirectories(kubelet: Kubelet, row: PodRow): void {
  const directory = Directory.at(kubelet.host, PODS, 0o750);
  if (directory.has(row.uid)) return;
  const own = directory.make(row.uid, 0o750);
  own.make("volumes", 0o750);
  own.make("plugins", 0o750);
}

export function removePodDirectories(kubelet: Kubelet, row: PodRow): void {
  Directory.at(kubelet.host, PODS, 0o750).remove(row.uid);
}
