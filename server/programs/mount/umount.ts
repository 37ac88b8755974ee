import { attempt, capable, Errno, mountTable, type Host, type Mount } from "../../sim/host/index.ts";
import { tool } from "../gnu/tool.ts";

export const umount = tool({
  name: "umount",
  package: "util-linux",
  summary: "unmount filesystems",
  usage: ["[-hV]", "[options] <source> | <directory>"],
  about: "Unmount filesystems.",
  flags: {
    lazy: { short: "l", long: "lazy", help: "detach the filesystem now, clean up things later" },
    force: { short: "f", long: "force", help: "force unmount (in case of an unreachable NFS system)" },
    verbose: { short: "v", long: "verbose", help: "say what is being done" },
    quiet: { short: "q", long: "quiet", help: "suppress 'not mounted' error messages" },
    all: { short: "a", long: "all", simulated: false },
    recursive: { short: "R", long: "recursive", simulated: false },
    types: { short: "t", long: "types", arg: "LIST", simulated: false },
  },
  async run(call) {
    const { process, operands } = call;
    const { host } = process;
    if (operands.length === 0) return call.usage("bad usage");
    let code = 0;
    for (const word of operands) {
      const fail = async (why: string, status: number): Promise<void> => {
        await process.error(`umount: ${word}: ${why}\n`);
        code = status;
      };
      const path = attempt(() => host.files.realpath(word, process));
      const found = mountTable(host).findLast(({ at, source }) => at === path || source === word);
      if (path instanceof Errno && !found) await fail("no mount point specified.", 32);
      else if (!found) {
        if (call.has("quiet")) code = 32;
        else await fail("not mounted.", 32);
      } else if (process.uid !== 0) await fail("must be superuser to unmount.", 32);
      else if (!capable(process, "SYS_ADMIN")) await fail("must be superuser to unmount.", 32);
      else if (!host.mounts.includes(found) || (isBusy(host, found) && !call.has("lazy")))
        await fail("target is busy.", 32);
      else {
        detach(host, found);
        if (call.has("verbose")) await call.out.print(`umount: ${found.at} unmounted\n`);
      }
    }
    return code;
  },
});

/** What is mounted below it, or a process that stands in it, holds it. The system's own are always in use. */
function isBusy(host: Host, { at }: Mount): boolean {
  if (["/", "/proc", "/sys"].includes(at)) return true;
  const isIn = (path: string): boolean => path === at || path.startsWith(`${at}/`);
  return host.mounts.some((other) => other.at !== at && isIn(other.at)) || host.processes().some((row) => row.host === host.name && row.state !== "zombie" && isIn(row.cwd)); // prettier-ignore
}

function detach(host: Host, found: Mount): void {
  host.update({ mounts: host.mounts.filter((mount) => mount !== found) });
  const id = found.files?.id;
  const isLast = id?.startsWith("tmpfs/mount/") && !host.mounts.some(({ files }) => files?.id === id);
  if (id !== undefined && isLast) host.hosts.removeFileSystem(id);
}
