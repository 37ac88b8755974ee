import { attempt, Errno, mountTable, type Mount } from "../../../sim/host/index.ts";
import { diskOf } from "../../gnu/disk.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { human } from "../human.ts";

/** coreutils/df.c */
export const df: Applet = {
  options: "kPTahmi",
  usage: () => `[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...

Print filesystem usage statistics

	-P	POSIX output format
	-k	1024-byte blocks (default)
	-m	1M-byte blocks
	-h	Human readable (e.g. 1K 243M 2G)
	-T	Print filesystem type
	-a	Show all filesystems
	-i	Inodes`,
  async run(call) {
    if (call.has("i")) return call.notSimulated("-i");
    const { process } = call;
    const title = call.has("h")
      ? "     Size"
      : call.has("m")
        ? "1M-blocks"
        : call.has("P")
          ? "1024-blocks"
          : "1K-blocks";
    const type = call.has("T") ? "Type       " : "";
    await process.print(
      `Filesystem           ${type}${title}      Used Available ${call.has("P") ? "Capacity" : "Use%"} Mounted on\n`,
    );
    let code = 0;
    const mounts: Mount[] = call.operands.length > 0 ? [] : [...mountTable(process.host)];
    for (const path of call.operands) {
      const mount = attempt(() => process.host.files.mountOf(path, process));
      if (mount instanceof Errno) code = await call.die(`${path}: ${call.words(mount.code)}`);
      else mounts.push(mount);
    }
    for (const mount of mounts) {
      const disk = diskOf(process.host, mount);
      if (disk.size > 0 || call.has("a") || call.operands.length > 0) await process.print(line(call, mount, disk));
    }
    return code;
  },
};

function line(
  call: AppletCall,
  mount: Mount,
  { size, used, available }: { size: number; used: number; available: number },
): string {
  const shown = (kibibytes: number): string =>
    call.has("h") ? human(kibibytes * 1024) : String(call.has("m") ? Math.round(kibibytes / 1024) : kibibytes);
  const share = used + available === 0 ? 0 : Math.floor((used * 100 + (used + available) / 2) / (used + available));
  const device =
    mount.source.length > 20 && !call.has("P") ? `${mount.source}\n${" ".repeat(20)}` : mount.source.padEnd(20);
  const type = call.has("T") ? ` ${mount.type.padEnd(10)}` : "";
  const cells = [size, used, available].map((value) => shown(value).padStart(9)).join(" ");
  return `${device}${type} ${cells} ${String(share).padStart(3)}% ${mount.at}\n`;
}
