import { attempt, capable, Errno, mountOptions, mountTable, type Mount, type Process } from "../../sim/host/index.ts";
import { parseSize } from "../gnu/size.ts";
import { tool, type Call } from "../gnu/tool.ts";

const DMESG = "       dmesg(1) may have more information after failed mount system call.\n";
/** mount(8): EXIT STATUS. */
const FAILED = 32;

export const mount = tool({
  name: "mount",
  package: "util-linux",
  summary: "mount a filesystem",
  usage: ["[-lhV]", "-a [options]", "[options] [--source] <source> | [--target] <directory>", "[options] <source> <directory>"], // prettier-ignore
  about: "Mount a filesystem.\n\nHere these can be mounted: tmpfs, proc, sysfs, and directories by --bind.",
  flags: {
    labels: { short: "l", long: "show-labels", help: "show also filesystem labels (none has one)" },
    types: {
      short: "t",
      long: "types",
      arg: "LIST",
      help: "limit the set of filesystem types; `no' before it inverts",
    },
    options: { short: "o", long: "options", arg: "LIST", help: "comma-separated list of mount options" },
    readOnly: { short: "r", long: "read-only", help: "mount the filesystem read-only (same as -o ro)" },
    bind: { short: "B", long: "bind", help: "mount a subtree somewhere else" },
    all: { short: "a", long: "all", simulated: false },
    recursive: { short: "R", long: "rbind", simulated: false },
    move: { short: "M", long: "move", simulated: false },
    shared: { long: "make-shared", simulated: false },
    private: { long: "make-private", simulated: false },
  },
  async run(call) {
    const { operands } = call;
    if (operands.length === 0 && !call.has("options")) return list(call);
    if (operands.length > 2) return call.usage("bad usage");
    const options = [
      ...call.options.values("options").flatMap((text) => text.split(",")),
      ...(call.has("readOnly") ? ["ro"] : []),
      ...(call.has("bind") ? ["bind"] : []),
    ];
    if (options.includes("remount")) return remount(call, operands.at(-1)!, options);
    const [source, directory] = operands;
    if (directory === undefined) {
      await call.process.error(`mount: ${source}: can't find in /etc/fstab.\n`);
      return 1;
    }
    return attach(call, source!, directory, options);
  },
});

async function list(call: Call<string>): Promise<number> {
  const lines = mountTable(call.process.host)
    .filter(({ type }) => isWanted(type, call.value("types")))
    .map((row) => `${row.source} on ${row.at} type ${row.type} (${mountOptions(row)})\n`);
  await call.out.print(lines.join(""));
  return call.status;
}

async function attach(
  call: Call<string>,
  source: string,
  directory: string,
  options: readonly string[],
): Promise<number> {
  const { process } = call;
  const refusal = refusalOf(process, directory);
  if (/^\/bin\/(?:mount|busybox)$/.test(process.row.exe) && refusal !== undefined)
    return failedBusybox(process, source, directory);
  if (refusal !== undefined) return failed(process, directory, refusal);
  const at = process.host.files.realpath(directory, process);
  const what = options.includes("bind")
    ? bound(process, source, at)
    : made(process, source, at, call.value("types"), options);
  if (what === "unsimulated") return call.notSimulated(`-t ${call.value("types") ?? "auto"}`);
  if (typeof what === "string") return failed(process, directory, what);
  const { host } = process;
  const shown = options.filter((one) => !/^(?:bind|ro|rw|defaults|size=.*)$/.test(one));
  const row: Mount = {
    ...what,
    ...(options.includes("ro") ? { readOnly: true } : {}),
    ...(shown.length > 0 ? { options: [...shown, "relatime"].join(",") } : {}),
  };
  host.update({ mounts: [...host.mounts, row] });
  return 0;
}

/** Why nothing can be mounted there. */
function refusalOf(process: Process, directory: string): string | undefined {
  if (process.uid !== 0) return "must be superuser to use mount.";
  const stat = attempt(() => process.host.files.stat(directory, process));
  if (stat instanceof Errno) return "mount point does not exist.";
  if (!capable(process, "SYS_ADMIN")) return "permission denied.";
  return undefined;
}

