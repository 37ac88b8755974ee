import type { Pod } from "../../api/index.ts";
import { rpcError, type Outcome, type PodSandboxConfig, type PortMapping } from "../cri/api.ts";
import { runSandbox } from "../cri/sandbox/run.ts";
import type { Kubelet } from "../kubelet.ts";
import { podDns } from "../network/dns.ts";
import { hostnameOf, kernelHostname } from "../network/hosts.ts";
import { EVENTS } from "../row.ts";
import { qosClass } from "../../kinds/core/pod/qos.ts";
import { podLabels } from "./labels.ts";
import { podLogDirectory } from "./log-files.ts";
import { record } from "./record.ts";
import { formatPod, podKey, type PodActions, type PodRow, type Work } from "./row.ts";
import { startContainers } from "./start.ts";
import { fail, PLEG, working } from "./queue.ts";
import { unsupportedSandbox } from "./unsupported.ts";

type Sandboxing = Extract<Work, { step: "sandbox" }>;

/** Asks the runtime for a sandbox (kuberuntime_sandbox.go createPodSandbox). */
export function makeSandbox(kubelet: Kubelet, row: PodRow, actions: PodActions): void {
  const token = kubelet.token();
  const work: Sandboxing = { step: "sandbox", token, actions };
  const refused = unsupportedSandbox(kubelet, row.pod);
  if (refused !== undefined) return sandboxMade(kubelet, row, work, rpcError(refused));
  working(kubelet, row, work);
  runSandbox(kubelet.runtime, sandboxConfig(kubelet, row, actions.attempt), {
    kind: EVENTS.done,
    args: { machine: kubelet.machine.name, uid: row.uid, token },
  });
}

export function sandboxMade(kubelet: Kubelet, row: PodRow, work: Sandboxing, outcome: Outcome): void {
  if ("error" in outcome) {
    const text = `Failed to create sandbox for pod ${JSON.stringify(formatPod(row.pod))}: ${outcome.error}`;
    kubelet.log(
      "E",
      "kuberuntime_sandbox.go:70",
      `"Failed to create sandbox for pod" err=${JSON.stringify(outcome.error)} pod=${JSON.stringify(podKey(row.pod))}`,
    );
    record(kubelet, row, "Warning", "FailedCreatePodSandBox", `Failed to create pod sandbox: ${outcome.error}`);
    return fail(
      kubelet,
      row,
      `failed to "CreatePodSandbox" for ${JSON.stringify(formatPod(row.pod))} with CreatePodSandboxError: ${JSON.stringify(text)}`,
    );
  }
  // The next look at the runtime finds it, with the worker busy or done: a container that was started meanwhile is told of later.
  kubelet.after(PLEG, EVENTS.sync, { uid: row.uid, found: true });
  startContainers(kubelet, row, work.actions, (outcome.ok as { id: string }).id);
}

/** generatePodSandboxConfig */
function sandboxConfig(kubelet: Kubelet, row: PodRow, attempt: number): PodSandboxConfig {
  const { pod, uid } = row;
  const { settings } = kubelet.running;
  const { hostname, domain } = hostnameOf(pod, settings.clusterDomain);
  const resolver = settings.resolvConf === "" ? undefined : (kubelet.host.readText(settings.resolvConf) ?? "");
  const { dns, problems } = podDns(pod, {
    clusterDns: settings.clusterDns,
    clusterDomain: settings.clusterDomain,
    hostResolver: resolver,
  });
  for (const { reason, message } of problems) {
    const text = reason === "MissingClusterDNS" ? `pod: ${JSON.stringify(formatPod(pod))}. ${message}` : message;
    record(kubelet, row, "Warning", reason, text);
    if (reason === "DNSConfigForming")
      kubelet.log("E", "dns.go:153", `"Nameserver limits exceeded" err=${JSON.stringify(message)}`);
  }
  const hostNetwork = pod.spec.hostNetwork ?? false;
  return {
    name: pod.metadata.name,
    uid,
    namespace: pod.metadata.namespace ?? "",
    attempt,
    hostname: hostNetwork ? kubelet.host.hostname : kernelHostname(pod, hostname, domain),
    logDirectory: podLogDirectory(pod),
    dns,
    portMappings: hostNetwork ? [] : portMappings(pod),
    labels: podLabels(pod),
    annotations: pod.metadata.annotations ?? {},
    hostNetwork,
    pidNamespace: pod.spec.hostPID ? "node" : pod.spec.shareProcessNamespace ? "pod" : "container",
    hostIpc: pod.spec.hostIPC ?? false,
    sysctls: Object.fromEntries(
      (pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name.replaceAll("/", "."), value]),
    ),
    cgroupParent: cgroupParent(pod, settings.cgroupDriver),
  };
}

function portMappings({ spec }: Pod): PortMapping[] {
  return [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ ports = [] }) =>
    ports.map(({ protocol = "TCP", containerPort, hostPort = 0, hostIP = "" }) => ({
      protocol,
      containerPort,
      hostPort,
      hostIP,
    })),
  );
}

/** cm/pod_container_manager_linux.go: `kubepods-burstable-pod‹uid›.slice`, or a path with the cgroupfs driver. */
function cgroupParent({ metadata, spec }: Pod, driver: string): string {
  const qos = qosClass(spec).toLowerCase();
  const parts = qos === "guaranteed" ? ["kubepods"] : ["kubepods", qos];
  if (driver !== "systemd") return `/${[...parts, `pod${metadata.uid}`].join("/")}`;
  const [own, ...above] = [
    [...parts, `pod${metadata.uid.replaceAll("-", "_")}`].join("-"),
    parts.join("-"),
    "kubepods",
  ];
  return `/${[...new Set([...above].reverse())].map((name) => `${name}.slice`).join("/")}/${own}.slice`;
}
