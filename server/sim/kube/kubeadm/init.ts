import type { FileSpec } from "../../host/index.ts";
import { certificatePem } from "../pki/index.ts";
import {
  coreDnsConfigMap,
  coreDnsDeployment,
  coreDnsRbac,
  coreDnsServiceAccount,
  dnsService,
} from "./addon-coredns.ts";
import { kubeProxyConfigMap, kubeProxyDaemonSet, kubeProxyRbac, kubeProxyServiceAccount } from "./addon-kube-proxy.ts";
import { caHash, clusterInfo, initToken, tokenSecret, type BootstrapToken } from "./bootstrap-token.ts";
import { certificateFiles, clusterCertificates, type ClusterCertificate } from "./certificates.ts";
import { hostPort, KUBELET_STARTS, TOKEN_IS_MADE, type Cluster } from "./cluster.ts";
import { clientConfigs, kubeconfigText, type ClientConfig } from "./kubeconfig.ts";
import { kubeletConfigurationFile, kubeletFlagsFile } from "./kubelet-config.ts";
import { CURRENT_CLIENT, kubeletFiles } from "./kubelet-files.ts";
import { CONTROL_PLANE_MARKS, type NodeMarks } from "./mark-control-plane.ts";
import type { KubeObject } from "./object.ts";
import {
  adminBinding,
  bootstrapRules,
  clusterInfoReaders,
  kubeadmConfigReaders,
  kubeletConfigReaders,
} from "./rbac.ts";
import { staticPodFiles } from "./static-pods.ts";
import { kubeadmConfigMap, kubeletConfigMap } from "./upload-config.ts";

/** What one phase of kubeadm leaves behind, in its order. A later file of the same path replaces an earlier one. */
export interface Phase {
  /** As `kubeadm init phase` names it. */
  readonly name: string;
  readonly files: readonly FileSpec[];
  readonly objects: readonly KubeObject[];
  /** Roles and bindings, apart from the rest: they are made after it. */
  readonly rbac: readonly KubeObject[];
}

/** All that `kubeadm init` does on the control plane, and what the kubelet adds when it starts. */
export interface Init {
  readonly cluster: Cluster;
  readonly phases: readonly Phase[];
  readonly marks: NodeMarks;
  readonly certificates: ReadonlyMap<string, ClusterCertificate>;
  readonly configs: ReadonlyMap<string, ClientConfig>;
  readonly token: BootstrapToken;
  /** The command that joins a worker, in one line. */
  readonly joinCommand: string;
}

export function kubeadmInit(cluster: Cluster): Init {
  const node = cluster.controlPlane;
  const certificates = clusterCertificates(cluster, node);
  const ca = certificates.get("ca")!;
  const configs = clientConfigs(cluster, node, ca);
  const token = initToken(cluster, cluster.created + TOKEN_IS_MADE);
  const kubelet = configs.get("kubelet.conf")!.client;
  const kubeletStarts = cluster.created + KUBELET_STARTS;
  const [etcd, ...controlPlane] = staticPodFiles(cluster, node);
  const phases: Phase[] = [
    phase("certs", certificateFiles(certificates.values(), cluster)),
    phase(
      "kubeconfig",
      [...configs.values()].map(({ file }) => file),
    ),
    // Admins put its client beside it, as the machines of the exam have it.
    phase("etcd", [
      { path: "/var/lib/etcd", dir: true, mode: 0o700 },
      etcd!,
      { path: "/usr/local/bin/etcdctl", program: "etcdctl", version: cluster.release.etcd.replace(/-\d+$/, "") },
    ]),
    phase("control-plane", controlPlane),
    phase("kubelet-start", [
      kubeletFlagsFile(cluster),
      kubeletConfigurationFile(cluster),
      ...kubeletFiles(cluster, node, kubelet, kubeletStarts),
    ]),
    phase("wait-control-plane", etcdData(), [], [adminBinding()]),
    phase("upload-config/kubeadm", [], [kubeadmConfigMap(cluster)], kubeadmConfigReaders()),
    phase("upload-config/kubelet", [], [kubeletConfigMap(cluster)], kubeletConfigReaders()),
    phase("mark-control-plane"),
    phase(
      "bootstrap-token",
      [],
      [tokenSecret(token), clusterInfo(cluster, ca.certificate)],
      [...bootstrapRules(), ...clusterInfoReaders()],
    ),
    phase("kubelet-finalize", [rotatableKubeletConfig(cluster, ca)]),
    phase(
      "addon/coredns",
      [],
      [coreDnsConfigMap(cluster), coreDnsServiceAccount(), coreDnsDeployment(cluster), dnsService(cluster)],
      coreDnsRbac(),
    ),
    phase(
      "addon/kube-proxy",
      [],
      [kubeProxyConfigMap(cluster), kubeProxyDaemonSet(cluster), kubeProxyServiceAccount()],
      kubeProxyRbac(),
    ),
  ];
  const server = cluster.controlPlaneEndpoint ?? hostPort(node.address, cluster.bindPort);
  const joinCommand = `kubeadm join ${server} --token ${token.id}.${token.secret} --discovery-token-ca-cert-hash ${caHash(ca.certificate)}`;
  return { cluster, phases, marks: CONTROL_PLANE_MARKS, certificates, configs, token, joinCommand };
}

/** The files of some phases as they stand at the end: the last one of each path. */
export function filesOf(phases: readonly Phase[]): FileSpec[] {
  return [...new Map(phases.flatMap(({ files }) => files.map((file) => [file.path, file] as const))).values()];
}

/** What an admin does after init: admin.conf as the kubeconfig of a home directory. */
export function homeKubeconfig({ configs }: Init, home = "/root"): FileSpec[] {
  const { text } = configs.get("admin.conf")!.file;
  return [
    { path: `${home}/.kube`, dir: true },
    { path: `${home}/.kube/config`, mode: 0o600, text },
  ];
}

/** kubelet.conf once the kubelet keeps its certificate itself (cmd/kubeadm/app/cmd/phases/init/kubeletfinalize.go). */
function rotatableKubeletConfig(cluster: Cluster, ca: ClusterCertificate): FileSpec {
  const user = `system:node:${cluster.controlPlane.name}`;
  return {
    path: "/etc/kubernetes/kubelet.conf",
    mode: 0o600,
    text: kubeconfigText({
      cluster: cluster.clusterName,
      server: cluster.server,
      authority: certificatePem(ca.certificate),
      user,
      context: `${user}@${cluster.clusterName}`,
      credentials: { "client-certificate": CURRENT_CLIENT, "client-key": CURRENT_CLIENT },
    }),
  };
}

/** Where etcd keeps its data. The simulated etcd keeps it in the API's store; the files stand for it. */
function etcdData(): FileSpec[] {
  const directory = (path: string): FileSpec => ({ path, dir: true, mode: 0o700 });
  const file = (path: string): FileSpec => ({ path, mode: 0o600, text: "" });
  return [
    directory("/var/lib/etcd/member"),
    directory("/var/lib/etcd/member/snap"),
    file("/var/lib/etcd/member/snap/db"),
    directory("/var/lib/etcd/member/wal"),
    file("/var/lib/etcd/member/wal/0.tmp"),
    file("/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal"),
  ];
}

export function phase(
  name: string,
  files: readonly FileSpec[] = [],
  objects: readonly KubeObject[] = [],
  rbac: readonly KubeObject[] = [],
): Phase {
  return { name, files, objects, rbac };
}
