import { attempt, dirname, Errno } from "../sim/host/index.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const rmdir = tool({
  name: "rmdir",
  package: "coreutils",
  summary: "remove empty directories",
  usage: ["[OPTION]... DIRECTORY..."],
  about: "Remove the DIRECTORY(ies), if they are empty.",
  flags: {
    ignore: { long: "ignore-fail-on-non-empty", help: "ignore each failure to remove a non-empty directory" },
    parents: { short: "p", long: "parents", help: "remove DIRECTORY and its ancestors" },
    verbose: { short: "v", long: "verbose", help: "output a diagnostic for every directory processed" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length === 0) return call.usage("missing operand");
    for (const operand of operands) {
      let path = operand;
      for (let first = true; ; first = false) {
        if (call.has("verbose")) await call.out.print(`${call.name}: removing directory, ${shellQuote(path)}\n`);
        const removed = attempt(() => process.host.files.rmdir(path, process));
        if (removed instanceof Errno) {
          if (removed.code === "ENOTEMPTY" && call.has("ignore")) break;
          await call.warn(`failed to remove ${first ? "" : "directory "}${shellQuote(path)}: ${removed.message}`);
          break;
        }
        const parent = dirname(path);
        if (!call.has("parents") || parent === "." || parent === "/") break;
        path = parent;
      }
    }
    return call.status;
  },
});
