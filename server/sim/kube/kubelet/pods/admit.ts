import { nodes } from "../../kinds/index.ts";
import type { Node, Pod } from "../../api/index.ts";
import { rfc3339 } from "../../../kernel/index.ts";
import { amounts, podRequests } from "../../scheduler/resources.ts";
import { matchesRequiredNode } from "../../scheduler/node-selector.ts";
import { nodePorts } from "../../scheduler/plugins/node-ports.ts";
import { untoleratedTaint } from "../../scheduler/tolerations.ts";
import type { Kubelet } from "../kubelet.ts";
import { allocatable } from "../node/capacity.ts";
import { KUBELET_CONDITIONS } from "../status/conditions.ts";
import { isStatic } from "./containers.ts";
import { record } from "./record.ts";
import type { PodRow, WaitingReason } from "./row.ts";
import { sendStatus } from "./status.ts";

/** Safe sysctls and their namespaces (pkg/kubelet/sysctl/safe_sysctls.go, kernel 6.8). */
const SAFE: Readonly<Record<string, "IPC" | "Net">> = {
  "kernel.shm_rmid_forced": "IPC",
  "net.ipv4.ip_local_port_range": "Net",
  "net.ipv4.tcp_syncookies": "Net",
  "net.ipv4.ping_group_range": "Net",
  "net.ipv4.ip_unprivileged_port_start": "Net",
  "net.ipv4.ip_local_reserved_ports": "Net",
  "net.ipv4.tcp_keepalive_time": "Net",
  "net.ipv4.tcp_fin_timeout": "Net",
  "net.ipv4.tcp_keepalive_intvl": "Net",
  "net.ipv4.tcp_keepalive_probes": "Net",
  "net.ipv4.tcp_rmem": "Net",
  "net.ipv4.tcp_wmem": "Net",
};
/** What else belongs to a namespace, for sysctls that the configuration allows (namespace.go). */
const PREFIXES = [
  ["kernel.shm", "IPC"],
  ["kernel.msg", "IPC"],
  ["kernel.sem", "IPC"],
  ["fs.mqueue.", "IPC"],
  ["net.", "Net"],
] as const;

/**
 * Why the kubelet does not let a Pod onto its node although it was bound to it (kubelet.go canAdmitPod: the sysctl allowlist,
 * then lifecycle/predicate.go). Undefined if it does.
 */
export function refusal(kubelet: Kubelet, pod: Pod): WaitingReason | undefined {
  return forbiddenSysctl(kubelet, pod) ?? misfit(kubelet, pod);
}

function forbiddenSysctl(kubelet: Kubelet, { spec }: Pod): WaitingReason | undefined {
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    const why = sysctlProblem(name.replaceAll("/", "."), spec, kubelet.running.settings.allowedUnsafeSysctls);
    if (why !== undefined) return { reason: "SysctlForbidden", message: `forbidden sysctl: ${why}` };
  }
  return undefined;
}

function sysctlProblem(name: string, spec: Pod["spec"], allowed: readonly string[]): string | undefined {
  const matches = (pattern: string): boolean =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
  const namespace = Object.hasOwn(SAFE, name)
    ? SAFE[name]
    : allowed.some(matches)
      ? PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1]
      : undefined;
  const quoted = JSON.stringify(name);
  if (namespace === undefined) return `${quoted} not allowlisted`;
  if (namespace === "IPC" && spec.hostIPC) return `${quoted} not allowed with host ipc enabled`;
  if (namespace === "Net" && spec.hostNetwork) return `${quoted} not allowed with host net enabled`;
  return undefined;
}

/** predicate.go generalFilter: resources, node affinity and name, ports, and taints that drive away; the first counts. */
function misfit(kubelet: Kubelet, pod: Pod): WaitingReason | undefined {
  const others = otherPods(kubelet, pod.metadata.uid);
  return (
    outOfResources(kubelet, pod, others) ??
    affinityProblem(kubelet, pod) ??
    portProblem(pod, others) ??
    taintProblem(kubelet, pod)
  );
}

