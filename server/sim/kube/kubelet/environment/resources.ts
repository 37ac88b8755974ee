import { quantityNanos, type Container, type Pod, type ResourceFieldRef } from "../../api/index.ts";
import { containerSpec } from "../pods/containers.ts";

const NANO = 1_000_000_000n;

/**
 * The value of a resourceFieldRef: requests or limits in units of the divisor, rounded up; a limit that is not set is what
 * the node can give (pkg/api/v1/resource/helpers.go, kubelet_resources.go).
 */
export function resourceValue(
  { containerName = "", resource, divisor }: ResourceFieldRef,
  pod: Pod,
  own: Container,
  allocatable: Readonly<Record<string, string>>,
): string {
  const { resources } = (containerName === "" ? own : containerSpec(pod, containerName)) ?? own;
  const [list = "", ...rest] = resource.split(".");
  const name = rest.join(".");
  const given = list === "limits" ? (resources.limits?.[name] ?? allocatable[name]) : resources.requests?.[name];
  const amount = quantityNanos(given);
  const unit = quantityNanos(divisor === "0" || divisor === "" ? "1" : divisor);
  return String(amount === 0n ? 0n : (amount + unit - 1n) / (unit === 0n ? NANO : unit));
}
