import type { PolicyRule } from "../../../api/index.ts";
import { ALL, EVENTS, policyRule, READ, WRITE, type RuleRow } from "./rule-rows.ts";

const REVIEWS: readonly RuleRow[] = [
  ["authentication.k8s.io", "tokenreviews", "create"],
  ["authorization.k8s.io", "subjectaccessreviews", "create"],
];
const SIGNERS = "certificates.k8s.io";

const VIEW: readonly RuleRow[] = [
  [
    "core",
    "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
    READ,
  ],
  [
    "core",
    "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
    READ,
  ],
  ["core", "namespaces", READ],
  ["discovery.k8s.io", "endpointslices", READ],
  [
    "apps",
    "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
    READ,
  ],
  ["autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", READ],
  ["batch", "cronjobs cronjobs/status jobs jobs/status", READ],
  [
    "extensions",
    "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale",
    READ,
  ],
  ["policy", "poddisruptionbudgets poddisruptionbudgets/status", READ],
  ["networking.k8s.io", "ingresses ingresses/status networkpolicies", READ],
];

const EDIT: readonly RuleRow[] = [
  ["core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", READ],
  ["core", "serviceaccounts", "impersonate"],
  ["core", "pods pods/attach pods/exec pods/portforward pods/proxy", WRITE],
  ["core", "pods/eviction", "create"],
  [
    "core",
    "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
    WRITE,
  ],
  ["core", "serviceaccounts/token", "create"],
  [
    "apps",
    "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
    WRITE,
  ],
  ["autoscaling", "horizontalpodautoscalers", WRITE],
  ["batch", "cronjobs jobs", WRITE],
  [
    "extensions",
    "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale",
    WRITE,
  ],
  ["policy", "poddisruptionbudgets", WRITE],
  ["networking.k8s.io", "ingresses networkpolicies", WRITE],
  ["coordination.k8s.io", "leases", ALL],
];

const SCHEDULER: readonly RuleRow[] = [
  EVENTS,
  ["coordination.k8s.io", "leases", "create"],
  ["coordination.k8s.io", "leases", "get list update watch", "kube-scheduler"],
  ["coordination.k8s.io", "leasecandidates", ALL],
  ["core", "nodes", READ],
  ["core", "pods", "delete get list watch"],
  ["core", "bindings pods/binding", "create"],
  ["core", "pods/status", "patch update"],
  ["core", "replicationcontrollers services", READ],
  ["apps extensions", "replicasets", READ],
  ["apps", "statefulsets", READ],
  ["policy", "poddisruptionbudgets", READ],
  ["core", "persistentvolumeclaims persistentvolumes", READ],
  ...REVIEWS,
  ["storage.k8s.io", "csinodes", READ],
  ["storage.k8s.io", "volumeattachments", READ],
  ["core", "namespaces", READ],
  ["storage.k8s.io", "csidrivers", READ],
  ["storage.k8s.io", "csistoragecapacities", READ],
];

const NODE: readonly RuleRow[] = [
  ["authentication.k8s.io", "tokenreviews", "create"],
  ["authorization.k8s.io", "localsubjectaccessreviews subjectaccessreviews", "create"],
  ["core", "services", READ],
  ["core", "nodes", "create get list watch"],
  ["core", "nodes/status", "patch update"],
  ["core", "nodes", "patch update"],
  ["core", "events", "create patch update"],
  ["core", "pods", READ],
  ["core", "pods", "create delete"],
  ["core", "pods/status", "patch update"],
  ["core", "pods/eviction", "create"],
  ["core", "configmaps secrets", READ],
  ["core", "persistentvolumeclaims persistentvolumes", "get"],
  ["core", "endpoints", "get"],
  ["certificates.k8s.io", "certificatesigningrequests", "create get list watch"],
  ["coordination.k8s.io", "leases", "create delete get patch update"],
  ["storage.k8s.io", "volumeattachments", "get"],
  ["core", "serviceaccounts/token", "create"],
  ["core", "persistentvolumeclaims/status", "get patch update"],
  ["storage.k8s.io", "csidrivers", READ],
  ["storage.k8s.io", "csinodes", "create delete get patch update"],
  ["node.k8s.io", "runtimeclasses", READ],
];

/**
 * The ClusterRoles that every API server of 1.33 has with the feature gates at their defaults
 * (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go and its testdata/cluster-roles.yaml), but for those that
 * are aggregated.
 */
