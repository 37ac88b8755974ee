import { attempt, basename, dirname, Errno, join, resolve, type Host, type Mount } from "../../../../host/index.ts";
import type { ContainerConfig, CriMount } from "../api.ts";
import { Directory } from "../directory.ts";
import type { SandboxRow } from "../rows.ts";
import { sandboxDirectory, SHARED_MEMORY_KIB, sharedMemoryOf } from "../sandbox/files.ts";

/** The options of kernel file systems (oci/spec_opts.go, mounts.go defaultMounts). */
const GUARDED = "nosuid,nodev,noexec,relatime";

const TERMINALS = "nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666";

/**
 * What is below the root of every container. `/sys` and `/proc/sys` can be written by privileged ones only; who shares the
 * processes' memory with the machine sees that of the machine.
 */
export function systemMounts(root: string, sandbox: SandboxRow, config: ContainerConfig): Mount[] {
  const readOnly = config.privileged ? {} : { readOnly: true };
  return [
    {
      at: "/",
      source: "overlay",
      type: "overlay",
      files: { id: root, root: 1 },
      ...(config.readOnlyRoot ? { readOnly: true } : {}),
    },
    { at: "/proc", source: "proc", type: "proc", view: "proc", options: GUARDED },
    // Both are empty: terminals have no names here, and nobody makes a queue.
    { at: "/dev/pts", source: "devpts", type: "devpts", view: "devpts", options: TERMINALS },
    { at: "/dev/mqueue", source: "mqueue", type: "mqueue", view: "mqueue", options: GUARDED },
    ...(sandbox.config.hostIpc
      ? []
      : [
          {
            at: "/dev/shm",
            source: "shm",
            type: "tmpfs",
            options: GUARDED,
            size: SHARED_MEMORY_KIB,
            files: { id: sharedMemoryOf(sandbox.id), root: 1 },
          },
        ]),
    { at: "/proc/sys", source: "proc", type: "proc", view: "proc/sys", ...readOnly },
    { at: "/sys", source: "sysfs", type: "sysfs", view: "sys", options: GUARDED, ...readOnly },
    { at: "/sys/fs/cgroup", source: "cgroup", type: "cgroup2", view: "sys/fs/cgroup", options: GUARDED, ...readOnly },
  ];
}

/** Mounts of the Pod and those that containerd adds from its sandbox, in the order of `mount`. */
export function wantedMounts(sandbox: string, config: ContainerConfig): CriMount[] {
  const own = new Set(config.mounts.map(({ containerPath }) => containerPath));
  const directory = sandboxDirectory(sandbox);
  const added = ["hostname", "resolv.conf"].map((name): CriMount => ({
    containerPath: `/etc/${name}`,
    hostPath: `${directory}/${name}`,
    readOnly: config.readOnlyRoot,
  }));
  if (!own.has("/etc/hosts"))
    added.unshift({ containerPath: "/etc/hosts", hostPath: `${directory}/hosts`, readOnly: config.readOnlyRoot });
  return [...config.mounts, ...added.filter(({ containerPath }) => !own.has(containerPath))];
}

/**
 * Binds a path of the machine into a container; makes what is missing at either end, as containerd and runc do. The error
 * is containerd's.
 */
export function bindMount(node: Host, container: Host, mount: CriMount): Mount | { readonly error: string } {
  let place = attempt(() => node.files.locate(mount.hostPath));
  if (place instanceof Errno) {
    if (place.code !== "ENOENT")
      return {
        error: `failed to stat ${JSON.stringify(mount.hostPath)}: stat ${mount.hostPath}: ${place.message.toLowerCase()}`,
      };
    const made = attempt(() => Directory.at(node, mount.hostPath));
    if (made instanceof Errno)
      return {
        error: `failed to mkdir ${JSON.stringify(mount.hostPath)}: mkdir ${mount.hostPath}: ${made.message.toLowerCase()}`,
      };
    place = node.files.locate(mount.hostPath);
  }
  if (!place) return viewMount(node, mount);
  const inode = node.fileSystem(place.id).get(place.ino);
  const at = mountPoint(container, resolve("/", mount.containerPath), inode.type === "dir");
  const below = node.files.mountOf(mount.hostPath);
  return {
    at,
    source: mount.type ?? below.source,
    type: mount.type ?? below.type,
    ...(below.options === undefined ? {} : { options: below.options }),
    ...sizeOf(mount.size ?? below.size),
    files: { id: place.id, root: place.ino },
    ...(mount.readOnly ? { readOnly: true } : {}),
  };
}

function sizeOf(size: number | undefined): Pick<Mount, "size"> {
  return size === undefined ? {} : { size };
}

/** `/proc` or `/sys` of the machine, or a directory below it. */
function viewMount(node: Host, mount: CriMount): Mount | { readonly error: string } {
  const { view, source, type, at } = node.files.mountOf(mount.hostPath);
  if (view === undefined) return { error: `drydock: mounting ${mount.hostPath} into a container is not simulated` };
  const below = resolve("/", mount.hostPath).slice(at.length);
  return {
    at: resolve("/", mount.containerPath),
    source,
    type,
    view: `${view}${below}`,
    ...(mount.readOnly ? { readOnly: true } : {}),
  };
}

/** Where a mount lies behind the links of the root, made as a directory or an empty file. */
function mountPoint(container: Host, path: string, directory: boolean): string {
  const { files } = container;
  const found = attempt(() => files.realpath(path));
  if (!(found instanceof Errno)) return found;
  const above = mountPoint(container, dirname(path), true);
  const name = basename(path);
  const folder = Directory.at(container, above);
  if (directory) folder.make(name);
  else folder.write(name, "", 0o755);
  return join(above, name);
}
