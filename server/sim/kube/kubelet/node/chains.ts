import { MINUTE, type Duration } from "../../../kernel/index.ts";
import { namespaceOf } from "../../../net/index.ts";
import { kubeletChains, kubeletChainsFlushed } from "../../addons/kube-proxy/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";

/** pkg/kubelet/kubelet_network_linux.go initNetworkUtil: how often it looks for its canary. */
const PERIOD: Duration = MINUTE;

/** Writes the kubelet's own iptables chains, and again when somebody has flushed them. */
export function watchChains(kubelet: Kubelet): void {
  const ns = namespaceOf(kubelet.self);
  if (kubeletChainsFlushed(ns)) kubeletChains(ns);
  kubelet.rest(PERIOD, EVENTS.chains, { pid: kubelet.running.pid }, "net//iptables");
}
