import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { attempt, Errno, ROOT } from "../../../host/index.ts";
import { pods } from "../../kinds/index.ts";
import { TestNodes } from "../testing.ts";

const container = { image: "busybox:1.36.1", command: ["sleep", "3600"] };

async function pod(world: TestNodes): Promise<void> {
  const volumeMounts = [{ name: "cache", mountPath: "/cache" }];
  world.pod("web", {
    volumes: [{ name: "cache", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }],
    containers: [
      { ...container, name: "a", volumeMounts, resources: { limits: { memory: "64Mi" } } },
      { ...container, name: "b", volumeMounts },
    ],
  });
  await world.until(() => world.get("web")?.status.phase === "Running");
}

/** The hosts of a Pod's containers. */
const hostsOf = (world: TestNodes, name: string): string[] =>
  world.get(name)!.status.containerStatuses!.map(({ containerID }) => containerID!.replace("containerd://", ""));

/** The lines of what is in memory in the mount table that the processes of a host see. */
function inMemory(world: TestNodes, name: string): string[] {
  return mountTable(world, name).filter((line) => line.includes(" tmpfs "));
}

function mountTable(world: TestNodes, name: string): string[] {
  const host = world.machine("controlplane").hosts.host(name)!;
  const { pid } = host.processes()[0]!;
  return host.files
    .read("/proc/self/mounts", { ...ROOT, pid })
    .trim()
    .split("\n");
}

test("what the kernel shows is mounted as containerd does it", async () => {
  const world = await TestNodes.boot();
  await pod(world);
  const table = mountTable(world, hostsOf(world, "web")[0]!);
  const guarded = "nosuid,nodev,noexec,relatime 0 0";
  expect(table.filter((line) => !/ (tmpfs|ext4) /.test(line))).toEqual([
    "overlay / overlay rw,relatime 0 0",
    `proc /proc proc rw,${guarded}`,
    "devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666 0 0",
    `mqueue /dev/mqueue mqueue rw,${guarded}`,
    "proc /proc/sys proc ro,relatime 0 0",
    `sysfs /sys sysfs ro,${guarded}`,
    `cgroup /sys/fs/cgroup cgroup2 ro,${guarded}`,
  ]);
});

test("what is in memory is mounted with its size: the volume's, the Pod's, that of a sandbox's shared memory", async () => {
  const world = await TestNodes.boot();
  await pod(world);
  const { uid } = world.get("web")!.metadata;
  const volumes = `/var/lib/kubelet/pods/${uid}/volumes`;
  const token = world.get("web")!.spec.volumes!.find(({ projected }) => projected)!.name;
  expect(inMemory(world, "controlplane").filter((line) => line.includes(volumes))).toEqual([
    `tmpfs ${volumes}/kubernetes.io~empty-dir/cache tmpfs rw,relatime,size=1024k,inode64 0 0`,
    `tmpfs ${volumes}/kubernetes.io~projected/${token} tmpfs rw,relatime,size=65536k,inode64 0 0`,
  ]);
  expect(inMemory(world, hostsOf(world, "web")[0]!)).toEqual([
    "shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k,inode64 0 0",
    "tmpfs /cache tmpfs rw,relatime,size=1024k,inode64 0 0",
    "tmpfs /var/run/secrets/kubernetes.io/serviceaccount tmpfs ro,relatime,size=65536k,inode64 0 0",
  ]);
});

test("it holds that much in whole pages, the containers share it, and it goes with the Pod", async () => {
  const world = await TestNodes.boot();
  await pod(world);
  const { hosts, host: node } = world.machine("controlplane");
  const [a, b] = hostsOf(world, "web").map((id) => hosts.host(id)!.files);
  const full = (path: string, bytes: number): string | undefined => {
    const result = attempt(() => a!.write(path, "x".repeat(bytes)));
    return result instanceof Errno ? result.code : undefined;
  };
  for (const path of ["/cache", "/dev/shm"]) {
    const room = path === "/cache" ? 1_048_576 : 33_554_432;
    expect(full(`${path}/big`, room - 4096)).toBeUndefined();
    expect(b!.read(`${path}/big`).length).toBe(room - 4096);
  }
  expect([full("/cache/one", 1), full("/cache/two", 1)]).toEqual([undefined, "ENOSPC"]);
  const rest = ["more", "rest", "last"].map((name, at) => full(`/dev/shm/${name}`, [33_554_432, 4097, 4096][at]!));
  expect(rest).toEqual([undefined, "ENOSPC", undefined]);
  a!.unlink("/cache/one");
  expect(full("/cache/two", 4096)).toBeUndefined();
  world.admin.delete(pods, "default", "web");
  await world.pass(60 * SECOND);
  expect(node.mounts.filter(({ type }) => type === "tmpfs")).toEqual([]);
});