export const CLUSTER_ROLES: Readonly<Record<string, readonly RuleRow[]>> = {
  "cluster-admin": [
    ["*", "*", "*"],
    ["path", "*", "*"],
  ],
  "system:aggregate-to-admin": [
    ["authorization.k8s.io", "localsubjectaccessreviews", "create"],
    ["rbac.authorization.k8s.io", "rolebindings roles", ALL],
  ],
  "system:aggregate-to-edit": EDIT,
  "system:aggregate-to-view": VIEW,
  "system:auth-delegator": REVIEWS,
  "system:basic-user": [
    ["authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", "create"],
    ["authentication.k8s.io", "selfsubjectreviews", "create"],
  ],
  "system:certificates.k8s.io:certificatesigningrequests:nodeclient": [
    [SIGNERS, "certificatesigningrequests/nodeclient", "create"],
  ],
  "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient": [
    [SIGNERS, "certificatesigningrequests/selfnodeclient", "create"],
  ],
  "system:certificates.k8s.io:kube-apiserver-client-approver": [
    [SIGNERS, "signers", "approve", "kubernetes.io/kube-apiserver-client"],
  ],
  "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver": [
    [SIGNERS, "signers", "approve", "kubernetes.io/kube-apiserver-client-kubelet"],
  ],
  "system:certificates.k8s.io:kubelet-serving-approver": [
    [SIGNERS, "signers", "approve", "kubernetes.io/kubelet-serving"],
  ],
  "system:certificates.k8s.io:legacy-unknown-approver": [
    [SIGNERS, "signers", "approve", "kubernetes.io/legacy-unknown"],
  ],
  "system:discovery": [
    ["path", "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/", "get"],
  ],
  "system:heapster": [
    ["core", "events namespaces nodes pods", READ],
    ["extensions", "deployments", READ],
  ],
  "system:kube-aggregator": [["core", "endpoints services", READ]],
  "system:kube-controller-manager": [
    EVENTS,
    ["coordination.k8s.io", "leases", "create"],
    ["coordination.k8s.io", "leases", "get update", "kube-controller-manager"],
    ["core", "secrets serviceaccounts", "create"],
    ["core", "secrets", "delete"],
    ["core", "configmaps namespaces secrets serviceaccounts", "get"],
    ["core", "secrets serviceaccounts", "update"],
    ...REVIEWS,
    ["*", "*", "list watch"],
    ["core", "serviceaccounts/token", "create"],
  ],
  "system:kube-dns": [["core", "endpoints services", "list watch"]],
  "system:kube-scheduler": SCHEDULER,
  "system:kubelet-api-admin": [
    ["core", "nodes", READ],
    ["core", "nodes", "proxy"],
    ["core", "nodes/log nodes/metrics nodes/proxy nodes/stats", "*"],
    ["core", "nodes/configz nodes/healthz nodes/pods", "*"],
  ],
  "system:monitoring": [
    ["path", "/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*", "get"],
    ["core", "nodes/metrics", "get"],
  ],
  "system:node": NODE,
  "system:node-bootstrapper": [["certificates.k8s.io", "certificatesigningrequests", "create get list watch"]],
  "system:node-problem-detector": [["core", "nodes", "get"], ["core", "nodes/status", "patch"], EVENTS],
  "system:node-proxier": [
    ["core", "endpoints services", "list watch"],
    ["core", "nodes", READ],
    EVENTS,
    ["networking.k8s.io", "servicecidrs", "list watch"],
    ["discovery.k8s.io", "endpointslices", "list watch"],
  ],
  "system:persistent-volume-provisioner": [
    ["core", "persistentvolumes", "create delete get list watch"],
    ["core", "persistentvolumeclaims", "get list update watch"],
    ["storage.k8s.io", "storageclasses", READ],
    ["core", "events", "watch"],
    EVENTS,
  ],
  "system:public-info-viewer": [["path", "/healthz /livez /readyz /version /version/", "get"]],
  "system:service-account-issuer-discovery": [
    [
      "path",
      "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/",
      "get",
    ],
  ],
  "system:volume-scheduler": [
    ["core", "persistentvolumes", "get list patch update watch"],
    ["storage.k8s.io", "storageclasses", READ],
    ["core", "persistentvolumeclaims", "get list patch update watch"],
  ],
};

/** Roles whose rules are those of all roles with a label, and what they are labelled with themselves. */
export const AGGREGATED: Readonly<Record<string, { readonly from: string; readonly to?: string }>> = {
  admin: { from: "admin" },
  edit: { from: "edit", to: "admin" },
  view: { from: "view", to: "edit" },
};

/** `system:aggregate-to-edit` and its like carry the label of what they are part of. */
export const AGGREGATION_LABEL = "rbac.authorization.k8s.io/aggregate-to-";

/** ClusterRole, kind of the subject, its name. The binding to `system:node` has no subject since there is a Node authorizer. */
export const CLUSTER_ROLE_BINDINGS: readonly (readonly [
  role: string,
  kind?: "User" | "Group" | "ServiceAccount",
  ...names: string[],
])[] = [
  ["cluster-admin", "Group", "system:masters"],
  ["system:basic-user", "Group", "system:authenticated"],
  ["system:discovery", "Group", "system:authenticated"],
  ["system:kube-controller-manager", "User", "system:kube-controller-manager"],
  ["system:kube-dns", "ServiceAccount", "kube-dns"],
  ["system:kube-scheduler", "User", "system:kube-scheduler"],
  ["system:monitoring", "Group", "system:monitoring"],
  ["system:node"],
  ["system:node-proxier", "User", "system:kube-proxy"],
  ["system:public-info-viewer", "Group", "system:authenticated", "system:unauthenticated"],
  ["system:service-account-issuer-discovery", "Group", "system:serviceaccounts"],
  ["system:volume-scheduler", "User", "system:kube-scheduler"],
];

let known: readonly PolicyRule[] | undefined;

/** What the Node authorizer allows every node. */
export function nodeRules(): readonly PolicyRule[] {
  return (known ??= NODE.map(policyRule));
}