function isEnded({ phase, status }: PodRow): boolean {
  return phase === "finished" || phase === "terminated" || status.phase === "Failed" || status.phase === "Succeeded";
}

/** What else counts on the node. */
export function otherPods(kubelet: Kubelet, uid: string): Pod[] {
  const others: Pod[] = [];
  for (const row of kubelet.pods.values()) if (row.uid !== uid && !isEnded(row)) others.push(row.pod);
  return others;
}

export function outOfResources(kubelet: Kubelet, pod: Pod, others: readonly Pod[]): WaitingReason | undefined {
  const capacity = amounts(allocatable(kubelet));
  const short = (name: string, requested: number, used: number, available: number): WaitingReason => ({
    reason: `OutOf${name}`,
    message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${available}`,
  });
  const pods = capacity.get("pods") ?? 0;
  if (others.length + 1 > pods) return short("pods", 1, others.length, pods);
  for (const [name, requested] of podRequests(pod).requested) {
    const available = capacity.get(name);
    // Extended resources that the node does not have yet are not asked of it (removeMissingExtendedResources).
    if (requested === 0 || available === undefined) continue;
    let used = 0;
    for (const other of others) used += podRequests(other).requested.get(name) ?? 0;
    if (used + requested > available) return short(name, requested, used, available);
  }
  return undefined;
}

function failedPredicate(name: string, why: string): WaitingReason {
  return { reason: name, message: `Predicate ${name} failed: ${why}` };
}

/** The node as the API server shows it, or as the kubelet would enter it. */
function ownNode(kubelet: Kubelet): Pick<Node, "metadata" | "spec"> | undefined {
  return kubelet.api.client?.get(nodes, "", kubelet.running.nodeName);
}

function affinityProblem(kubelet: Kubelet, pod: Pod): WaitingReason | undefined {
  const { nodeSelector, affinity } = pod.spec;
  if (!nodeSelector && !affinity?.nodeAffinity) return undefined;
  const node = ownNode(kubelet);
  if (!node || matchesRequiredNode(pod.spec, node as Node)) return undefined;
  return failedPredicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
}

function portProblem(pod: Pod, others: readonly Pod[]): WaitingReason | undefined {
  const filter = nodePorts.filter!(pod, undefined as never);
  if (!filter) return undefined;
  const unfit = filter({ pods: others } as never);
  return unfit ? failedPredicate("NodePorts", "node(s) didn't have free ports for the requested pod ports") : undefined;
}

/** Static Pods run whatever the node's taints. */
function taintProblem(kubelet: Kubelet, pod: Pod): WaitingReason | undefined {
  if (isStatic(pod)) return undefined;
  const taints = ownNode(kubelet)?.spec.taints;
  if (!taints || taints.length === 0 || !untoleratedTaint(taints, pod.spec.tolerations, ["NoExecute"]))
    return undefined;
  return failedPredicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
}

/** The Pod is told that it may not run here, and never does (kubelet.go rejectPod). */
export function reject(kubelet: Kubelet, row: PodRow, { reason, message }: WaitingReason): void {
  record(kubelet, row, "Warning", reason, message);
  const conditions = (row.pod.status.conditions ?? []).filter(
    ({ type }) => !(KUBELET_CONDITIONS as readonly string[]).includes(type),
  );
  const status = {
    phase: "Failed",
    ...(conditions.length > 0 ? { conditions } : {}),
    message: `Pod was rejected: ${message}`,
    reason,
    startTime: rfc3339(kubelet.kernel.now),
    ...(row.pod.status.qosClass === undefined ? {} : { qosClass: row.pod.status.qosClass }),
  };
  const rejected: PodRow = { ...row, phase: "finished", status };
  kubelet.pods.set(row.uid, rejected);
  const sent = sendStatus(kubelet, rejected);
  const latest = kubelet.pods.get(row.uid);
  if (latest) kubelet.pods.set(row.uid, { ...sent, pod: latest.pod });
}
