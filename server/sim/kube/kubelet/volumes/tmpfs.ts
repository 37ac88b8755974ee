import type { Mount } from "../../../host/index.ts";
import { quantityNanos, type Container, type Volume } from "../../api/index.ts";
import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodRow } from "../pods/row.ts";
import { podDirectory } from "./directories.ts";

const KIB = 1024n * 1_000_000_000n;

/**
 * How much a volume in memory may hold, in KiB: as much as the Pod may use, or else as the machine has, and not more than the
 * volume's own limit (pkg/volume/emptydir calculateEmptyDirMemorySize).
 */
export function memorySize(kubelet: Kubelet, { pod }: PodRow, volume?: Volume): number {
  let size = BigInt(kubelet.machine.row.memory) * KIB;
  const own = quantityNanos(volume?.emptyDir?.sizeLimit);
  for (const limit of [podLimit(pod.spec.containers, pod.spec.initContainers ?? []), own])
    if (limit > 0n && limit < size) size = limit;
  return Number((size + 4n * KIB - 1n) / (4n * KIB)) * 4;
}

/** Resource limits of a Pod for its memory: sidecars go on while the others run (component-helpers/resource PodLimits). */
function podLimit(containers: readonly Container[], inits: readonly Container[]): bigint {
  const limitOf = ({ resources }: Container): bigint => quantityNanos(resources?.limits?.["memory"]);
  let sidecars = 0n;
  let first = 0n;
  for (const container of inits) {
    const limit = limitOf(container);
    if (container.restartPolicy === "Always") sidecars += limit;
    else if (sidecars + limit > first) first = sidecars + limit;
  }
  const all = containers.reduce((sum, container) => sum + limitOf(container), sidecars);
  return all > first ? all : first;
}

/** Mounts a new tmpfs where an emptyDir of the medium Memory stands, unless it is there. */
export function mountTmpfs(kubelet: Kubelet, row: PodRow, volume: Volume, at: string): void {
  const { host } = kubelet;
  if (host.mounts.some((mount) => mount.at === at)) return;
  Directory.at(host, at, 0o750);
  const size = memorySize(kubelet, row, volume);
  const id = `tmpfs/${row.uid}/${volume.name}`;
  host.hosts.makeTmpfs(id, size * 1024, 0o777);
  const mount: Mount = { at, source: "tmpfs", type: "tmpfs", size, files: { id, root: 1 } };
  host.update({ mounts: [...host.mounts, mount] });
}

/** Takes away what is mounted below the directory of a Pod. */
export function unmountTmpfs({ host }: Kubelet, row: PodRow): void {
  const below = `${podDirectory(row)}/`;
  const gone = host.mounts.filter(({ at }) => at.startsWith(below));
  if (gone.length === 0) return;
  host.update({ mounts: host.mounts.filter((mount) => !gone.includes(mount)) });
  for (const { files } of gone) if (files?.id.startsWith("tmpfs/")) host.hosts.removeFileSystem(files.id);
}
