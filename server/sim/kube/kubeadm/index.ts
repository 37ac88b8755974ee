export {
  coreDnsConfigMap,
  coreDnsDeployment,
  coreDnsRbac,
  coreDnsServiceAccount,
  corefile,
  dnsService,
} from "./addon-coredns.ts";
export { kubeProxyConfigMap, kubeProxyDaemonSet, kubeProxyRbac, kubeProxyServiceAccount } from "./addon-kube-proxy.ts";
export { bootstrapConfigMap, clusterInfo, tokenSignature } from "./bootstrap-token.ts";
export {
  certificateDefinitions,
  clientDefinition,
  keyPairFiles,
  selfSignedAuthority,
  serviceAccountFiles,
  signedCertificate,
  type CertificateDefinition,
  type TextFile,
} from "./certificates.ts";
export {
  API_PORT,
  releaseOf,
  resolveCluster,
  type Cluster,
  type ClusterParameters,
  type Component,
  type ExtraArg,
  type NodeParameters,
} from "./cluster.ts";
export { containerdConfig } from "./containerd-config.ts";
export { filesOf, homeKubeconfig, kubeadmInit, type Init } from "./init.ts";
export { bootstrappedConfig, kubeadmJoin, type Join } from "./join.ts";
export { clientConfigText, configUsers, kubeconfigText, serverFor, type ConfigUser } from "./kubeconfig.ts";
export { kubeletConfigurationFile, kubeletFlagsFile } from "./kubelet-config.ts";
export { clientFiles, CURRENT_CLIENT, kubeletStateFiles } from "./kubelet-files.ts";
export { CONTROL_PLANE_MARKS, WORKER_MARKS, type NodeMarks } from "./mark-control-plane.ts";
export type { KubeObject } from "./object.ts";
export { packageRecords } from "./package-records.ts";
export { containerdPackage, kubernetesPackages, nodePrerequisites } from "./packages.ts";
export {
  adminBinding,
  bootstrapRules,
  clusterInfoReaders,
  kubeadmConfigReaders,
  kubeletConfigReaders,
} from "./rbac.ts";
export { MANIFESTS, staticPodFiles, type StaticPodFile } from "./static-pods.ts";
export { kubeadmConfigMap, kubeletConfigMap } from "./upload-config.ts";
export type { YamlObject } from "./yaml.ts";
