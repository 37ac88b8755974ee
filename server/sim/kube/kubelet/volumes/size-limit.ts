import { attempt, Errno, join } from "../../../host/index.ts";
import { quantityNanos } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { record } from "../pods/record.ts";
import type { PodRow } from "../pods/row.ts";
import { wake } from "../pods/queue.ts";
import { EVENTS, TICK } from "../row.ts";
import { volumeDirectory } from "./directories.ts";

/** Seconds that a Pod has to go when a volume of it has grown too big (eviction_manager.go immediateEvictionGracePeriodSeconds). */
const GRACE = 1;
const BLOCK = 4096;
const NANO = 1_000_000_000n;

/** A Pod whose emptyDir volumes have limits is looked at every ten seconds, if any file has changed (eviction_manager.go). */
export function watchSizes(kubelet: Kubelet, { pod, uid }: PodRow): void {
  if (!pod.spec.volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined)) return;
  kubelet.rest(TICK, EVENTS.sizes, { uid }, "files");
}

/** Evicts a Pod one of whose volumes has more in it than it may (eviction_manager.go emptyDirLimitEviction). */
export function checkSizes(kubelet: Kubelet, uid: string): void {
  const row = kubelet.pods.get(uid);
  if (!row || !kubelet.row || row.phase !== "sync") return;
  for (const { name, emptyDir } of row.pod.spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit === undefined) continue;
    const bytes = quantityNanos(limit) / NANO;
    if (bytes <= 0n || BigInt(bytesBelow(kubelet, volumeDirectory(row, "empty-dir", name))) <= bytes) continue;
    const message = `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(limit)}. `;
    record(kubelet, row, "Warning", "Evicted", message);
    const evicted = { reason: "Evicted", message };
    kubelet.pods.set(uid, { ...row, phase: "terminating", grace: GRACE, evicted });
    return wake(kubelet, uid);
  }
  watchSizes(kubelet, row);
}

/** What files take up on the disk. */
function bytesBelow(kubelet: Kubelet, path: string): number {
  const { files } = kubelet.host;
  const names = attempt(() => files.list(path));
  if (names instanceof Errno) return 0;
  let sum = 0;
  for (const name of names) {
    const at = join(path, name);
    const { type, size } = files.lstat(at);
    sum += type === "dir" ? BLOCK + bytesBelow(kubelet, at) : Math.ceil(size / BLOCK) * BLOCK;
  }
  return sum;
}
