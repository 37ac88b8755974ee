export { corefile } from "./addon-coredns.ts";
export { clusterInfo, tokenSignature } from "./bootstrap-token.ts";
export { resolveCluster, type ClusterParameters, type NodeParameters } from "./cluster.ts";
export { containerdConfig } from "./containerd-config.ts";
export { filesOf, homeKubeconfig, kubeadmInit, type Init } from "./init.ts";
export { kubeadmJoin, type Join } from "./join.ts";
export { type NodeMarks } from "./mark-control-plane.ts";
export type { KubeObject } from "./object.ts";
export { containerdPackage, kubernetesPackages, nodePrerequisites } from "./packages.ts";
