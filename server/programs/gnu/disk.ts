import type { Host, Mount, Stat } from "../../sim/host/index.ts";

/**
 * The disks that df, stat -f and `ls -l`'s device numbers tell of. They are a model: nothing in the simulation fills a disk,
 * so each file system has a size by its kind, a share that an installed system takes, and what the files in it really hold.
 */
export interface Disk {
  /** KiB. */
  readonly size: number;
  readonly used: number;
  readonly available: number;
  readonly inodes: number;
  readonly inodesUsed: number;
  readonly major: number;
  readonly minor: number;
}

const GIB = 1_048_576;

export function diskOf(host: Host, mount: Mount): Disk {
  const { memory } = host.machine.row;
  switch (mount.type) {
    case "ext4":
    case "overlay": {
      const size = 19.6 * GIB;
      const used = Math.round(4.9 * GIB + held(host, mount) / 1024);
      const available = Math.max(0, Math.round(size - used));
      return { size: Math.round(size), used, available, inodes: 2_560_000, inodesUsed: 140_016, major: 253, minor: mount.type === "overlay" ? 60 : 1 }; // prettier-ignore
    }
    case "tmpfs": {
      const size = mount.size ?? Math.round(memory / 2);
      const used = Math.ceil(held(host, mount) / 1024);
      return { size, used, available: size - used, inodes: Math.round(memory / 8), inodesUsed: 1, major: 0, minor: 26 };
    }
    default:
      return {
        size: 0,
        used: 0,
        available: 0,
        inodes: 0,
        inodesUsed: 0,
        major: 0,
        minor: mount.type === "proc" ? 22 : 21,
      };
  }
}

/** Bytes in the files of a mount's file system. */
function held(host: Host, { files }: Mount): number {
  if (!files) return 0;
  const system = host.fileSystem(files.id);
  const sizeOf = (ino: number): number => {
    const inode = system.get(ino);
    if (inode.type === "file") return inode.data.length;
    return inode.type === "dir" ? Object.values(inode.entries).reduce((sum, child) => sum + sizeOf(child), 0) : 0;
  };
  return sizeOf(files.root);
}

/** Blocks of 512 bytes that a file takes, in whole blocks of 4 KiB. */
export function blocks512({ type, size, ino }: Pick<Stat, "type" | "size" | "ino">): number {
  return ino !== 0 && (type === "file" || type === "dir") ? Math.ceil(size / 4096) * 8 : 0;
}

/** Numbers of well-known devices, by their driver. */
export const DEVICE_NUMBERS: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  null: [1, 3], zero: [1, 5], full: [1, 7], random: [1, 8], urandom: [1, 9], tty: [5, 0], console: [5, 1], ptmx: [5, 2],
}; // prettier-ignore
