import { beforeAll, expect, test } from "vitest";
import { SECOND } from "../../sim/kernel/index.ts";
import { testWorld, type TestWorld } from "../../sim/images/testing.ts";
import { clusterPod } from "../../sim/net/testing.ts";
import { allPrograms } from "../golden/replay.ts";

let world: TestWorld;

beforeAll(async () => {
  const made = testWorld(await allPrograms());
  world = made.world;
  await world.start("box", clusterPod(made.net, 0, "box", 5), "busybox:1.36", { command: ["sleep", "1d"] });
}, 60_000);

async function sh(text: string): Promise<string[]> {
  world.logs("box");
  world.spawn("box", ["sh", "-c", text], { path: "/bin/sh", env: { PATH: "/bin" } });
  await world.pass(2 * SECOND);
  return world.logs("box");
}

test("ps shows the container's processes, whatever it is asked", async () => {
  const [head, first] = await sh("ps aux");
  expect([head, first]).toEqual(["PID   USER     TIME  COMMAND", "    1 root      0:00 sleep 1d"]);
  expect(await sh("ps -o pid,comm | head -2")).toEqual(["PID   COMMAND", "    1 sleep"]);
});

test("ls", async () => {
  expect(await sh("ls -l / | head -3; ls -ld /lib64; ls -C /")).toEqual([
    expect.stringMatching(/^total \d+$/),
    "drwxr-xr-x    2 root     root          4096 Sep 26  2024 bin",
    expect.stringMatching(/^drwxr-xr-x .* dev$/),
    "lrwxrwxrwx    1 root     root             3 Sep 26  2024 /lib64 -> lib",
    "bin    etc    lib    proc   sys    usr",
    "dev    home   lib64  root   tmp    var",
  ]);
  expect(await sh("ls nosuch; echo $?")).toEqual(["ls: nosuch: No such file or directory", "1"]);
});

test("programs that are shared with coreutils speak as busybox does", async () => {
  expect(
    await sh(
      "cat no; cat '/no/*'; head no; tail no; rm no; rm -f no; cp no x; mv no x; touch /no/a; sleep x; mkdir /tmp",
    ),
  ).toEqual([
    "cat: can't open 'no': No such file or directory",
    "cat: can't open '/no/*': No such file or directory",
    "head: no: No such file or directory",
    "tail: can't open 'no': No such file or directory",
    "rm: can't remove 'no': No such file or directory",
    "cp: can't stat 'no': No such file or directory",
    "mv: can't rename 'no': No such file or directory",
    "touch: /no/a: No such file or directory",
    "sleep: invalid number 'x'",
    "mkdir: can't create directory '/tmp': File exists",
  ]);
  expect((await sh("grep -qe x /etc/passwd; chmod -x /etc/passwd; rm -x")).slice(0, 4)).toEqual([
    "rm: invalid option -- 'x'",
    "BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.",
    "",
    "Usage: rm [-irf] FILE...",
  ]);
});

test("df and free", async () => {
  expect(await sh("df /; free")).toEqual([
    "Filesystem           1K-blocks      Used Available Use% Mounted on",
    expect.stringMatching(/^overlay {14} +\d+ +\d+ +\d+ +25% \/$/),
    "              total        used        free      shared  buff/cache   available",
    expect.stringMatching(/^Mem:  ( +\d+){6}$/),
    expect.stringMatching(/^Swap: ( +\d+){3}$/),
  ]);
});

test("mount tells of /proc/mounts in its own words", async () => {
  const table = (await sh("cat /proc/mounts")).map((line) => line.split(" "));
  expect(table.length).toBeGreaterThan(1);
  const lines = table.map(([source, at, type, options]) => `${source} on ${at} type ${type} (${options})`);
  const proc = lines.filter((line) => line.includes(" type proc "));
  expect(await sh("mount; mount -t proc; mount -t noproc | wc -l; mount a b")).toEqual([
    ...lines,
    ...proc,
    String(lines.length - proc.length),
    "mount: mounting a on b failed: No such file or directory",
  ]);
});

test("tar packs and unpacks as GNU's does, in busybox's words", async () => {
  expect(
    await sh(
      [
        "mkdir -p /w/d/sub && cd /w && echo hi > d/a && echo yo > d/sub/b",
        "tar cvf y.tar d | sort; tar tf y.tar | sort; mkdir out; tar -xf y.tar -C out d/sub; cat out/d/sub/b",
        "tar cf x.tar /w/d; tar cf x.tar d nope; echo $?",
        "tar xf y.tar -C /nope; echo $?; tar xf nope.tar; echo $?; tar xf y.tar zz; echo $?",
        "tar cf e.tar; echo $?; head -c 700 y.tar | tar tf -; echo $?; tar czf - d | tar tzf - | wc -l",
      ].join("; "),
    ),
  ).toEqual([
    "d/",
    "d/a",
    "d/sub/",
    "d/sub/b",
    "d/",
    "d/a",
    "d/sub/",
    "d/sub/b",
    "yo",
    "tar: removing leading '/' from member names",
    "tar: nope: No such file or directory",
    "tar: error exit delayed from previous errors",
    "1",
    "tar: can't change directory to '/nope': No such file or directory",
    "1",
    "tar: can't open 'nope.tar': No such file or directory",
    "1",
    "tar: zz: not found in archive",
    "1",
    "tar: empty archive",
    "1",
    "tar: short read",
    "d/",
    "1",
    "4",
  ]);
});

test("ip -o shows a link in one line", async () => {
  expect(await sh("ip -o link show lo")).toEqual([
    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
  ]);
});
