export { corefile } from "./addon-coredns.ts";
export { caHash, clusterInfo, tokenSecret, tokenSignature, type BootstrapToken } from "./bootstrap-token.ts";
export { type ClusterCertificate } from "./certificates.ts";
export {
  API_PORT,
  CRI_SOCKET,
  resolveCluster,
  type Cluster,
  type ClusterParameters,
  type NodeParameters,
} from "./cluster.ts";
export { containerdConfig, type ContainerdOptions } from "./containerd-config.ts";
export { filesOf, homeKubeconfig, kubeadmInit, type Init, type Phase } from "./init.ts";
export { kubeadmJoin, type Join } from "./join.ts";
export { kubeconfigText, type ClientConfig } from "./kubeconfig.ts";
export { bootstrappedClient } from "./kubelet-files.ts";
export { CONTROL_PLANE_MARKS, WORKER_MARKS, type NodeMarks } from "./mark-control-plane.ts";
export type { KubeObject } from "./object.ts";
export { CNI_PLUGINS, containerdPackage, kubernetesPackages, nodePrerequisites } from "./packages.ts";
export { serialNumber } from "./seeded.ts";
export { toYaml, type YamlValue } from "./yaml.ts";
