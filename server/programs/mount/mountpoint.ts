import { attempt, Errno, mountTable } from "../../sim/host/index.ts";
import { tool } from "../gnu/tool.ts";

export const mountpoint = tool({
  name: "mountpoint",
  package: "util-linux",
  summary: "see if a directory or file is a mountpoint",
  usage: ["[-q] <directory>"],
  about: "Check whether a directory or file is a mountpoint.",
  flags: {
    quiet: { short: "q", long: "quiet", help: "quiet mode - don't print anything" },
    follow: { long: "nofollow", simulated: false },
    device: { short: "dx", simulated: false },
  },
  async run(call) {
    const { process, operands } = call;
    const [path] = operands;
    if (path === undefined || operands.length > 1) return call.usage("bad usage");
    const real = attempt(() => process.host.files.realpath(path, process));
    const isOne = mountTable(process.host).some(({ at }) => at === (real instanceof Errno ? path : real));
    if (real instanceof Errno && !isOne) {
      if (!call.has("quiet")) await process.error(`mountpoint: ${path}: ${real.message}\n`);
      return 1;
    }
    if (!call.has("quiet")) await call.out.print(`${path} is ${isOne ? "" : "not "}a mountpoint\n`);
    return isOne ? 0 : 32;
  },
});
