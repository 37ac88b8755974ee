import type { Container, Pod } from "../../api/index.ts";
import { configMaps, secrets, services } from "../../kinds/index.ts";
import type { ContainerConfig, CriMount } from "../cri/api.ts";
import { imageStatus } from "../cri/image/images.ts";
import { expand } from "../environment/expansion.ts";
import { environmentOf, VariableError, type VariableContext } from "../environment/variables.ts";
import type { Kubelet } from "../kubelet.ts";
import { hostnameOf, hostsFile } from "../network/hosts.ts";
import { nodeAddresses } from "../node/addresses.ts";
import { allocatable } from "../node/capacity.ts";
import { podIPsOf } from "../runtime/pod-ips.ts";
import { findContainer, runtimePodStatus } from "../runtime/pod-status.ts";
import { containerDirectory, podDirectory } from "../volumes/directories.ts";
import { volumeMounts } from "../volumes/container-mounts.ts";
import { Directory } from "../cri/directory.ts";
import { encode } from "../../../kernel/index.ts";
import { containerAnnotations, containerLabels } from "./labels.ts";
import { linuxResources } from "./linux-resources.ts";
import type { PodRow } from "./row.ts";
import { unsupported } from "./unsupported.ts";

export type Configured =
  | { readonly ok: ContainerConfig }
  | { readonly error: string; readonly reason: "CreateContainerConfigError" | "CreateContainerError" };

/** What the runtime is asked to make (kuberuntime_container.go generateContainerConfig, kubelet_pods.go GenerateRunContainerOptions). */
export function containerConfig(
  kubelet: Kubelet,
  row: PodRow,
  container: Container,
  image: string,
  attempt: number,
): Configured {
  const { pod } = row;
  const wrong = (error: string): Configured => ({ error, reason: "CreateContainerConfigError" });
  const security = { ...pod.spec.securityContext, ...container.securityContext };
  const nonRoot = runsAsRoot(kubelet, row, container, image);
  if (nonRoot !== undefined) return wrong(nonRoot);
  let env: [string, string][];
  try {
    env = environmentOf(pod, container, variableContext(kubelet, row));
  } catch (error) {
    if (error instanceof VariableError) return wrong(error.message);
    throw error;
  }
  const values = new Map(env);
  const value = (name: string): string | undefined => values.get(name);
  const refused = unsupported(kubelet, pod, container);
  if (refused) return refused;
  const mounts = volumeMounts(kubelet, row, container, value);
  if ("error" in mounts) return wrong(mounts.error);
  const targetId = targetOf(kubelet, row, container);
  return {
    ok: {
      name: container.name,
      attempt,
      image,
      userSpecifiedImage: container.image ?? "",
      command: (container.command ?? []).map((word) => expand(word, value)),
      args: (container.args ?? []).map((word) => expand(word, value)),
      workingDir: container.workingDir ?? "",
      env,
      mounts: [...mounts.ok, ...ownMounts(kubelet, row, container)],
      labels: containerLabels(pod, container),
      annotations: containerAnnotations(pod, container, attempt),
      logPath: `${container.name}/${attempt}.log`,
      stdin: container.stdin ?? false,
      stdinOnce: container.stdinOnce ?? false,
      tty: container.tty ?? false,
      ...(container.lifecycle?.stopSignal === undefined ? {} : { stopSignal: container.lifecycle.stopSignal }),
      ...(security.runAsUser === undefined ? {} : { runAsUser: security.runAsUser }),
      ...(security.runAsGroup === undefined ? {} : { runAsGroup: security.runAsGroup }),
      supplementalGroups: [
        ...(pod.spec.securityContext?.supplementalGroups ?? []),
        ...(pod.spec.securityContext?.fsGroup === undefined ? [] : [pod.spec.securityContext.fsGroup]),
      ],
      readOnlyRoot: security.readOnlyRootFilesystem ?? false,
      privileged: security.privileged ?? false,
      capabilities: {
        add: container.securityContext?.capabilities?.add ?? [],
        drop: container.securityContext?.capabilities?.drop ?? [],
      },
      ...(targetId === undefined ? {} : { targetId }),
      noNewPrivileges: container.securityContext?.allowPrivilegeEscalation === false,
      seccomp: seccompOf(pod, container),
      resources: linuxResources(kubelet, pod, container),
    },
  };
}

