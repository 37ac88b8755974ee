import { programVersion, type Daemon, type DaemonProcess } from "../../host/index.ts";
import { buildOf } from "./build.ts";
import { HELP, parseOptions, type NginxOptions } from "./command-line.ts";
import { dropCounters } from "./counters.ts";
import { loadFor, testConfig } from "./load.ts";
import { masterSignal, workerEnded, workerSignal } from "./master.ts";
import { masterData } from "./running.ts";
import { sendSignal } from "./send-signal.ts";
import { begin, reload } from "./start.ts";

/** nginx: reads its configuration from its container's files and serves what it says. */
export const nginx: Daemon = {
  name: "nginx",
  summary: "HTTP server and reverse proxy",
  start(self) {
    const options = parseOptions(self.argv.slice(1));
    if (typeof options === "string") {
      self.log(`nginx: ${options}`);
      return self.exit(1);
    }
    if (options.help || options.version !== "") return showVersion(self, options);
    if (options.test !== "") return testConfig(self, options);
    if (options.signal === "") return begin(self, options);
    const loaded = loadFor(self, options);
    if (loaded) sendSignal(self, loaded.config, options.signal);
  },
  signal(self, signal) {
    return masterData(self) ? masterSignal(self, signal, () => reload(self)) : workerSignal(self, signal);
  },
  stopped(self) {
    dropCounters(self);
    workerEnded(self);
  },
};

function showVersion(self: DaemonProcess, options: NginxOptions): void {
  self.log(`nginx version: nginx/${buildOf(programVersion(self)).version}`);
  if (options.help) for (const line of HELP.trimEnd().split("\n")) self.log(line);
  if (options.version !== "long") return self.exit(0);
  self.log("drydock: nginx: '-V' is not simulated");
  self.exit(64);
}
