import type { ApiRequest, Authorization } from "../../api/index.ts";

const ADMINS = ["system:masters", "kubeadm:cluster-admins", "system:nodes"];
const COMPONENTS = ["system:kube-controller-manager", "system:kube-scheduler", "kube-apiserver-kubelet-client"];

/** Paths of the ClusterRoles system:public-info-viewer, and of system:discovery for those who are somebody. */
const PUBLIC = /^\/(healthz|livez|readyz|version)(\/|$)/;
const DISCOVERY = /^\/(api|apis|openapi|healthz|livez|readyz|version)(\/|$)/;

/**
 * Who may do what in a cluster as kubeadm leaves it: admins, nodes, the control plane and the service accounts of
 * kube-system may everything that they do; everybody who is somebody may look at what there is; others nothing. Roles that
 * learners make are the RBAC kinds', which this API does not serve yet.
 */
export function authorize(request: ApiRequest): Authorization {
  const { user } = request;
  if (
    user.groups.some(
      (group) =>
        ADMINS.includes(group) ||
        group === "system:serviceaccounts:kube-system" ||
        group === "system:serviceaccounts:kube-flannel",
    )
  )
    return { allowed: true };
  if (COMPONENTS.includes(user.name)) return { allowed: true };
  const path = request.path;
  if (path !== undefined) {
    const allowed = (user.groups.includes("system:authenticated") ? DISCOVERY : PUBLIC).test(path);
    return allowed ? { allowed } : { allowed, reason: `User "${user.name}" cannot ${request.verb} path "${path}"` };
  }
  const resource = request.subresource === "" ? request.resource : `${request.resource}/${request.subresource}`;
  const scope = request.namespace === "" ? "at the cluster scope" : `in the namespace "${request.namespace}"`;
  return {
    allowed: false,
    reason: `User "${user.name}" cannot ${request.verb} resource "${resource}" in API group "${request.group}" ${scope}`,
  };
}
