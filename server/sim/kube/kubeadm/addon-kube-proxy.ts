import type { Cluster } from "./cluster.ts";
import { LOGGING } from "./kubelet-config.ts";
import { KUBE_SYSTEM, type KubeObject } from "./object.ts";
import { BOOTSTRAPPERS, clusterRoleBinding, configMapReaders, group } from "./rbac.ts";
import { configMap, signed, type ConfigMap } from "./upload-config.ts";
import { toYaml, withFields, type YamlObject } from "./yaml.ts";

/** KubeProxyConfiguration as kubeadm writes it: its own choices, and a zero for every other field. */
function configuration(cluster: Cluster): string {
  const own: YamlObject = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    bindAddress: "0.0.0.0",
    bindAddressHardFail: false,
    clientConnection: {
      acceptContentTypes: "",
      burst: 0,
      contentType: "",
      kubeconfig: "/var/lib/kube-proxy/kubeconfig.conf",
      qps: 0,
    },
    clusterCIDR: cluster.podSubnet,
    configSyncPeriod: "0s",
    conntrack: {
      maxPerCore: null,
      min: null,
      tcpBeLiberal: false,
      tcpCloseWaitTimeout: null,
      tcpEstablishedTimeout: null,
      udpStreamTimeout: "0s",
      udpTimeout: "0s",
    },
    detectLocal: { bridgeInterface: "", interfaceNamePrefix: "" },
    detectLocalMode: "",
    enableProfiling: false,
    healthzBindAddress: "",
    hostnameOverride: "",
    iptables: {
      localhostNodePorts: null,
      masqueradeAll: false,
      masqueradeBit: null,
      minSyncPeriod: "0s",
      syncPeriod: "0s",
    },
    ipvs: {
      excludeCIDRs: null,
      minSyncPeriod: "0s",
      scheduler: "",
      strictARP: false,
      syncPeriod: "0s",
      tcpFinTimeout: "0s",
      tcpTimeout: "0s",
      udpTimeout: "0s",
    },
    kind: "KubeProxyConfiguration",
    logging: LOGGING,
    metricsBindAddress: "",
    mode: cluster.proxyMode,
    nftables: { masqueradeAll: false, masqueradeBit: null, minSyncPeriod: "0s", syncPeriod: "0s" },
    nodePortAddresses: null,
    oomScoreAdj: null,
    portRange: "",
    showHiddenMetricsForVersion: "",
    winkernel: {
      enableDSR: false,
      forwardHealthCheckVip: false,
      networkName: "",
      rootHnsEndpointName: "",
      sourceVip: "",
    },
  };
  return toYaml(withFields(own, cluster.componentConfigs.kubeProxy));
}

/** The template of cmd/kubeadm/app/phases/addons/proxy/manifests.go, so its keys are not sorted. */
function kubeconfig(server: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: ${server}
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token`;
}

/** Both values stand in the template as `|-`: no newline at the end. */
export function kubeProxyConfigMap(cluster: Cluster): ConfigMap {
  const plain = configMap("kube-proxy", {
    "config.conf": configuration(cluster).trimEnd(),
    "kubeconfig.conf": kubeconfig(cluster.server),
  });
  const labelled = { ...plain, metadata: { ...plain.metadata, labels: { app: "kube-proxy" } } };
  // What an admin wrote carries no hash of kubeadm's own.
  return cluster.componentConfigs.kubeProxy ? labelled : signed(labelled);
}

const LABELS = { "k8s-app": "kube-proxy" };

export function kubeProxyDaemonSet(cluster: Cluster): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-proxy", namespace: KUBE_SYSTEM, labels: LABELS },
    spec: {
      selector: { matchLabels: LABELS },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels: LABELS },
        spec: {
          priorityClassName: "system-node-critical",
          containers: [
            {
              name: "kube-proxy",
              image: `${cluster.imageRepository}/kube-proxy:${cluster.version}`,
              imagePullPolicy: "IfNotPresent",
              command: [
                "/usr/local/bin/kube-proxy",
                "--config=/var/lib/kube-proxy/config.conf",
                "--hostname-override=$(NODE_NAME)",
              ],
              securityContext: { privileged: true },
              volumeMounts: [
                { mountPath: "/var/lib/kube-proxy", name: "kube-proxy" },
                { mountPath: "/run/xtables.lock", name: "xtables-lock" },
                { mountPath: "/lib/modules", name: "lib-modules", readOnly: true },
              ],
              env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
            },
          ],
          hostNetwork: true,
          serviceAccountName: "kube-proxy",
          volumes: [
            { name: "kube-proxy", configMap: { name: "kube-proxy" } },
            { name: "xtables-lock", hostPath: { path: "/run/xtables.lock", type: "FileOrCreate" } },
            { name: "lib-modules", hostPath: { path: "/lib/modules" } },
          ],
          tolerations: [{ operator: "Exists" }],
          nodeSelector: { "kubernetes.io/os": "linux" },
        },
      },
    },
  };
}

export function kubeProxyServiceAccount(): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "kube-proxy", namespace: KUBE_SYSTEM } };
}

export function kubeProxyRbac(): KubeObject[] {
  return [
    clusterRoleBinding("kubeadm:node-proxier", "system:node-proxier", { kind: "ServiceAccount", name: "kube-proxy" }),
    ...configMapReaders(KUBE_SYSTEM, "kube-proxy", "kube-proxy", group(BOOTSTRAPPERS)),
  ];
}
