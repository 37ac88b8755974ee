import { join } from "../sim/host/index.ts";
import { tool } from "./gnu/tool.ts";

const BINARIES = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/cni/bin"];
const MANUALS = "/usr/share/man";

export const whereis = tool({
  name: "whereis",
  package: "util-linux",
  title: "whereis from util-linux",
  summary: "locate the binary, source, and manual page files for a command",
  usage: ["[options] [-BMS <dir>... -f] <name>"],
  about: "Locate the binary, source, and manual-page files for a command.",
  flags: {
    binaries: { short: "b", help: "search only for binaries" },
    manuals: { short: "m", help: "search only for manuals and infos" },
    sources: { short: "s", help: "search only for sources" },
    others: { short: "BMSfulg", simulated: false },
  },
  async run(call) {
    const { files } = call.process.host;
    if (call.operands.length === 0) return call.usage("not enough arguments");
    const wants = (flag: "binaries" | "manuals"): boolean =>
      call.has(flag) || !(["binaries", "manuals", "sources"] as const).some((one) => call.has(one));
    for (const name of call.operands) {
      const found: string[] = [];
      if (wants("binaries")) {
        for (const directory of BINARIES) {
          const path = join(directory, name);
          // /bin is a link to /usr/bin: each file once.
          if (files.exists(path) && files.realpath(directory) === directory) found.push(path);
        }
      }
      if (wants("manuals") && files.exists(MANUALS)) {
        for (const section of files
          .list(MANUALS)
          .filter((entry) => entry.startsWith("man"))
          .sort())
          for (const page of files.list(join(MANUALS, section)))
            if (page.startsWith(`${name}.`)) found.push(`${MANUALS}/${section}/${page}`);
      }
      await call.out.print(`${name}:${found.map((path) => ` ${path}`).join("")}\n`);
    }
    return 0;
  },
});
