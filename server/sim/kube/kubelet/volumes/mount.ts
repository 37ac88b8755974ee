import { attempt, Errno, ROOT } from "../../../host/index.ts";
import { MILLISECOND, SECOND, type Duration } from "../../../kernel/index.ts";
import type { Pod, Volume } from "../../api/index.ts";
import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";
import { record } from "../pods/record.ts";
import type { PodRow } from "../pods/row.ts";
import { writeAtomically } from "./atomic-writer.ts";
import { volumeContent, VolumeError } from "./content.ts";
import { volumeDirectory } from "./directories.ts";

/** goroutinemap/exponentialbackoff: how long after a failure a volume is tried again. */
const FIRST: Duration = 500 * MILLISECOND;
const MOST: Duration = 122 * SECOND;

/** Why the volumes of a Pod are not ready, and when they are tried again. */
export interface MountProblem {
  readonly error: string;
  readonly after: Duration;
}

/** Sets the volumes of a Pod up (volumemanager, and the plugins of pkg/volume). */
export function mountVolumes(kubelet: Kubelet, row: PodRow): MountProblem | undefined {
  const unmounted: string[] = [];
  for (const volume of row.pod.spec.volumes ?? []) {
    const problem = mount(kubelet, row, volume);
    if (problem === undefined) continue;
    unmounted.push(volume.name);
    record(
      kubelet,
      row,
      "Warning",
      "FailedMount",
      `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${problem}`,
    );
    kubelet.log(
      "E",
      "nestedpendingoperations.go:348",
      `Operation for "{volumeName:kubernetes.io/${pluginOf(volume)}/${row.uid}-${volume.name} podName:${row.uid} nodeName:}" failed. No retries permitted until later. Error: MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} (UniqueName: "kubernetes.io/${pluginOf(volume)}/${row.uid}-${volume.name}") pod ${JSON.stringify(row.pod.metadata.name)} (UID: ${JSON.stringify(row.uid)}) : ${problem}`,
    );
  }
  if (unmounted.length === 0) return undefined;
  return {
    error: `unmounted volumes=[${unmounted.join(" ")}], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition`,
    after: Math.min(FIRST * 2 ** Math.min(row.failures, 20), MOST),
  };
}

export function pluginOf(volume: Volume): string {
  if (volume.configMap) return "configmap";
  if (volume.secret) return "secret";
  if (volume.downwardAPI) return "downward-api";
  if (volume.projected) return "projected";
  if (volume.hostPath) return "host-path";
  if (volume.persistentVolumeClaim) return "pvc";
  return "empty-dir";
}

/** Where a volume of a Pod stands on the machine. */
export function volumePath(row: Pick<PodRow, "uid">, volume: Volume): string {
  return volume.hostPath ? volume.hostPath.path : volumeDirectory(row, pluginOf(volume), volume.name);
}

function mount(kubelet: Kubelet, row: PodRow, volume: Volume): string | undefined {
  if (volume.hostPath) return checkHostPath(kubelet, volume.hostPath);
  if (volume.persistentVolumeClaim) return "drydock: persistent volumes are not simulated";
  try {
    const content = volumeContent(kubelet, row, volume);
    const path = volumePath(row, volume);
    if (content)
      writeAtomically(kubelet, path, content, {
        group: row.pod.spec.securityContext?.fsGroup ?? 0,
        keepOld: hasSubPath(row.pod, volume.name),
      });
    else makeEmptyDirectory(kubelet, row.pod, path);
    return undefined;
  } catch (error) {
    if (error instanceof VolumeError) return error.message;
    throw error;
  }
}

/** What a subPath was bound to is kept: who has it mounted goes on seeing it. */
function hasSubPath({ spec }: Pod, volume: string): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name, subPath, subPathExpr }) => name === volume && (subPath || subPathExpr)),
  );
}

function makeEmptyDirectory(kubelet: Kubelet, pod: Pod, path: string): void {
  if (kubelet.host.files.exists(path)) return;
  Directory.at(kubelet.host, path, 0o777);
  const group = pod.spec.securityContext?.fsGroup;
  if (group !== undefined) {
    kubelet.host.files.chown(path, 0, group);
    kubelet.host.files.chmod(path, 0o2777);
  }
}

/** pkg/volume/hostpath checkTypeInternal */
function checkHostPath(kubelet: Kubelet, { path, type = "" }: NonNullable<Volume["hostPath"]>): string | undefined {
  const { files } = kubelet.host;
  const stat = attempt(() => files.stat(path));
  const found = stat instanceof Errno ? undefined : stat;
  const wrong = (what: string): string => `hostPath type check failed: ${path} is not ${what}`;
  switch (type) {
    case "DirectoryOrCreate":
      if (!found) Directory.at(kubelet.host, path);
      return found && found.type !== "dir" ? wrong("a directory") : undefined;
    case "Directory":
      return found?.type === "dir" ? undefined : wrong("a directory");
    case "FileOrCreate":
      if (!found) {
        const made = attempt(() => files.write(path, "", { mode: 0o644 }, { ...ROOT, umask: 0 }));
        if (made instanceof Errno) return `open ${path}: ${made.message.toLowerCase()}`;
      }
      return found && found.type !== "file" ? wrong("a file") : undefined;
    case "File":
      return found?.type === "file" ? undefined : wrong("a file");
    case "Socket":
      return found?.type === "socket" ? undefined : wrong("a socket file");
    case "CharDevice":
      return found?.type === "char" ? undefined : wrong("a character device");
    case "BlockDevice":
      return found?.type === "block" ? undefined : wrong("a block device");
    default:
      return undefined;
  }
}
