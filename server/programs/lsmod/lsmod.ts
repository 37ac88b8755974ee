import type { Program } from "../../sim/host/index.ts";
import { loadedModules } from "../modprobe/modules.ts";

/** Shows the loaded modules of the kernel (kmod 31). */
export const lsmod: Program = {
  name: "lsmod",
  summary: "show the status of modules in the Linux kernel",
  async run(process, args) {
    if (args.length > 0) {
      await process.error("Usage: lsmod\n");
      return 1;
    }
    const lines = loadedModules(process).map(({ name, size, usedBy }) =>
      `${name.padEnd(19)} ${String(size).padStart(8)}  ${usedBy.length} ${usedBy.join(",")}`.trimEnd(),
    );
    await process.print(["Module                  Size  Used by", ...lines].map((line) => `${line}\n`).join(""));
    return 0;
  },
};
