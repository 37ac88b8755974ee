import { SECOND } from "../../kernel/index.ts";
import type { Program } from "../../host/index.ts";

/** The preStop hook of ingress-nginx (cmd/waitshutdown): tells the controller to end, and waits until nginx has. */
export const waitShutdown: Program = {
  name: "wait-shutdown",
  summary: "ends ingress-nginx gracefully",
  async run(process) {
    const { host } = process;
    for (const row of host.processes())
      if (row.daemon === "nginx-ingress-controller" && row.state !== "zombie") host.machine.signal(row.pid, "SIGTERM");
    for (;;) {
      await process.sleep(SECOND);
      if (!host.processes().some(({ daemon, state }) => daemon === "nginx" && state !== "zombie")) return 0;
    }
  },
};
