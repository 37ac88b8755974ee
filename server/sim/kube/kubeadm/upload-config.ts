import { createHash } from "node:crypto";
import { IMAGES, PKI, type Cluster } from "./cluster.ts";
import { kubeletConfiguration } from "./kubelet-config.ts";
import { KUBE_SYSTEM, type KubeObject } from "./object.ts";
import { toYaml } from "./yaml.ts";

/** The ClusterConfiguration that `kubeadm config` and joining nodes read back. */
export function kubeadmConfigMap(cluster: Cluster): KubeObject {
  const text = toYaml({
    apiServer: cluster.certSANs.length > 0 ? { certSANs: cluster.certSANs } : {},
    apiVersion: "kubeadm.k8s.io/v1beta4",
    caCertificateValidityPeriod: "87600h0m0s",
    certificateValidityPeriod: "8760h0m0s",
    certificatesDir: PKI,
    clusterName: cluster.clusterName,
    controlPlaneEndpoint: cluster.controlPlaneEndpoint,
    controllerManager: {},
    dns: {},
    encryptionAlgorithm: "RSA-2048",
    etcd: { local: { dataDir: "/var/lib/etcd" } },
    imageRepository: IMAGES,
    kind: "ClusterConfiguration",
    kubernetesVersion: cluster.version,
    networking: {
      dnsDomain: cluster.dnsDomain,
      podSubnet: cluster.podSubnet,
      serviceSubnet: cluster.serviceSubnet,
    },
    proxy: {},
    scheduler: {},
  });
  return configMap("kubeadm-config", { ClusterConfiguration: text });
}

/** The kubelet configuration that joining nodes take over. */
export function kubeletConfigMap(cluster: Cluster): KubeObject {
  return signed(configMap("kubelet-config", { kubelet: kubeletConfiguration(cluster) }));
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
