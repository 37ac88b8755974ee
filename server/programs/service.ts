import { systemdOf, type Program } from "../sim/host/index.ts";
import { systemctl } from "./systemctl/systemctl.ts";
import { loadedUnits } from "./systemctl/units.ts";

/** Ubuntu's service(8): a script that hands on to systemctl. */
export const service: Program = {
  name: "service",
  summary: "run a System V init script",
  async run(process, args) {
    if (args.length === 0) {
      await process.error("Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n");
      return 1;
    }
    if (args[0] === "--status-all") {
      for (const { name, state } of loadedUnits(systemdOf(process.machine)))
        if (name.endsWith(".service"))
          await process.print(` [ ${state.active === "active" ? "+" : "-"} ]  ${name.replace(/\.service$/, "")}\n`);
      return 0;
    }
    const [name, verb] = args as [string, string?];
    if (verb === undefined) {
      await process.error("Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n");
      return 1;
    }
    if (["start", "stop", "restart", "status", "reload", "force-reload", "try-restart"].includes(verb))
      return systemctl.run(process, [verb === "force-reload" ? "reload-or-restart" : verb, `${name}.service`]);
    await process.error(`${name}: unrecognized service\n`);
    return 1;
  },
};
