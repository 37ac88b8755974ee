import { attempt, Errno } from "../sim/host/index.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const sync = tool({
  name: "sync",
  package: "coreutils",
  summary: "synchronize cached writes to persistent storage",
  usage: ["[OPTION] [FILE]..."],
  about: "Synchronize cached writes to persistent storage\n\nHere everything that is written is stored at once.",
  flags: {
    data: { short: "d", long: "data", help: "sync only file data, no unneeded metadata" },
    fileSystem: { short: "f", long: "file-system", help: "sync the file systems that contain the files" },
  },
  async run(call) {
    if (call.has("data") && call.has("fileSystem")) return call.fail("cannot specify both --data and --file-system");
    if (call.has("data") && call.operands.length === 0) return call.fail("--data needs at least one argument");
    for (const path of call.operands) {
      const stat = attempt(() => call.process.host.files.stat(path, call.process));
      if (stat instanceof Errno) await call.warn(`error opening ${shellQuote(path)}: ${stat.message}`);
    }
    return call.status;
  },
});
