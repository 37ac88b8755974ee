import { CRI_SOCKET } from "./cluster.ts";

/** What kubeadm adds to a Node; the rest is the kubelet's and the controllers'. */
export interface NodeMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly effect: string }[];
}

export const CONTROL_PLANE_ROLE = "node-role.kubernetes.io/control-plane";

/** As cmd/kubeadm/app/phases/patchnode: every node remembers its runtime's socket. */
export const WORKER_MARKS: NodeMarks = {
  labels: {},
  annotations: { "kubeadm.alpha.kubernetes.io/cri-socket": CRI_SOCKET },
  taints: [],
};

/** As cmd/kubeadm/app/phases/markcontrolplane. */
export const CONTROL_PLANE_MARKS: NodeMarks = {
  labels: { [CONTROL_PLANE_ROLE]: "", "node.kubernetes.io/exclude-from-external-load-balancers": "" },
  annotations: WORKER_MARKS.annotations,
  taints: [{ key: CONTROL_PLANE_ROLE, effect: "NoSchedule" }],
};
