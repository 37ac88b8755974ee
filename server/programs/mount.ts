import { tool } from "./gnu/tool.ts";

export const mount = tool({
  name: "mount",
  package: "util-linux",
  summary: "mount a filesystem",
  usage: ["[-l] [-t TYPE[,TYPE]...]"],
  about: "Show all mounted file systems.\n\nNothing can be mounted here.",
  flags: {
    labels: { short: "l", long: "show-labels", help: "show also filesystem labels (none has one)" },
    types: {
      short: "t",
      long: "types",
      arg: "LIST",
      help: "limit the set of filesystem types; `no' before it inverts",
    },
  },
  async run(call) {
    const { process } = call;
    if (call.operands.length > 0) return call.notSimulated(`'${call.operands.join(" ")}'`);
    const lines = process.host.files
      .read("/proc/mounts", process)
      .split("\n")
      .flatMap((line) => {
        const [source = "", at = "", type = "", options = ""] = line.split(" ");
        if (source === "" || !isWanted(type, call.value("types"))) return [];
        return [`${source} on ${at} type ${type} (${options})\n`];
      });
    await call.out.print(lines.join(""));
    return call.status;
  },
});

/** `-t ext4,tmpfs`, `-t noproc` (libmount mnt_match_fstype). */
function isWanted(type: string, list: string | undefined): boolean {
  if (list === undefined) return true;
  const inverts = list.startsWith("no");
  const names = (inverts ? list.slice(2) : list).split(",");
  return names.includes(type) !== inverts;
}
