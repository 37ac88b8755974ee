import { Errno, type Program } from "../../sim/host/index.ts";
import { isModule, load, loadedModules, moduleName } from "../modprobe/modules.ts";
import { confFiles, confLines } from "./conf-files.ts";

/** Loads the modules that the files of modules-load.d name (systemd src/modules-load/modules-load.c). */
export const systemdModulesLoad: Program = {
  name: "systemd-modules-load",
  summary: "load kernel modules",
  async run(process, args) {
    let status = 0;
    for (const path of args.length > 0 ? args : confFiles(process, "modules-load.d")) {
      const lines = confLines(process, path);
      if (lines instanceof Errno) {
        await process.error(`Failed to open ${path}: ${lines.message}\n`);
        status = 1;
        continue;
      }
      for (const { text } of lines) {
        const name = moduleName(text);
        if (!isModule(name)) {
          await process.error(`Failed to find module '${text}'\n`);
          status = 1;
          continue;
        }
        const loaded = new Set(loadedModules(process).map((module) => module.name));
        if (loaded.has(name)) continue;
        load(process, name);
        await process.error(`Inserted module '${name}'\n`);
      }
    }
    return status;
  },
};
