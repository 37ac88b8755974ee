import type { Daemon } from "../../host/index.ts";
import { containerd } from "./cri/containerd/daemon.ts";
import { kubelet } from "./daemon.ts";

/** The programs of a node: `kubelet` and `containerd`. */
export const nodeDaemons: readonly Daemon[] = [containerd, kubelet];

export { resumePrograms } from "./cri/runtimes.ts";
export { bindContainerd } from "./containerd.ts";
export { bindKubelet } from "./kubelets.ts";
export type * from "./cri/api.ts";
export { capabilitiesOf } from "./cri/container/capabilities.ts";
export { makeContainerHost, removeContainer } from "./cri/container/create.ts";
export { bindMount, systemMounts } from "./cri/container/mounts.ts";
export { openLog, run as runContainer } from "./cri/container/start.ts";
export { Directory } from "./cri/directory.ts";
export { execSync } from "./cri/container/exec.ts";
export { commandOf } from "./cri/container/start.ts";
export { stopContainer } from "./cri/container/stop.ts";
export { CONTAINERD_VERSION } from "./cri/containerd/daemon.ts";
export { fileSystemOfBuilt, nameOfBuilt, type BuiltImageRow } from "./cri/image/built.ts";
export { addImage, findImage, preloadImages, pullImage, removeImage } from "./cri/image/images.ts";
export { LogRenderer, tailStart } from "./cri/logs/read.ts";
export type { ContainerRow, ImageRow, SandboxRow } from "./cri/rows.ts";
export { removeSandbox, stopSandbox } from "./cri/sandbox/stop.ts";
export { containerStatus } from "./cri/status.ts";
export { execInContainer } from "./server/exec.ts";
export { containerdOf, onContainerExit } from "./cri/runtimes.ts";
export { attachToContainer } from "./server/attach.ts";
export type { Containerd } from "./cri/runtime.ts";
export { PortForward } from "./server/streams.ts";
export type { OutsideInput } from "./server/outside.ts";
export { forwardPort, type ForwardedPort } from "./server/port-client.ts";
export type { RemoteCommand } from "./server/remote-command.ts";
export { kubeletOf } from "./kubelets.ts";
export { KUBELET_API } from "./server/sockets.ts";
export { nodeConsumption, podConsumption, type Consumption } from "./server/usage.ts";
export { volumesDue } from "./volumes/refresh.ts";
