import { MILLISECOND, SECOND, type Duration } from "../../../kernel/index.ts";
import type { Pod, Volume } from "../../api/index.ts";
import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";
import { record } from "../pods/record.ts";
import type { PodRow } from "../pods/row.ts";
import { writeAtomically } from "./atomic-writer.ts";
import { claimedVolume, claimName } from "./claim.ts";
import { volumeContent, VolumeError } from "./content.ts";
import { volumeDirectory } from "./directories.ts";
import { checkHostPath } from "./host-path.ts";
import { mountTmpfs } from "./tmpfs.ts";
import { mountInline, mountPersistent, sourcePath, sourcePlugin } from "./persistent.ts";

/** goroutinemap/exponentialbackoff: how long after a failure a volume is tried again. */
const FIRST: Duration = 500 * MILLISECOND;
const MOST: Duration = 122 * SECOND;

/** Why the volumes of a Pod are not ready, and when they are tried again. */
export interface MountProblem {
  readonly error: string;
  readonly after: Duration;
}

/** Where a volume of a Pod stands on the machine. */
export interface MountedAt {
  readonly plugin: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** Sets the volumes of a Pod up (volumemanager, and the plugins of pkg/volume). */
export function mountVolumes(kubelet: Kubelet, row: PodRow): MountProblem | undefined {
  const unmounted: string[] = [];
  const unprocessed: string[] = [];
  const errors: string[] = [];
  for (const volume of row.pod.spec.volumes ?? []) {
    const problem = mount(kubelet, row, volume);
    if (problem === undefined) continue;
    unmounted.push(volume.name);
    if ("unprocessed" in problem) {
      unprocessed.push(volume.name);
      errors.push(problem.unprocessed);
      continue;
    }
    record(kubelet, row, "Warning", "FailedMount", problem.failed);
    const plugin = pluginOf(volume);
    const unique = `kubernetes.io/${plugin}/${row.uid}-${volume.name}`;
    kubelet.log(
      "E",
      "nestedpendingoperations.go:348",
      `Operation for "{volumeName:${unique} podName:${row.uid} nodeName:}" failed. No retries permitted until later. Error: ${problem.failed.replace(" : ", ` (UniqueName: "${unique}") pod ${JSON.stringify(row.pod.metadata.name)} (UID: ${JSON.stringify(row.uid)}) : `)}`,
    );
  }
  if (unmounted.length === 0) return undefined;
  const why = errors.length > 0 ? errors.join("; ") : "timed out waiting for the condition";
  const error = `unmounted volumes=[${unmounted.join(" ")}], unattached volumes=[], failed to process volumes=[${unprocessed.join(" ")}]: ${why}`;
  // Time that runs out says nothing new: each volume has told its own story (kubelet.go SyncPod).
  if (errors.length > 0) record(kubelet, row, "Warning", "FailedMount", `Unable to attach or mount volumes: ${error}`);
  return { error, after: Math.min(FIRST * 2 ** Math.min(row.failures, 20), MOST) };
}

/** The plugin of a volume that a Pod names; what is behind a claim has its own. */
export function pluginOf(volume: Volume): string {
  if (volume.configMap) return "configmap";
  if (volume.secret) return "secret";
  if (volume.downwardAPI) return "downward-api";
  if (volume.projected) return "projected";
  if (volume.hostPath) return "host-path";
  if (volume.persistentVolumeClaim || volume.ephemeral) return "pvc";
  return volume.emptyDir ? "empty-dir" : sourcePlugin(volume);
}

/** Where a volume of a Pod stands; undefined if its claim has none. */
export function volumePath(kubelet: Kubelet, row: PodRow, volume: Volume): MountedAt | undefined {
  const plugin = pluginOf(volume);
  const name = claimName(row.pod, volume);
  if (name === undefined) {
    const path = volume.hostPath ? volume.hostPath.path : volumeDirectory(row, plugin, volume.name);
    return { plugin, path, readOnly: false };
  }
  const found = claimedVolume(kubelet, row.pod, name);
  if ("error" in found) return undefined;
  const { metadata, spec } = found.volume;
  return {
    plugin: sourcePlugin(spec),
    path: sourcePath(row, metadata.name, spec),
    readOnly: volume.persistentVolumeClaim?.readOnly ?? false,
  };
}

type Problem = { readonly failed: string } | { readonly unprocessed: string };

function mount(kubelet: Kubelet, row: PodRow, volume: Volume): Problem | undefined {
  const name = claimName(row.pod, volume);
  if (name !== undefined) return mountClaim(kubelet, row, volume, name);
  const plugin = pluginOf(volume);
  if (["nfs", "csi", "unsimulated"].includes(plugin)) return failed(mountInline(kubelet, row, volume));
  const setUp = (why: string | undefined): Problem | undefined =>
    failed(why === undefined ? undefined : `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`);
  if (volume.hostPath) return setUp(checkHostPath(kubelet, volume.hostPath));
  try {
    const content = volumeContent(kubelet, row, volume);
    const path = volumeDirectory(row, plugin, volume.name);
    if (content)
      writeAtomically(kubelet, path, content, {
        group: row.pod.spec.securityContext?.fsGroup,
        keepOld: hasSubPath(row.pod, volume.name),
      });
    else makeEmptyDirectory(kubelet, row, volume, path);
    return undefined;
  } catch (error) {
    if (error instanceof VolumeError) return setUp(error.message);
    throw error;
  }
}

function failed(message: string | undefined): Problem | undefined {
  return message === undefined ? undefined : { failed: message };
}

function mountClaim(kubelet: Kubelet, row: PodRow, volume: Volume, name: string): Problem | undefined {
  const found = claimedVolume(kubelet, row.pod, name);
  if ("error" in found) return { unprocessed: found.error };
  if (found.volume.spec.volumeMode === "Block")
    return { unprocessed: `volume ${volume.name} has volumeMode Block, but is specified in volumeMounts` };
  return failed(mountPersistent(kubelet, row, found.volume));
}

/** What a subPath was bound to is kept: who has it mounted goes on seeing it. */
function hasSubPath({ spec }: Pod, volume: string): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name, subPath, subPathExpr }) => name === volume && (subPath || subPathExpr)),
  );
}

function makeEmptyDirectory(kubelet: Kubelet, row: PodRow, volume: Volume, path: string): void {
  if (kubelet.host.files.exists(path)) return;
  if (volume.emptyDir?.medium === "Memory") mountTmpfs(kubelet, row, volume, path);
  else Directory.at(kubelet.host, path, 0o777);
  const group = row.pod.spec.securityContext?.fsGroup;
  if (group !== undefined) {
    kubelet.host.files.chown(path, 0, group);
    kubelet.host.files.chmod(path, 0o2777);
  }
}
