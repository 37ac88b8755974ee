import type { Program } from "../../sim/host/index.ts";
import { systemctl } from "./systemctl.ts";

/** Names under which systemctl stops or restarts a machine, or tells its runlevel (systemd-sysv). */
const POWER = new Set(["halt", "poweroff", "reboot", "runlevel", "shutdown", "telinit"]);

/** systemctl, which does other things when it is called by the names of older programs. */
export const systemctlOrPower: Program = {
  ...systemctl,
  async run(process, args) {
    const [called = ""] = process.row.argv;
    const name = called.slice(called.lastIndexOf("/") + 1);
    if (!POWER.has(name)) return systemctl.run(process, args);
    await process.error(`drydock: ${name}: '${[name, ...args].join(" ")}' is not simulated\n`);
    return 64;
  },
};