/** The container whose processes an ephemeral one is to see (kuberuntime_container.go getTargetID). */
function targetOf(kubelet: Kubelet, { uid }: PodRow, { targetContainerName }: Container): string | undefined {
  if (!targetContainerName) return undefined;
  const found = findContainer(runtimePodStatus(kubelet.runtime, uid), targetContainerName);
  return found?.state === "running" ? found.id : undefined;
}

/** kuberuntime helpers.go getSeccompProfile: the container's, else the Pod's, else none at all. */
function seccompOf({ spec }: Pod, { securityContext }: Container): string {
  const profile = securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile;
  if (!profile) return "Unconfined";
  return profile.type === "Localhost" ? `Localhost/${profile.localhostProfile ?? ""}` : profile.type;
}

/** security_context.go verifyRunAsNonRoot */
function runsAsRoot(kubelet: Kubelet, { pod }: PodRow, container: Container, image: string): string | undefined {
  const security = { ...pod.spec.securityContext, ...container.securityContext };
  if (!security.runAsNonRoot) return undefined;
  const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace ?? ""}(${pod.metadata.uid})", container: ${container.name})`;
  if (security.runAsUser !== undefined)
    return security.runAsUser === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  const user = imageStatus(kubelet.runtime, image)?.user;
  if (!user) return undefined;
  if ("username" in user)
    return `container has runAsNonRoot and image has non-numeric user (${user.username}), cannot verify user is non-root ${where}`;
  return user.uid === 0 ? `container has runAsNonRoot and image will run as root ${where}` : undefined;
}

export function variableContext(kubelet: Kubelet, row: PodRow): VariableContext {
  const { client } = kubelet.api;
  const { namespace = "" } = row.pod.metadata;
  const open = kubelet.api.open;
  const unreachable = (kind: string): never => {
    throw new VariableError(`failed to sync ${kind} cache: timed out waiting for the condition`);
  };
  return {
    services: client?.list(services, namespace) ?? [],
    apiService: client?.get(services, "default", "kubernetes"),
    allocatable: allocatable(kubelet),
    podIPs: podIPsOf(kubelet, row),
    hostIPs: nodeAddresses(kubelet),
    configMap: (name) => (open ? client?.get(configMaps, namespace, name) : unreachable("configmap")),
    secret: (name) => (open ? client?.get(secrets, namespace, name) : unreachable("secret")),
  };
}

/** /etc/hosts, which the Pod's containers share, and the file for last words. */
function ownMounts(kubelet: Kubelet, row: PodRow, container: Container): CriMount[] {
  const mounts: CriMount[] = [];
  const taken = container.volumeMounts?.some(({ mountPath }) => mountPath === "/etc/hosts") ?? false;
  if (!taken) mounts.push({ containerPath: "/etc/hosts", hostPath: writeHosts(kubelet, row), readOnly: false });
  const path = container.terminationMessagePath;
  if (path) {
    const directory = Directory.at(kubelet.host, containerDirectory(row, container.name), 0o750);
    const name = kubelet.kernel.random.hex("kubelet/termination", 8);
    directory.write(name, "", 0o666);
    mounts.push({
      containerPath: path,
      hostPath: `${containerDirectory(row, container.name)}/${name}`,
      readOnly: false,
    });
  }
  return mounts;
}

function writeHosts(kubelet: Kubelet, row: PodRow): string {
  const { pod } = row;
  const directory = podDirectory(row);
  const text = hostsFile(
    pod,
    podIPsOf(kubelet, row),
    hostnameOf(pod, kubelet.running.settings.clusterDomain),
    kubelet.host.readText("/etc/hosts") ?? "",
  );
  Directory.at(kubelet.host, directory).write("etc-hosts", encode(text));
  return `${directory}/etc-hosts`;
}
