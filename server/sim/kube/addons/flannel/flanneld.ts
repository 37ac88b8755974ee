import type { Daemon } from "../../../host/index.ts";
import { annotationNames } from "./annotations.ts";
import { flannelDaemonsOf } from "./flannel-daemons.ts";
import { readOptions } from "./options.ts";
import { logOf } from "./running.ts";

/** flanneld v0.27: joins its node's part of the Pod network to those of the others. Links and rules outlive it. */
export const flanneld: Daemon = {
  name: "flanneld",
  summary: "the agent of flannel's Pod network",
  start(self) {
    const read = readOptions(self);
    if ("lines" in read) {
      for (const line of read.lines) self.log(line);
      return self.exit(read.code);
    }
    const log = logOf(self);
    log("I", "main.go:211", read.log);
    const names = annotationNames(read.options.annotationPrefix);
    if ("error" in names) {
      log("E", "main.go:228", `Failed to create SubnetManager: error creating network manager: ${names.error}`);
      return self.exit(1);
    }
    flannelDaemonsOf(self.host.hosts).started(self, { options: read.options, names });
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    const log = logOf(self);
    log("I", "main.go:463", "shutdownHandler sent cancel signal...");
    log("I", "vxlan_network.go:79", "evts chan closed");
    log("I", "main.go:451", "Exiting cleanly...");
    self.exit(0);
    return true;
  },
  stopped: (self) => flannelDaemonsOf(self.host.hosts).stopped(self),
};
