import type { Daemon, Program } from "../../../host/index.ts";
import { encode } from "../../../kernel/index.ts";
import { pluginProgram } from "../cni/skel.ts";
import { weaveNpcsOf } from "./npc/index.ts";
import { weaveIpamPlugin, weaveNetPlugin } from "./plugin.ts";
import { weaversOf } from "./weavers.ts";

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

/** The container `weave-npc`: the rules of NetworkPolicies. */
export const weaveNpc: Daemon = {
  name: "weave-npc",
  summary: "Weave's network policies",
  start: (self) => weaveNpcsOf(self.host.hosts).started(self, { node: self.env["HOSTNAME"] || self.host.hostname }),
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    self.exit(0);
    return true;
  },
  stopped: (self) => weaveNpcsOf(self.host.hosts).stopped(self),
};

export const weavePrograms: readonly Program[] = [
  init,
  pluginProgram(weaveNetPlugin, "weave-net"),
  pluginProgram(weaveIpamPlugin, "weave-ipam"),
];
