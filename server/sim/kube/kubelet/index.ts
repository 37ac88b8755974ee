import type { Daemon } from "../../host/index.ts";
import { containerd } from "./cri/containerd/daemon.ts";
import { kubelet } from "./daemon.ts";

/** The programs of a node: `kubelet` and `containerd`. */
export const nodeDaemons: readonly Daemon[] = [containerd, kubelet];

export { bindContainerd } from "./containerd.ts";
export { bindKubelet, kubeletOf } from "./kubelets.ts";
export type * from "./cri/api.ts";
export type { ContainerRow, ImageRow, SandboxRow } from "./cri/rows.ts";
export type { Containerd } from "./cri/runtime.ts";
export { createContainer, removeContainer } from "./cri/container/create.ts";
export { execSync } from "./cri/container/exec.ts";
export { startContainer } from "./cri/container/start.ts";
export { stopContainer } from "./cri/container/stop.ts";
export { LogRenderer, tailStart, type LogQuery } from "./cri/logs/read.ts";
export { logPathOf } from "./cri/logs/write.ts";
export { runSandbox } from "./cri/sandbox/run.ts";
export { removeSandbox, stopSandbox } from "./cri/sandbox/stop.ts";
export { preloadImages, imageStatus, pullImage, findImage } from "./cri/image/images.ts";
export { containerStatus, sandboxStatus } from "./cri/status.ts";
export { containerdOf, resumePrograms } from "./cri/runtimes.ts";
export { PortForward } from "./server/streams.ts";
export type { RemoteCommand, RemoteStreams } from "./server/remote-command.ts";
export { containerLog, logOptions, type LogOptions } from "./server/logs.ts";
export { execInContainer } from "./server/exec.ts";
export { attachToContainer } from "./server/attach.ts";
