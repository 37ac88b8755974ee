import { attempt, Errno } from "../errno.ts";
import type { Host } from "../host.ts";
import type { Mount } from "./mount-namespace.ts";

/**
 * What is mounted where, as a host sees it: what its paths lead through, and on a machine what else stands in the tables of
 * Ubuntu and of those who run containers there. Directories of the latter kind are part of the machine's one file system here;
 * the table tells of them what the real one would.
 */
export function mountTable(host: Host): readonly Mount[] {
  if (host.isContainer) return host.mounts;
  const [root, ...others] = host.mounts;
  const own = (at: string): Mount[] => others.filter((mount) => mount.at === at);
  const rest = others.filter(({ at }) => at !== "/proc" && at !== "/sys");
  const { memory } = host.machine.row;
  const there = SYSTEM.filter(({ at }) => host.files.exists(at) && !rest.some((mount) => mount.at === at));
  const system = there.map(({ share, ...mount }): Mount => {
    const size = share === undefined ? mount.size : Math.round(memory * share);
    return { ...mount, ...filesAt(host, mount.at), ...(size === undefined ? {} : { size }) };
  });
  const early = system.filter(({ at }) => EARLY.includes(at));
  const late = system.filter(({ at }) => !EARLY.includes(at));
  const kernel = [...own("/sys"), ...own("/proc")].map((mount) => ({ ...mount, options: mount.options ?? SAFE }));
  const running = host.hosts.mountsOf(host.machine).map(
    // The layers of containers are on the machine's own disk.
    (mount): Mount => ({
      ...mount,
      ...(mount.type === "overlay" ? root && { files: root.files! } : filesAt(host, mount.at)),
    }),
  );
  return [...kernel, ...early, ...(root ? [root] : []), ...late, ...rest, ...namespaces(host), ...running];
}

/** A row of /proc/mounts. */
export function mountLine(mount: Mount): string {
  return `${mount.source} ${mount.at} ${mount.type} ${mountOptions(mount)} 0 0\n`;
}

/** `rw,relatime,size=65536k,inode64` */
export function mountOptions({ readOnly, options = "relatime", size }: Mount): string {
  return `${readOnly ? "ro" : "rw"}${options === "" ? "" : `,${options}`}${size === undefined ? "" : `,size=${size}k,inode64`}`;
}

/** The mount that a path lies on, as the table has it: the longest way, the latest of those. */
export function mountAt(host: Host, path: string): Mount {
  const table = mountTable(host);
  const isOn = ({ at }: Mount): boolean => at === "/" || path === at || path.startsWith(`${at}/`);
  return table.filter(isOn).reduce((best, mount) => (mount.at.length >= best.at.length ? mount : best));
}

const SAFE = "nosuid,nodev,noexec,relatime";

/** What Ubuntu 24.04 mounts; `share`: of the machine's memory. Where there is no such directory there is no such mount. */
const SYSTEM: readonly (Pick<Mount, "at" | "source" | "type" | "options" | "size"> & { readonly share?: number })[] = [
  { at: "/dev", source: "udev", type: "devtmpfs", options: "nosuid,relatime,mode=755", share: 0.487 },
  { at: "/dev/pts", source: "devpts", type: "devpts", options: "nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000" },
  { at: "/run", source: "tmpfs", type: "tmpfs", options: "nosuid,nodev,noexec,relatime,mode=755", share: 0.1 },
  { at: "/sys/kernel/security", source: "securityfs", type: "securityfs", options: SAFE },
  { at: "/dev/shm", source: "tmpfs", type: "tmpfs", options: "nosuid,nodev", share: 0.5 },
  { at: "/run/lock", source: "tmpfs", type: "tmpfs", options: "nosuid,nodev,noexec,relatime", size: 5_120 },
  { at: "/sys/fs/cgroup", source: "cgroup2", type: "cgroup2", options: `${SAFE},nsdelegate,memory_recursiveprot` },
  { at: "/sys/fs/pstore", source: "pstore", type: "pstore", options: SAFE },
  { at: "/sys/fs/bpf", source: "bpf", type: "bpf", options: "nosuid,nodev,noexec,relatime,mode=700" },
  { at: "/dev/hugepages", source: "hugetlbfs", type: "hugetlbfs", options: "nosuid,nodev,relatime,pagesize=2M" },
  { at: "/dev/mqueue", source: "mqueue", type: "mqueue", options: SAFE },
  { at: "/sys/kernel/debug", source: "debugfs", type: "debugfs", options: SAFE },
  { at: "/sys/kernel/tracing", source: "tracefs", type: "tracefs", options: SAFE },
];

/** Those that the initramfs mounts before the root file system. */
const EARLY: readonly string[] = ["/dev", "/dev/pts", "/run"];

function filesAt(host: Host, at: string): Pick<Mount, "files"> {
  const found = attempt(() => host.files.locate(at));
  return found === undefined || found instanceof Errno ? {} : { files: { id: found.id, root: found.ino } };
}

/** Named network namespaces are files that hold them. */
function namespaces(host: Host): Mount[] {
  if (!host.files.exists("/run/netns")) return [];
  return host.files.list("/run/netns").map((name) => ({ at: `/run/netns/${name}`, source: "nsfs", type: "nsfs", options: "" })); // prettier-ignore
}
