import type { Daemon } from "../../host/index.ts";
import { containerd } from "./cri/containerd/daemon.ts";
import { kubelet } from "./daemon.ts";

/** The programs of a node: `kubelet` and `containerd`. */
export const nodeDaemons: readonly Daemon[] = [containerd, kubelet];

export { resumePrograms } from "./cri/runtimes.ts";
export { bindContainerd } from "./containerd.ts";
export { bindKubelet } from "./kubelets.ts";
export type * from "./cri/api.ts";
export { preloadImages } from "./cri/image/images.ts";
export { containerdOf } from "./cri/runtimes.ts";
export { PortForward } from "./server/streams.ts";
export type { OutsideClient, OutsideInput } from "./server/outside.ts";
export { forwardPort, type ForwardedPort, type PortClient } from "./server/port-client.ts";
export type { RemoteCommand } from "./server/remote-command.ts";
