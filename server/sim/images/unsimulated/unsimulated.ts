import { basename, type Daemon } from "../../host/index.ts";

/**
 * A server of a published image that is not simulated: it says so in its log, and runs without doing anything, so that what
 * looks after it (probes, Services, webhooks) finds nobody there.
 */
export const unsimulatedServer: Daemon = {
  name: "unsimulated-server",
  summary: "a server that is not simulated",
  start(self) {
    const [program = ""] = self.row.argv;
    self.log(`drydock: ${basename(program)}: this program is not simulated: it runs, and does nothing`);
  },
};
