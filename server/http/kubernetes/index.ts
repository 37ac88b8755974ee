export { readBody } from "./body.ts";
export { KubernetesFront, type Target } from "./front.ts";
export { kubeconfig } from "./kubeconfig.ts";
export { kubernetesPath, otherUpgrades, serveKubernetes } from "./plugin.ts";
