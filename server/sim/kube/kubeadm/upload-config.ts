import { createHash } from "node:crypto";
import type { Cluster, Component } from "./cluster.ts";
import { kubeletConfiguration } from "./kubelet-config.ts";
import { KUBE_SYSTEM, type KubeObject } from "./object.ts";
import { toYaml, type YamlObject } from "./yaml.ts";

/** The ClusterConfiguration that `kubeadm config` and joining nodes read back. */
export function kubeadmConfigMap(cluster: Cluster): KubeObject {
  const text = toYaml({
    apiServer: {
      ...extraArgs(cluster, "apiServer"),
      ...(cluster.certSANs.length > 0 ? { certSANs: cluster.certSANs } : {}),
    },
    apiVersion: "kubeadm.k8s.io/v1beta4",
    caCertificateValidityPeriod: "87600h0m0s",
    certificateValidityPeriod: "8760h0m0s",
    certificatesDir: cluster.certificatesDir,
    clusterName: cluster.clusterName,
    controlPlaneEndpoint: cluster.controlPlaneEndpoint,
    controllerManager: extraArgs(cluster, "controllerManager"),
    dns: {},
    encryptionAlgorithm: "RSA-2048",
    etcd: { local: { dataDir: cluster.dataDir, ...extraArgs(cluster, "etcd") } },
    imageRepository: cluster.imageRepository,
    kind: "ClusterConfiguration",
    kubernetesVersion: cluster.version,
    networking: {
      dnsDomain: cluster.dnsDomain,
      podSubnet: cluster.podSubnet || undefined,
      serviceSubnet: cluster.serviceSubnet,
    },
    proxy: {},
    scheduler: extraArgs(cluster, "scheduler"),
  });
  return configMap("kubeadm-config", { ClusterConfiguration: text });
}

function extraArgs(cluster: Cluster, component: Component): YamlObject {
  const own = cluster.extraArgs[component] ?? [];
  return own.length === 0 ? {} : { extraArgs: own.map(({ name, value }) => ({ name, value })) };
}

/** The kubelet configuration that joining nodes take over. */
export function kubeletConfigMap(cluster: Cluster): KubeObject {
  const plain = configMap("kubelet-config", { kubelet: kubeletConfiguration(cluster) });
  return cluster.componentConfigs.kubelet ? plain : signed(plain);
}

export interface ConfigMap extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

export function configMap(name: string, data: Readonly<Record<string, string>>): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: KUBE_SYSTEM }, data };
}

/**
 * Adds the hash by which kubeadm later knows that nobody has changed the configuration (cmd/kubeadm/app/componentconfigs
 * SignConfigMap: SHA-256 of the values in the order of their keys).
 */
export function signed(object: ConfigMap): ConfigMap {
  const hash = createHash("sha256");
  for (const key of Object.keys(object.data).sort()) hash.update(object.data[key]!);
  const annotations = {
    ...object.metadata.annotations,
    "kubeadm.kubernetes.io/component-config.hash": `sha256:${hash.digest("hex")}`,
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
