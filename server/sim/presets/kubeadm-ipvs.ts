import type { Topology } from "../world/topology.ts";
import { kubeadm } from "./kubeadm.ts";

/** The labs' usual world with kube-proxy in its ipvs mode. */
export const kubeadmIpvs: Topology = {
  ...kubeadm,
  clusters: kubeadm.clusters.map((cluster) => ({ ...cluster, proxyMode: "ipvs" })),
};
