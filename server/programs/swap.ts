import { attempt, Errno } from "../sim/host/index.ts";
import { tool } from "./gnu/tool.ts";

/** No machine has a device or file to swap to: nothing is shown, `-a` has nothing to do, and no file is one (/proc/swaps). */
export const swapon = tool({
  name: "swapon",
  package: "util-linux",
  summary: "enable devices and files for paging and swapping",
  usage: ["[options] [<spec>]"],
  about: "Enable devices and files for paging and swapping.",
  flags: {
    all: { short: "a", long: "all", help: "enable all swaps from /etc/fstab" },
    summary: { short: "s", long: "summary", help: "display summary about used swap devices (DEPRECATED)" },
    show: { long: "show", arg: "columns", optional: true, help: "display summary in definable table" },
    noHeadings: { long: "noheadings", help: "don't print table heading (with --show)" },
  },
  async run(call) {
    const { process, operands } = call;
    for (const path of operands) {
      const stat = attempt(() => process.host.files.stat(path, process));
      const why = stat instanceof Errno ? `cannot open ${path}: ${stat.message}` : `${path}: read swap header failed`;
      await process.error(`swapon: ${why}\n`);
    }
    return operands.length > 0 ? 255 : 0;
  },
});

export const swapoff = tool({
  name: "swapoff",
  package: "util-linux",
  summary: "disable devices and files for paging and swapping",
  usage: ["[options] [<spec>]"],
  about: "Disable devices and files for paging and swapping.",
  trouble: 16,
  flags: {
    all: { short: "a", long: "all", help: "disable all swaps from /proc/swaps" },
    verbose: { short: "v", long: "verbose", help: "verbose mode" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length === 0) return call.has("all") ? 0 : call.usage("bad usage");
    for (const path of operands) {
      const stat = attempt(() => process.host.files.stat(path, process));
      const why = stat instanceof Errno ? stat.message : new Errno("EINVAL").message;
      await process.error(`swapoff: ${path}: swapoff failed: ${why}\n`);
    }
    return 4;
  },
});
