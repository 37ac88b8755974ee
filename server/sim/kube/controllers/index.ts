export { ControllerManager } from "./controller-manager.ts";
export { isEnabled, type ControllerName } from "./controller-names.ts";
export type { ControllerManagerOptions } from "./context.ts";
export { KubernetesService, type KubernetesServiceOptions } from "./kubernetes-service/index.ts";
export { LeaderElection, type LeaderElectionOptions } from "./leader-election/index.ts";
export { Heartbeats, type Heartbeat } from "./nodelifecycle/heartbeat.ts";
export { controllerOf, controllerReference } from "./owner-reference.ts";
export {
  isPodActive, isPodAvailable, isPodReady, isPodTerminal, podCondition, withPodCondition,
} from "./pod-state.ts"; // prettier-ignore
export { KUBEADM_CONTROLLER_SETTINGS, type ControllerManagerSettings } from "./settings.ts";
