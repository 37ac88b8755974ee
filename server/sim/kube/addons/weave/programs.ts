import type { Daemon, Program } from "../../../host/index.ts";
import { encode } from "../../../kernel/index.ts";
import { Iptables } from "../cni/index.ts";
import { pluginProgram } from "../cni/skel.ts";
import { weaveIpamPlugin, weaveNetPlugin } from "./plugin.ts";
import { weaversOf } from "./weavers.ts";
import { weaveLine } from "./log.ts";

const PLUGINS = ["weave-net", "weave-ipam"] as const;
const BIN = "/host/opt/cni/bin";
const CONF = "/host/etc/cni/net.d";
const PLUGIN = "/usr/bin/weaveutil";

const CONFLIST = `{
    "cniVersion": "0.3.0",
    "name": "weave",
    "plugins": [
        {
            "name": "weave",
            "type": "weave-net",
            "hairpinMode": true
        },
        {
            "type": "portmap",
            "capabilities": {"portMappings": true},
            "snat": true
        }
    ]
}
`;

/** The container `weave`: launch.sh, which becomes the weaver. */
export const launch: Daemon = {
  name: "weave-launch",
  summary: "Weave Net's router",
  start: (self) => weaversOf(self.host.hosts).started(self),
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    self.exit(0);
    return true;
  },
  stopped: (self) => weaversOf(self.host.hosts).stopped(self),
};

/** The init container: modules, and the plugins' files on the machine (prog/weave-kube/init.sh). */
const init: Program = {
  name: "weave-init",
  summary: "prepares a machine for Weave Net",
  async run(process) {
    const { files } = process.host;
    if (!files.exists("/host/opt", process)) {
      await process.error("Failed to install the Weave CNI plugin\n");
      return 1;
    }
    if (!files.exists(BIN, process)) files.mkdir(BIN, { parents: true }, process);
    files.write(`${BIN}/weave-plugin-2.8.1`, files.read(PLUGIN, process), { mode: 0o755 }, process);
    for (const name of PLUGINS)
      files.write(`${BIN}/${name}`, files.read(`/usr/bin/${name}`, process), { mode: 0o755 }, process);
    if (!files.exists(CONF, process)) files.mkdir(CONF, { parents: true }, process);
    if (files.exists(`${CONF}/10-weave.conf`, process)) files.unlink(`${CONF}/10-weave.conf`, process);
    files.write(`${CONF}/10-weave.conflist`, encode(CONFLIST), { mode: 0o644 }, process);
    return 0;
  },
};

/** Weave's policies: without any, everything may pass (npc). */
export const weaveNpc: Daemon = {
  name: "weave-npc",
  summary: "Weave's network policies",
  start(self) {
    const log = (text: string): void => self.log(weaveLine(self.kernel.now, "INFO", text));
    log('Starting Weaveworks NPC 2.8.1; node name "' + (self.env["HOSTNAME"] ?? "") + '"');
    self.log("drydock: weave-npc: NetworkPolicies are not simulated: everything may pass");
    const iptables = Iptables.find(self);
    if ("error" in iptables) return self.exit(1);
    for (const chain of ["WEAVE-NPC", "WEAVE-NPC-EGRESS", "WEAVE-NPC-DEFAULT"]) iptables.clearChain("filter", chain);
    iptables.append("filter", "WEAVE-NPC", ["-m", "state", "--state", "RELATED,ESTABLISHED", "-j", "ACCEPT"]);
    iptables.append("filter", "WEAVE-NPC", ["-m", "state", "--state", "NEW", "-j", "WEAVE-NPC-DEFAULT"]);
    iptables.append("filter", "WEAVE-NPC-DEFAULT", ["-j", "ACCEPT"]);
  },
};

export const weavePrograms: readonly Program[] = [
  init,
  pluginProgram(weaveNetPlugin, "weave-net"),
  pluginProgram(weaveIpamPlugin, "weave-ipam"),
];
