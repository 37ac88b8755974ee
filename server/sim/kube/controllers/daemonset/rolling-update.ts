import type { Time } from "../../../kernel/index.ts";
import type { DaemonSet, Pod } from "../../api/index.ts";
import { scaledValue } from "../int-or-percent.ts";
import { isPodAvailable } from "../pod-state.ts";
import { REVISION_HASH } from "./template.ts";

/** Pods to delete, and nodes to make one on. */
export interface UpdateStep {
  readonly remove: readonly string[];
  readonly create: readonly string[];
}

/**
 * One step of a rolling update (pkg/controller/daemon/update.go): old Pods go, as many as may be missing; with a surge,
 * new ones come beside them first. `byNode` has all nodes that are to have a Pod, and all that have one.
 */
export function updateStep(
  set: DaemonSet,
  byNode: ReadonlyMap<string, readonly Pod[]>,
  desired: number,
  hash: string,
  now: Time,
): UpdateStep {
  const { rollingUpdate } = set.spec.updateStrategy;
  const surge = scaledValue(rollingUpdate?.maxSurge, desired, "up");
  const unavailable = scaledValue(rollingUpdate?.maxUnavailable, desired, "up");
  const available = (pod: Pod): boolean => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  if (surge > 0) return surgeStep(byNode, surge, hash, available);
  const most = desired > 0 && unavailable === 0 ? 1 : unavailable;
  return { remove: replaceStep(byNode, most, hash, available), create: [] };
}

function replaceStep(
  byNode: ReadonlyMap<string, readonly Pod[]>,
  maxUnavailable: number,
  hash: string,
  available: (pod: Pod) => boolean,
): string[] {
  let unavailable = 0;
  const broken: string[] = [];
  const candidates: string[] = [];
  for (const pods of byNode.values()) {
    const pair = oldAndNew(pods, hash);
    if (!pair || Boolean(pair.newer) === Boolean(pair.older)) unavailable++;
    else if (pair.newer) unavailable += available(pair.newer) ? 0 : 1;
    else if (!available(pair.older!)) broken.push(pair.older!.metadata.name);
    else if (unavailable < maxUnavailable) candidates.push(pair.older!.metadata.name);
  }
  return [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))];
}

function surgeStep(
  byNode: ReadonlyMap<string, readonly Pod[]>,
  maxSurge: number,
  hash: string,
  available: (pod: Pod) => boolean,
): UpdateStep {
  let surging = 0;
  const remove: string[] = [];
  const urgent: string[] = [];
  const candidates: string[] = [];
  for (const [node, pods] of byNode) {
    const pair = oldAndNew(pods, hash);
    if (!pair) surging++;
    else if (!pair.older) continue;
    else if (!pair.newer) {
      if (!available(pair.older)) urgent.push(node);
      else if (surging < maxSurge) candidates.push(node);
    } else if (available(pair.newer)) remove.push(pair.older.metadata.name);
    else surging++;
  }
  return { remove, create: [...urgent, ...candidates.slice(0, Math.max(0, maxSurge - surging))] };
}

/** The Pod of the present template and the one of an old one; undefined if a node has several of a kind. */
function oldAndNew(pods: readonly Pod[], hash: string): { older?: Pod; newer?: Pod } | undefined {
  const result: { older?: Pod; newer?: Pod } = {};
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp) continue;
    const which = pod.metadata.labels?.[REVISION_HASH] === hash ? "newer" : "older";
    if (result[which]) return undefined;
    result[which] = pod;
  }
  return result;
}
