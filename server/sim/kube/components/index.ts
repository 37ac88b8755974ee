import type { Daemon, Hosts } from "../../host/index.ts";
import { bindApiLinks } from "../access/link.ts";
import { bindControlPlane } from "./control-plane.ts";
import { bindEtcd, etcd } from "./etcd.ts";
import { bindKubeApiserver, kubeApiserver } from "./kube-apiserver/kube-apiserver.ts";
import { kubeControllerManager } from "./kube-controller-manager.ts";
import { kubeScheduler } from "./kube-scheduler.ts";
import { bindHealth } from "./serving.ts";

export { controlPlaneOf } from "./control-plane.ts";
export { ETCD_CLIENT, etcdDatabase, type EtcdSocket } from "./etcd.ts";
export { selfSigned } from "./serving.ts";
export { isFlagProblem, listFlag, parseFlags, type FlagTable } from "./go-flags.ts";
export { klogLine } from "./klog.ts";

/** The programs of a control plane. */
export const componentDaemons: readonly Daemon[] = [etcd, kubeApiserver, kubeControllerManager, kubeScheduler];

/** Binds what the components of control planes do later than at their start. Once per world, after the clusters are known. */
export function bindComponents(hosts: Hosts): void {
  bindApiLinks(hosts);
  bindControlPlane(hosts);
  bindHealth(hosts);
  bindEtcd(hosts);
  bindKubeApiserver(hosts);
}
