import type { Daemon, Hosts, Program } from "../../../host/index.ts";
import { bindKubeControllers, checkStatus, kubeControllers } from "./controllers/kube-controllers.ts";
import { bindCalicoNodes } from "./node/calico-nodes.ts";
import { calicoNode, startRunit } from "./node/calico-node.ts";
import { calicoPluginPrograms } from "./plugin/programs.ts";

/** The servers of Calico's images, for the registry. */
export const calicoDaemons: readonly Daemon[] = [startRunit, kubeControllers];

/** Their other programs: plugins, installer, checks. */
export const calicoPrograms: readonly Program[] = [...calicoPluginPrograms, calicoNode, checkStatus];

/** Once per world, after the clusters are known, and after `bindFelix`. */
export function bindCalico(hosts: Hosts): void {
  bindCalicoNodes(hosts);
  bindKubeControllers(hosts);
}
