import { rfc3339 } from "../../../kernel/index.ts";
import { sameJson, type Node, type NodeCondition } from "../../api/index.ts";
import { CONTAINERD_VERSION } from "../cri/containerd/daemon.ts";
import type { Kubelet } from "../kubelet.ts";
import { nodeAddresses } from "./addresses.ts";
import { allocatable, capacity } from "./capacity.ts";

export const KUBELET_VERSION = "v1.33.1";
/** nodeStatusMaxImages */
const MOST_IMAGES = 50;

/** Conditions that nothing here ever makes worse. */
const CALM = [
  ["MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
] as const;

/** Why the node is not ready; empty if it is (nodestatus/setters.go ReadyCondition). */
export function unready(kubelet: Kubelet): string {
  const { runtime } = kubelet;
  if (!runtime.serving) return "container runtime is down";
  const { ready, reason, message } = runtime.networkCondition;
  if (ready) return "";
  return `container runtime network not ready: NetworkReady=false reason:${reason} message:${message}`;
}

/** The status of the node, over what it was. */
export function nodeStatus(kubelet: Kubelet, before: Node["status"] | undefined): Node["status"] {
  const now = rfc3339(kubelet.kernel.now);
  const known = new Map((before?.conditions ?? []).map((condition) => [condition.type, condition]));
  const condition = (type: string, status: string, reason: string, message: string): NodeCondition => {
    const old = known.get(type);
    known.delete(type);
    const lastTransitionTime = old?.status === status && old.lastTransitionTime ? old.lastTransitionTime : now;
    return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message };
  };
  const why = unready(kubelet);
  const own = [
    ...CALM.map(([type, reason, message]) => condition(type, "False", reason, message)),
    why === ""
      ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
      : condition("Ready", "False", "KubeletNotReady", why),
  ];
  const { row } = kubelet.machine;
  const { kernelRelease } = kubelet.machine.hosts.profile(row.profile);
  const uuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
  return {
    capacity: capacity(kubelet),
    allocatable: allocatable(kubelet),
    conditions: [...known.values(), ...own],
    addresses: [
      ...nodeAddresses(kubelet).map((address) => ({ type: "InternalIP", address })),
      { type: "Hostname", address: kubelet.running.nodeName },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubelet.running.settings.port } },
    nodeInfo: {
      machineID: row.machineId,
      systemUUID: uuid(row.machineId),
      bootID: uuid(row.bootId),
      kernelVersion: kernelRelease,
      osImage: /^PRETTY_NAME="(.*)"$/m.exec(kubelet.host.readText("/etc/os-release") ?? "")?.[1] ?? "Linux",
      containerRuntimeVersion: `containerd://${CONTAINERD_VERSION}`,
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
    },
    images: images(kubelet),
  };
}

/** The largest images first. */
function images({ runtime }: Kubelet): NonNullable<Node["status"]["images"]> {
  return [...runtime.images.values()]
    .map(({ repoDigests, repoTags, size }) => ({ names: [...repoDigests, ...repoTags], sizeBytes: size }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, MOST_IMAGES);
}

/** Whether two statuses differ in more than the times of heartbeats. */
export function statusChanged(before: Node["status"], after: Node["status"]): boolean {
  const bare = ({ conditions = [], ...rest }: Node["status"]): unknown => ({
    ...rest,
    conditions: conditions.map((condition) => ({ ...condition, lastHeartbeatTime: null })),
  });
  return !sameJson(bare(before), bare(after));
}
