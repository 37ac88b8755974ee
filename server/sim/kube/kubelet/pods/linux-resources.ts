import { quantityNanos, type Container, type Pod } from "../../api/index.ts";
import { qosClass } from "../../kinds/core/pod/qos.ts";
import type { LinuxResources } from "../cri/api.ts";
import type { Kubelet } from "../kubelet.ts";

const PERIOD = 100_000;
const MIN_QUOTA = 1000;
const MIN_SHARES = 2;
const MAX_SHARES = 262_144;
const GUARANTEED = -997;
const BEST_EFFORT = 1000;
const CRITICAL = 2_000_000_000;

/**
 * What runc is asked to set in a container's cgroup (kuberuntime_container_linux.go calculateLinuxResources, cm/helpers_linux.go).
 * The memory limit ends who goes beyond it; CPU time is not modelled, so quota and shares can be seen and slow nobody down.
 */
export function linuxResources(kubelet: Kubelet, pod: Pod, { resources }: Container): LinuxResources {
  const { requests = {}, limits = {} } = resources;
  const cpuLimit = milli(limits["cpu"]);
  const cpuRequest = requests["cpu"] === undefined ? cpuLimit : milli(requests["cpu"]);
  return {
    cpuPeriod: PERIOD,
    cpuQuota: cpuLimit === 0 ? 0 : Math.max(Math.floor((cpuLimit * PERIOD) / 1000), MIN_QUOTA),
    cpuShares: cpuShares(cpuRequest),
    memoryLimitInBytes: bytes(limits["memory"]),
    oomScoreAdj: oomScoreAdj(kubelet, pod, bytes(requests["memory"] ?? limits["memory"])),
  };
}

/** MilliCPUToShares */
export function cpuShares(milliCpu: number): number {
  if (milliCpu === 0) return MIN_SHARES;
  return Math.min(Math.max(Math.floor((milliCpu * 1024) / 1000), MIN_SHARES), MAX_SHARES);
}

/** qos/policy.go GetContainerOOMScoreAdjust */
function oomScoreAdj(kubelet: Kubelet, { spec }: Pod, memoryRequest: number): number {
  if ((spec.priority ?? 0) >= CRITICAL) return GUARANTEED;
  const qos = qosClass(spec);
  if (qos === "Guaranteed") return GUARANTEED;
  if (qos === "BestEffort") return BEST_EFFORT;
  const share = BEST_EFFORT - Math.floor((1000 * memoryRequest) / (kubelet.machine.row.memory * 1024));
  if (share < 1000 + GUARANTEED) return 1000 + GUARANTEED;
  return share === BEST_EFFORT ? share - 1 : share;
}

export function milli(text: string | undefined): number {
  return text === undefined ? 0 : Number((quantityNanos(text) + 999_999n) / 1_000_000n);
}

export function bytes(text: string | undefined): number {
  return text === undefined ? 0 : Number((quantityNanos(text) + 999_999_999n) / 1_000_000_000n);
}
