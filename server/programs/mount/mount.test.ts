import { beforeEach, expect, test } from "vitest";
import { decode } from "../../sim/kernel/index.ts";
import { programWorld, type ProgramWorld } from "../testing.ts";

let world: ProgramWorld;

beforeEach(async () => {
  world = await programWorld([
    { path: "/run/lock", dir: true },
    { path: "/run/netns/red", text: "" },
    { path: "/mnt/a", dir: true },
    { path: "/mnt/b", dir: true },
  ]);
});

async function run(words: string): Promise<string> {
  const { code, stdout, stderr } = await world.run(words);
  return `${decode(stdout)}${decode(stderr)}${code === 0 ? "" : `[${code}]\n`}`;
}

test("a machine's table has what Ubuntu mounts where it is, and its named namespaces", async () => {
  expect((await run("cat /proc/mounts")).split("\n").map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    "sysfs /sys sysfs",
    "proc /proc proc",
    "udev /dev devtmpfs",
    "devpts /dev/pts devpts",
    "tmpfs /run tmpfs",
    "/dev/vda1 / ext4",
    "tmpfs /dev/shm tmpfs",
    "tmpfs /run/lock tmpfs",
    "nsfs /run/netns/red nsfs",
    "",
  ]);
  expect(await run("df --output=target /run/lock")).toBe("Mounted on\n/run/lock\n");
  expect(await run("umount /run/lock")).toBe("umount: /run/lock: target is busy.\n[32]\n");
});

test("tmpfs and bind mounts are mounted and taken away", async () => {
  expect(await run("mount -t tmpfs -o size=1m x /mnt/a")).toBe("");
  expect(await run("findmnt /mnt/a")).toBe(
    "TARGET SOURCE FSTYPE OPTIONS\n/mnt/a x      tmpfs  rw,relatime,size=1024k,inode64\n",
  );
  expect(await run("dd if=/dev/zero of=/mnt/a/f bs=1M count=2 status=none")).toBe(
    "dd: error writing '/mnt/a/f': No space left on device\n[1]\n",
  );
  expect(await run("mount --bind /mnt/a /mnt/b")).toBe("");
  expect(await run("ls /mnt/b")).toBe("f\n");
  expect(await run("mount -o remount,ro /mnt/b")).toBe("");
  expect(await run("touch /mnt/b/g")).toBe("touch: cannot touch '/mnt/b/g': Read-only file system\n[1]\n");
  expect(await run("umount /mnt/b /mnt/a")).toBe("");
  expect(await run("ls /mnt/a /mnt/b")).toBe("/mnt/a:\n\n/mnt/b:\n");
});

const DMESG = "       dmesg(1) may have more information after failed mount system call.\n";

// Said by util-linux 2.38.1 of Debian 12.
test.each([
  ["mount -t tmpfs x /nope", `mount: /nope: mount point does not exist.\n${DMESG}[32]\n`],
  ["mount /nope", "mount: /nope: can't find in /etc/fstab.\n[1]\n"],
  ["mount --bind /nope /mnt/a", `mount: /mnt/a: special device /nope does not exist.\n${DMESG}[32]\n`],
  ["mount -o remount,ro /mnt/a", `mount: /mnt/a: mount point not mounted or bad option.\n${DMESG}[32]\n`],
  ["mountpoint /", "/ is a mountpoint\n"],
  ["mountpoint /mnt", "/mnt is not a mountpoint\n[32]\n"],
  ["mountpoint /nope", "mountpoint: /nope: No such file or directory\n[1]\n"],
  ["umount /nope", "umount: /nope: no mount point specified.\n[32]\n"],
  ["umount /mnt", "umount: /mnt: not mounted.\n[32]\n"],
  ["findmnt -lo TARGET,FSTYPE -t proc", "TARGET FSTYPE\n/proc  proc\n"],
  ["findmnt -n -o SOURCE /", "/dev/vda1\n"],
])("%s", async (words, said) => {
  expect(await run(words)).toBe(said);
});