function bound(process: Process, source: string, at: string): Mount | string {
  const { host } = process;
  const place = attempt(() => host.files.locate(source, process));
  if (place instanceof Errno) return `special device ${source} does not exist.`;
  if (place === undefined) return "drydock: what the kernel computes cannot be bound.";
  const under = host.files.mountOf(source, process);
  return { at, source: under.source, type: under.type, files: { id: place.id, root: place.ino } };
}

function made(
  process: Process,
  source: string,
  at: string,
  type: string | undefined,
  options: readonly string[],
): Mount | string {
  const { host } = process;
  if (type === "proc") return { at, source, type, view: "proc" };
  if (type === "sysfs") return { at, source, type, view: "sys" };
  if (type !== "tmpfs") {
    if (source.startsWith("/") && attempt(() => host.files.stat(source, process)) instanceof Errno)
      return `special device ${source} does not exist.`;
    return "unsimulated";
  }
  const given = options.findLast((one) => one.startsWith("size="))?.slice("size=".length);
  const bytes = given === undefined ? undefined : sizeIn(given, host.machine.row.memory);
  if (given !== undefined && bytes === undefined)
    return "wrong fs type, bad option, bad superblock on tmpfs, missing codepage or helper program, or other error.";
  const size = bytes === undefined ? {} : { size: Math.ceil(bytes / 4096) * 4 };
  const id = `tmpfs/mount/${host.name}/${host.machine.nextInode()}`;
  host.hosts.makeTmpfs(id, bytes ?? host.machine.row.memory * 512, 0o1777);
  return { at, source, type, ...size, files: { id, root: 1 } };
}

/** `64m`, `50%` of the memory (KiB), in bytes. */
function sizeIn(text: string, memory: number): number | undefined {
  const share = /^(\d+)%$/.exec(text)?.[1];
  return share === undefined ? parseSize(text.toUpperCase()) : Math.floor((memory * 1024 * Number(share)) / 100);
}

async function remount(call: Call<string>, directory: string, options: readonly string[]): Promise<number> {
  const { process } = call;
  const { host } = process;
  if (process.uid !== 0) return failed(process, directory, "must be superuser to use mount.");
  const found = host.mounts.findLast(({ at }) => at === directory);
  if (!found) return failed(process, directory, "mount point not mounted or bad option.");
  if (!capable(process, "SYS_ADMIN")) return failed(process, directory, "permission denied.");
  const readOnly = options.includes("ro") || (found.readOnly === true && !options.includes("rw"));
  const { readOnly: _, ...rest } = found;
  host.update({
    mounts: host.mounts.map((one) => (one === found ? { ...rest, ...(readOnly ? { readOnly } : {}) } : one)),
  });
  return 0;
}

async function failed(process: Process, directory: string, why: string): Promise<number> {
  await process.error(`mount: ${directory}: ${why}\n${DMESG}`);
  return why.startsWith("must be") ? 1 : FAILED;
}

/** util-linux/mount.c of busybox, mount_it_now. */
async function failedBusybox(process: Process, source: string, directory: string): Promise<number> {
  const stat = attempt(() => process.host.files.stat(directory, process));
  const why =
    process.uid === 0 && stat instanceof Errno ? `mounting ${source} on ${directory} failed: ${stat.message}` : "permission denied (are you root?)"; // prettier-ignore
  await process.error(`mount: ${why}\n`);
  return stat instanceof Errno ? 255 : 1;
}

/** `-t ext4,tmpfs`, `-t noproc` (libmount mnt_match_fstype). */
export function isWanted(type: string, list: string | undefined): boolean {
  if (list === undefined) return true;
  const inverts = list.startsWith("no");
  const names = (inverts ? list.slice(2) : list).split(",");
  return names.includes(type) !== inverts;
}
