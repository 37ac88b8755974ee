import type { FileSpec } from "../../host/index.ts";
import type { Cluster } from "./cluster.ts";
import { toYaml, withFields, type YamlObject } from "./yaml.ts";

/**
 * KubeletConfiguration as kubeadm writes it: its own choices, and a zero for every field that has no "omitempty" (zero
 * means the kubelet's default). cmd/kubeadm/app/componentconfigs/kubelet.go.
 */
export function kubeletConfiguration(cluster: Cluster): string {
  const own: YamlObject = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: "0s", enabled: true },
      x509: { clientCAFile: `${cluster.certificatesDir}/ca.crt` },
    },
    authorization: { mode: "Webhook", webhook: { cacheAuthorizedTTL: "0s", cacheUnauthorizedTTL: "0s" } },
    cgroupDriver: "systemd",
    clusterDNS: [cluster.dnsAddress],
    clusterDomain: cluster.dnsDomain,
    containerRuntimeEndpoint: "",
    cpuManagerReconcilePeriod: "0s",
    crashLoopBackOff: {},
    evictionPressureTransitionPeriod: "0s",
    fileCheckFrequency: "0s",
    healthzBindAddress: "127.0.0.1",
    healthzPort: 10248,
    httpCheckFrequency: "0s",
    imageMaximumGCAge: "0s",
    imageMinimumGCAge: "0s",
    kind: "KubeletConfiguration",
    logging: LOGGING,
    memorySwap: {},
    nodeStatusReportFrequency: "0s",
    nodeStatusUpdateFrequency: "0s",
    resolvConf: cluster.resolvConf,
    rotateCertificates: true,
    runtimeRequestTimeout: "0s",
    shutdownGracePeriod: "0s",
    shutdownGracePeriodCriticalPods: "0s",
    staticPodPath: "/etc/kubernetes/manifests",
    streamingConnectionIdleTimeout: "0s",
    syncFrequency: "0s",
    volumeStatsAggPeriod: "0s",
  };
  return toYaml(withFields(own, cluster.componentConfigs.kubelet));
}

/** component-base LoggingConfiguration with nothing set. */
export const LOGGING = {
  flushFrequency: 0,
  options: { json: { infoBufferSize: "0" }, text: { infoBufferSize: "0" } },
  verbosity: 0,
} as const;

export function kubeletConfigurationFile(cluster: Cluster): FileSpec {
  return { path: "/var/lib/kubelet/config.yaml", text: kubeletConfiguration(cluster) };
}

/** The flags that kubeadm gives the kubelet of a node (cmd/kubeadm/app/phases/kubelet/flags.go). */
export function kubeletFlagsFile(cluster: Cluster): FileSpec {
  const flags = `--container-runtime-endpoint=${cluster.criSocket} --pod-infra-container-image=${cluster.imageRepository}/pause:${cluster.release.pause}`;
  return { path: "/var/lib/kubelet/kubeadm-flags.env", text: `KUBELET_KUBEADM_ARGS="${flags}"\n` };
}
