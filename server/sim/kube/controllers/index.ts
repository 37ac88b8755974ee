export { ControllerManager } from "./controller-manager.ts";
export { KubernetesService } from "./kubernetes-service/index.ts";
export { LeaderElection } from "./leader-election/index.ts";
export { Heartbeats } from "./nodelifecycle/heartbeat.ts"; // prettier-ignore
export { KUBEADM_CONTROLLER_SETTINGS, type ControllerManagerSettings } from "./settings.ts";
export type { SyncFailure } from "./sync-failure.ts";
export { CustomResourceDefinitionController } from "./customresourcedefinition/index.ts";
