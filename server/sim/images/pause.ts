import type { Daemon } from "../host/index.ts";

/** `/pause`: holds a Pod's namespaces and reaps orphans (kubernetes/build/pause/linux/pause.c). */
export const pause: Daemon = {
  name: "pause",
  summary: "holds the namespaces of a Pod",
  start(self) {
    if (self.argv[1] === "-v") {
      self.log("pause.c 3.10", 1);
      return self.exit(0);
    }
    if (self.host.pidOf(self.row) !== 1) self.log("Warning: pause should be the first process");
  },
  signal(self, signal) {
    if (signal !== "SIGINT" && signal !== "SIGTERM") return false;
    self.log(`Shutting down, got signal: ${signal === "SIGINT" ? "Interrupt" : "Terminated"}`);
    self.exit(0);
    return true;
  },
};
