export { readBody } from "./body.ts";
export { KubernetesFront } from "./front.ts";
export { kubeconfig } from "./kubeconfig.ts";
export { kubernetesPath, otherUpgrades, serveKubernetes } from "./plugin.ts";
