import type { Program } from "../../sim/host/index.ts";
import { load, loadedModules, moduleName, unload, withNeeds } from "./modules.ts";

/** Removes modules of the kernel (kmod 31), and not what they needed. */
export const rmmod: Program = {
  name: "rmmod",
  summary: "remove a module from the Linux kernel",
  async run(process, args) {
    const option = args.find((word) => word.startsWith("-"));
    if (option !== undefined) {
      await process.error(`drydock: rmmod: '${option}' is not simulated\n`);
      return 64;
    }
    if (args.length === 0) {
      await process.error("rmmod: ERROR: missing module name.\n");
      return 1;
    }
    let status = 0;
    const refuse = async (why: string): Promise<void> => {
      await process.error(`rmmod: ERROR: ${why}\n`);
      status = 1;
    };
    for (const name of args.map(moduleName)) {
      const module = loadedModules(process).find((loaded) => loaded.name === name);
      if (!module) await refuse(`Module ${name} is not currently loaded`);
      else if (module.usedBy.length > 0) await refuse(`Module ${name} is in use by: ${module.usedBy.join(" ")}`);
      else if (process.uid !== 0 || process.host.isContainer)
        await refuse(`could not remove module ${name}: Operation not permitted`);
      else {
        for (const needed of withNeeds(name)) load(process, needed);
        unload(process, name);
      }
    }
    return status;
  },
};
