import { beforeAll, expect, test } from "vitest";
import { SECOND } from "../../sim/kernel/index.ts";
import { testWorld, type TestWorld } from "../../sim/images/testing.ts";
import { clusterPod } from "../../sim/net/testing.ts";
import { allPrograms } from "../golden/replay.ts";
import { optionsOf, recordedUsage } from "./recorded-usage.ts";

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

test("top shows busybox's own screen", async () => {
  const lines = await sh("top -b -n 1");
  expect(lines.slice(0, 4)).toEqual([
    expect.stringMatching(/^Mem: \d+K used, \d+K free, \d+K shrd, \d+K buff, \d+K cached$/),
    expect.stringMatching(/^CPU: {1,3}\d+% usr {1,3}\d+% sys {3}0% nic {1,3}\d+% idle {3}0% io {3}0% irq {3}0% sirq$/),
    expect.stringMatching(/^Load average: 0\.00 0\.00 0\.00 1\/\d+ \d+$/),
    "  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND",
  ]);
  expect(lines.slice(4)).toContainEqual(
    expect.stringMatching(/^ {4}1 {5}0 root {5}S {4}[ \d]{5} {3}\d% {3}\d {3}0% sleep 1d$/),
  );
  expect(await sh("top -Q 2>&1 | head -1; top -n x")).toEqual([
    "top: invalid option -- 'Q'",
    "top: invalid number 'x'",
  ]);
});

test("wrong calls are told with busybox's words, usage and codes", async () => {
  const lines = [
    "awk '{'; echo $?",
    "awk '{print}' /nope; awk 'BEGIN{print > \"/nope/x\"}'; echo $?",
    "echo a | sed k; echo $?",
    "echo a | sed s/a; echo $?",
    "sed p /nope; echo $?",
    "find /nope; echo $?",
    "find / -type q; echo $?",
    "echo 1 | xargs -n x echo",
    "env nosuch; echo $?",
    "timeout 1 nosuch; echo $?",
    "id nosuch",
    "stat /nope",
    "cal 13 2026",
    "grep '[' /etc/passwd; echo $?",
    "diff /nope /etc/passwd; echo $?",
    "echo a > a; echo b > b; diff a b; cmp a b",
    "time true",
    "usleep 1; ipcalc -bnmp 192.168.1.77/26",
    "tr 2>&1 | sed -n 3p",
    "seq a 2>&1 | sed -n 3p",
  ];
  expect(await sh(`cd /tmp; ${lines.join("; ")}`)).toEqual([
    "awk: cmd. line:1: Unexpected token",
    "1",
    "awk: /nope: No such file or directory",
    "awk: can't open '/nope/x': No such file or directory",
    "1",
    "sed: unsupported command k",
    "1",
    "sed: unmatched '/'",
    "1",
    "sed: /nope: No such file or directory",
    "1",
    "find: /nope: No such file or directory",
    "1",
    "find: invalid argument 'q' to '-type'",
    "1",
    "xargs: invalid number 'x'",
    "env: can't execute 'nosuch': No such file or directory",
    "127",
    "timeout: can't execute 'nosuch': No such file or directory",
    "127",
    "id: unknown user nosuch",
    "stat: can't stat '/nope': No such file or directory",
    "cal: number 13 is not in 1..12 range",
    "grep: bad regex '['",
    "2",
    "diff: can't stat '/nope': No such file or directory",
    "2",
    "--- a",
    "+++ b",
    "@@ -1 +1 @@",
    "-a",
    "+b",
    "a b differ: char 1, line 1",
    "real\t0m 0.00s",
    "user\t0m 0.00s",
    "sys\t0m 0.00s",
    "NETMASK=255.255.255.192",
    "BROADCAST=192.168.1.127",
    "NETWORK=192.168.1.64",
    "PREFIX=26",
    "Usage: tr [-cds] STRING1 [STRING2]",
    "Usage: seq [-w] [-s SEP] [FIRST [INC]] LAST",
  ]);
});

test("a shell in a container tells programs no more than busybox's does", async () => {
  expect(
    await sh("env | grep -c ^_=; uname -a | grep -c 'x86_64 GNU/Linux$'; uname -a | grep -c 'x86_64 x86_64'"),
  ).toEqual(["0", "1", "0"]);
});

test("options are read from a recorded usage", () => {
  expect(optionsOf(recordedUsage("xargs")!.usage)).toBe("0a:rtpE:e::I:n:s:P:x");
  expect(optionsOf(recordedUsage("md5sum")!.usage)).toBe("csw");
  expect(optionsOf(recordedUsage("seq")!.usage)).toBe("ws:");
});
