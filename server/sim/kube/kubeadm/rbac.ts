import { CLUSTER_ADMINS } from "./certificates.ts";
import { KUBE_PUBLIC, KUBE_SYSTEM, type KubeObject } from "./object.ts";

const GROUP = "rbac.authorization.k8s.io";

/** The group of users who come with a bootstrap token for nodes. */
export const BOOTSTRAPPERS = "system:bootstrappers:kubeadm:default-node-token";
const NODES = "system:nodes";

interface Subject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
}

export function group(name: string): Subject {
  return { kind: "Group", name };
}

/** A binding to a ClusterRole, with the fields that the API fills in for subjects. */
export function clusterRoleBinding(name: string, role: string, ...subjects: readonly Subject[]): KubeObject {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: role },
    subjects: subjects.map(complete),
  };
}

export function clusterRole(name: string, rules: readonly unknown[]): KubeObject {
  return { apiVersion: `${GROUP}/v1`, kind: "ClusterRole", metadata: { name }, rules };
}

/** A Role that lets its subjects read one ConfigMap, and the RoleBinding of the same name. */
export function configMapReaders(
  namespace: string,
  name: string,
  configMap: string,
  ...subjects: readonly Subject[]
): KubeObject[] {
  return [
    {
      apiVersion: `${GROUP}/v1`,
      kind: "Role",
      metadata: { name, namespace },
      rules: [{ apiGroups: [""], resourceNames: [configMap], resources: ["configmaps"], verbs: ["get"] }],
    },
    {
      apiVersion: `${GROUP}/v1`,
      kind: "RoleBinding",
      metadata: { name, namespace },
      roleRef: { apiGroup: GROUP, kind: "Role", name },
      subjects: subjects.map(complete),
    },
  ];
}

/** admin.conf becomes an administrator when kubeadm has super-admin.conf say so (EnsureAdminClusterRoleBinding). */
export function adminBinding(): KubeObject {
  return clusterRoleBinding(CLUSTER_ADMINS, "cluster-admin", group(CLUSTER_ADMINS));
}

export function kubeadmConfigReaders(): KubeObject[] {
  const name = "kubeadm:nodes-kubeadm-config";
  return configMapReaders(KUBE_SYSTEM, name, "kubeadm-config", group(BOOTSTRAPPERS), group(NODES));
}

export function kubeletConfigReaders(): KubeObject[] {
  return configMapReaders(KUBE_SYSTEM, "kubeadm:kubelet-config", "kubelet-config", group(NODES), group(BOOTSTRAPPERS));
}

/** What nodes with a bootstrap token may do (cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go), in order. */
export function bootstrapRules(): KubeObject[] {
  const certificates = "system:certificates.k8s.io:certificatesigningrequests";
  return [
    clusterRole("kubeadm:get-nodes", [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }]),
    clusterRoleBinding("kubeadm:get-nodes", "kubeadm:get-nodes", group(BOOTSTRAPPERS)),
    clusterRoleBinding("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", group(BOOTSTRAPPERS)),
    clusterRoleBinding("kubeadm:node-autoapprove-bootstrap", `${certificates}:nodeclient`, group(BOOTSTRAPPERS)),
    clusterRoleBinding("kubeadm:node-autoapprove-certificate-rotation", `${certificates}:selfnodeclient`, group(NODES)),
  ];
}

/** Everybody may read cluster-info, so that a node can begin to trust the cluster. */
export function clusterInfoReaders(): KubeObject[] {
  const name = "kubeadm:bootstrap-signer-clusterinfo";
  return configMapReaders(KUBE_PUBLIC, name, "cluster-info", { kind: "User", name: "system:anonymous" });
}

function complete(subject: Subject): Record<string, string> {
  return subject.kind === "ServiceAccount"
    ? { kind: subject.kind, name: subject.name, namespace: KUBE_SYSTEM }
    : { apiGroup: GROUP, kind: subject.kind, name: subject.name };
}
