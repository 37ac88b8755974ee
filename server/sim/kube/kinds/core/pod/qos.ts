import { quantityNanos, type Container, type PodSpec } from "../../../api/index.ts";

const RESOURCES = ["cpu", "memory"] as const;

/** The quality of service class of a Pod (pkg/apis/core/v1/helper/qos). */
export function qosClass(spec: PodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
  const containers: readonly Container[] = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  let asks = false;
  let guaranteed = true;
  for (const { resources } of containers) {
    for (const resource of RESOURCES) {
      const request = quantityNanos(resources.requests?.[resource]);
      const limit = quantityNanos(resources.limits?.[resource]);
      if (request > 0n || limit > 0n) asks = true;
      if (limit === 0n || (request !== 0n && request !== limit)) guaranteed = false;
    }
  }
  if (!asks) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}
