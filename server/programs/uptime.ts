import { uptime as secondsUp } from "../sim/host/index.ts";
import { strftime } from "./gnu/strftime.ts";
import { tool } from "./gnu/tool.ts";
import { uptimeLine } from "./procps/uptime.ts";

export const uptime = tool({
  name: "uptime",
  package: "procps",
  title: "uptime from procps-ng",
  summary: "tell how long the system has been running",
  usage: ["[options]"],
  flags: {
    pretty: { short: "p", long: "pretty", help: "show uptime in pretty format" },
    since: { short: "s", long: "since", help: "system up since" },
    shortHelp: { short: "h" },
    shortVersion: { short: "V" },
  },
  async run(call) {
    const { host, now, machine } = call.process;
    if (call.operands.length > 0) return call.usage();
    if (call.has("since")) await call.out.print(`${strftime("%F %T", machine.row.bootedAt)}\n`);
    else if (call.has("pretty")) {
      const up = Math.floor(secondsUp(host) / 60);
      const parts = [
        [Math.floor(up / 10_080), "week"],
        [Math.floor((up % 10_080) / 1440), "day"],
        [Math.floor((up % 1440) / 60), "hour"],
        [up % 60, "minute"],
      ] as const;
      const words = parts
        .filter(([count, unit]) => count > 0 || unit === "minute")
        .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
      await call.out.print(`up ${words.join(", ")}\n`);
    } else await call.out.print(`${uptimeLine(host, now)}\n`);
    return 0;
  },
});
