import type { Kubelet } from "../kubelet.ts";
import { nodeAddresses } from "../node/addresses.ts";
import type { PodRow } from "../pods/row.ts";
import { runtimePodStatus } from "./pod-status.ts";

/** The addresses of a Pod as the runtime knows them now. */
export function podIPsOf(kubelet: Kubelet, { pod, uid }: PodRow): readonly string[] {
  return pod.spec.hostNetwork ? nodeAddresses(kubelet) : runtimePodStatus(kubelet.runtime, uid).ips;
}
