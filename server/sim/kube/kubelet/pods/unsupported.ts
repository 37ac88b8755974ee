import type { Container, Pod } from "../../api/index.ts";
import { runtimeClasses } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";
import type { Configured } from "./container-config.ts";

const SECCOMP_ROOT = "/var/lib/kubelet/seccomp";

/** What a container asks for that its machine does not have, in the runtime's words, or that is not simulated, in ours. */
export function unsupported(kubelet: Kubelet, pod: Pod, container: Container): Configured | undefined {
  const error = seccomp(kubelet, pod, container) ?? appArmor(pod, container) ?? blockDevices(container);
  return error === undefined ? undefined : { error, reason: "CreateContainerError" };
}

/** What is wrong with a Pod as a whole: its sandbox cannot be made. */
export function unsupportedSandbox(kubelet: Kubelet, { spec }: Pod): string | undefined {
  const { hostUsers, runtimeClassName } = spec;
  if (hostUsers === false) return "drydock: user namespaces (hostUsers: false) are not simulated";
  if (!runtimeClassName) return undefined;
  const found = kubelet.api.client?.get(runtimeClasses, "", runtimeClassName);
  const { handler } = (found ?? {}) as { readonly handler?: string };
  if (handler === undefined || handler === "runc") return undefined;
  return `failed to get sandbox runtime: no runtime for ${JSON.stringify(handler)} is configured`;
}

/** A profile of the machine: containerd reads it when it makes the container (contrib/seccomp LoadProfile). */
function seccomp(kubelet: Kubelet, { spec }: Pod, { securityContext }: Container): string | undefined {
  const profile = securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile;
  if (profile?.type !== "Localhost" || securityContext?.privileged) return undefined;
  const path = `${SECCOMP_ROOT}/${profile.localhostProfile ?? ""}`;
  const quoted = JSON.stringify(path);
  return kubelet.host.files.exists(path)
    ? `drydock: seccomp profile ${quoted} is not simulated`
    : `failed to create containerd container: cannot load seccomp profile ${quoted}: open ${path}: no such file or directory`;
}

/** No profile but the runtime's own is loaded on the machine (containerd spec_opts.go generateApparmorSpecOpts). */
function appArmor({ spec }: Pod, { securityContext }: Container): string | undefined {
  const profile = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
  if (profile?.type !== "Localhost" || securityContext?.privileged) return undefined;
  return `failed to generate apparmor spec opts: apparmor profile not found ${profile.localhostProfile ?? ""}`;
}

function blockDevices({ volumeDevices = [] }: Container): string | undefined {
  const [first] = volumeDevices;
  return first && `drydock: volumeDevices (block volume ${JSON.stringify(first.name)}) are not simulated`;
}
