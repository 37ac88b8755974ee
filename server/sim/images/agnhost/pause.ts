import type { AgnhostCommand } from "./command.ts";

/** test/images/agnhost/pause/pause.go */
export const pauseCommand: AgnhostCommand = {
  name: "pause",
  flags: [],
  args: 0,
  start(self) {
    self.log("Paused", 1);
  },
  signal(self, signal) {
    if (signal !== "SIGINT" && signal !== "SIGTERM") return false;
    self.exit(signal === "SIGINT" ? 1 : 2);
    return true;
  },
};
