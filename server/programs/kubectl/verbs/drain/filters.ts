import { parseRfc3339, SECOND, type Time } from "../../../../sim/kernel/index.ts";
import type { Pod } from "../../../../sim/kube/api/index.ts";

/** What becomes of a pod when its node is drained. */
export type Verdict =
  | { readonly kind: "okay" }
  | { readonly kind: "skip" }
  | { readonly kind: "warning"; readonly deletes: boolean; readonly message: string }
  | { readonly kind: "error"; readonly message: string };

export interface FilterOptions {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDirData: boolean;
  /** Pods that end for longer than that many seconds are not waited for; 0 waits. */
  readonly skipAfter: number;
  readonly now: Time;
  /** Why a DaemonSet cannot be had; nothing if it is there. */
  daemonSet(
    namespace: string,
    name: string,
  ): Promise<{ readonly message: string; readonly missing: boolean } | undefined>;
}

const OKAY: Verdict = { kind: "okay" };
const MIRROR = "kubernetes.io/config.mirror";

/** kubectl pkg/drain/filters.go: what the last question says counts, unless an earlier one spares the pod. */
export async function judge(pod: Pod, options: FilterOptions): Promise<Verdict> {
  const { metadata, spec, status } = pod;
  const ended = parseRfc3339(metadata.deletionTimestamp ?? "");
  if (options.skipAfter > 0 && ended !== undefined && options.now - ended > options.skipAfter * SECOND)
    return { kind: "skip" };
  const finished = status.phase === "Succeeded" || status.phase === "Failed";
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  let verdict = OKAY;
  if (controller?.kind === "DaemonSet" && !finished) {
    const problem = await options.daemonSet(metadata.namespace ?? "", controller.name);
    if (problem && !(problem.missing && options.force)) return { kind: "error", message: problem.message };
    if (!problem)
      return options.ignoreDaemonSets
        ? { kind: "warning", deletes: false, message: "ignoring DaemonSet-managed Pods" }
        : { kind: "error", message: "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" };
    verdict = { kind: "warning", deletes: true, message: problem.message };
  }
  if (metadata.annotations?.[MIRROR] !== undefined) return { kind: "skip" };
  if (!finished && spec.volumes?.some(({ emptyDir }) => emptyDir !== undefined) && !options.deleteEmptyDirData)
    return { kind: "error", message: "Pods with local storage (use --delete-emptydir-data to override)" };
  if (finished || controller) return controller?.kind === "DaemonSet" ? verdict : OKAY;
  if (options.force) return { kind: "warning", deletes: true, message: "deleting Pods that declare no controller" };
  return { kind: "error", message: "cannot delete Pods that declare no controller (use --force to override)" };
}

/** Messages, each with the pods that it is about: `deleting …: a/b, a/c`. */
export function grouped(list: readonly { readonly message: string; readonly pod: Pod }[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { message, pod } of list) {
    const { namespace = "", name } = pod.metadata;
    groups.set(message, [...(groups.get(message) ?? []), `${namespace}/${name}`]);
  }
  return [...groups].map(([message, pods]) => `${message}: ${pods.join(", ")}`);
}
