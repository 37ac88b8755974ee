import { quantityNanos, type PodSpec, type ResourceRequirements } from "../../../sim/kube/api/index.ts";

const NAMES = ["cpu", "memory"] as const;

/** A pod's class of service, where its status does not say it yet (kubectl pkg/util/qos GetPodQOS). */
export function podQos({ containers, initContainers = [] }: PodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
  const all = [...initContainers, ...containers].map(({ resources }) => resources ?? {});
  const set = (list: ResourceRequirements["limits"]): boolean => NAMES.some((name) => quantityNanos(list?.[name]) > 0n);
  if (!all.some(({ limits, requests }) => set(limits) || set(requests))) return "BestEffort";
  const guaranteed = all.every(({ limits, requests }) =>
    NAMES.every(
      (name) =>
        quantityNanos(limits?.[name]) > 0n &&
        quantityNanos(requests?.[name] ?? limits?.[name]) === quantityNanos(limits?.[name]),
    ),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
