import type { Program } from "../../../host/index.ts";
import { bandwidth } from "./bandwidth.ts";
import { bridge } from "./bridge/bridge.ts";
import { dummy } from "./dummy.ts";
import { flannelPlugin } from "./flannel/flannel.ts";
import { hostLocal } from "./host-local/host-local.ts";
import { loopback } from "./loopback.ts";
import { macvlan } from "./macvlan.ts";
import { portmap } from "./portmap/portmap.ts";
import { ptp } from "./ptp.ts";
import { pluginProgram } from "./skel.ts";
import { staticIpam } from "./static.ts";
import { tuning } from "./tuning.ts";
import { unsimulatedPlugins } from "./unsimulated.ts";
import { vlan } from "./vlan.ts";

export { Iptables } from "./iptables.ts";

/**
 * The CNI plugins for the registry of programs, by the names that their files have: `cni/bridge` for those of the package
 * kubernetes-cni (kubeadm's packages), `flannel` for the one that flannel's image brings.
 */
export const cniPlugins: readonly Program[] = [
  ...[
    bandwidth,
    bridge,
    dummy,
    hostLocal,
    loopback,
    macvlan,
    portmap,
    ptp,
    staticIpam,
    tuning,
    vlan,
    ...unsimulatedPlugins,
  ].map((plugin) => pluginProgram(plugin, `cni/${plugin.name}`)),
  pluginProgram(flannelPlugin, "flannel"),
];
