import { beforeAll, expect, test } from "vitest";
import { DAY } from "../../sim/kernel/index.ts";
import { programWorld, type ProgramWorld } from "../testing.ts";

let world: ProgramWorld;

beforeAll(async () => {
  world = await programWorld();
  world.add({ argv: ["/sbin/init"], comm: "systemd" }, 5 * DAY);
  const containerd = world.add({ argv: ["/usr/bin/containerd"] }, 5 * DAY);
  world.add({ argv: ["/usr/bin/kubelet", "--config=/x"] }, 5 * DAY);
  world.add({ argv: ["kube-apiserver", "--advertise-address=172.30.1.2"], ppid: containerd }, 5 * DAY);
  world.add({ argv: ["nginx: master process nginx"], comm: "nginx", ppid: containerd });
  world.add({ argv: ["/usr/lib/systemd/systemd-resolved"], uid: 65534 });
});

/** What ps prints, without itself, its last line. */
async function shown(command: string): Promise<string> {
  const { stdout } = await world.run(command);
  return stdout.replace(/.*\bps\b.*\n$/, "");
}

test("aux: sizes move the columns behind them as in procps", async () => {
  expect(await shown("ps aux")).toBe(`\
USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root         100  0.0  0.6  22989 13167 ?        Ss   Nov16   2:58 /sbin/init
root         101  0.5  2.8 1892298 59007 ?       Ssl  Nov16  42:56 /usr/bin/containerd
root         102  1.3  4.3 1877609 89410 ?       Ssl  Nov16  97:49 /usr/bin/kubelet --config=/x
root         103  3.0 13.0 1491635 267083 ?      Ssl  Nov16 219:46 kube-apiserver --advertise-address=172.30.1.2
root         104  0.0  0.2  11897  4886 ?        Ss   10:00   0:00 nginx: master process nginx
nobody       105  0.0  0.6  22258 13143 ?        Ss   10:00   0:00 /usr/lib/systemd/systemd-resolved
`);
});

test("-aux is aux, as nobody is called x", async () => {
  expect(await shown("ps -aux")).toBe(await shown("ps aux"));
});

test("-ef", async () => {
  expect(await shown("ps -ef")).toBe(`\
UID          PID    PPID  C STIME TTY          TIME CMD
root         100       0  0 Nov16 ?        00:02:58 /sbin/init
root         101       0  0 Nov16 ?        00:42:56 /usr/bin/containerd
root         102       0  1 Nov16 ?        01:37:49 /usr/bin/kubelet --config=/x
root         103     101  3 Nov16 ?        03:39:46 kube-apiserver --advertise-address=172.30.1.2
root         104     101  0 10:00 ?        00:00:00 nginx: master process nginx
nobody       105       0  0 10:00 ?        00:00:00 /usr/lib/systemd/systemd-resolved
`);
});

test("a forest", async () => {
  expect(await shown("ps -e --forest")).toBe(`\
    PID TTY          TIME CMD
    100 ?        00:02:58 systemd
    101 ?        00:42:56 containerd
    103 ?        03:39:46  \\_ kube-apiserver
    104 ?        00:00:00  \\_ nginx
    102 ?        01:37:49 kubelet
    105 ?        00:00:00 systemd-resolve
`);
});

test("own columns, headings, selection and order", async () => {
  expect(await shown("ps -eo pid,comm,%cpu,etime --sort=-%cpu")).toBe(`\
    PID COMMAND         %CPU     ELAPSED
    103 kube-apiserver   3.0  5-00:00:00
    102 kubelet          1.3  5-00:00:00
    101 containerd       0.5  5-00:00:00
    100 systemd          0.0  5-00:00:00
    105 systemd-resolve  0.0    01:00:00
    104 nginx            0.0    01:00:00
`);
  expect((await world.run("ps -C kubelet -o pid=")).stdout).toBe("    102\n");
  expect((await world.run("ps -p 101,102 -o user:6,args=COMMAND")).stdout).toBe(
    "USER   COMMAND\nroot   /usr/bin/containerd\nroot   /usr/bin/kubelet --config=/x\n",
  );
  expect((await world.run("ps --no-headers -u nobody -o pid,ppid")).stdout).toBe("    105       0\n");
});

test("nothing found is exit code 1, wrong use is told with the usage", async () => {
  expect(await world.run("ps -p 4711")).toEqual({ code: 1, stdout: "    PID TTY          TIME CMD\n", stderr: "" });
  for (const [command, problem] of [
    ["ps --nope", "unknown gnu long option"],
    ["ps -o foo", 'unknown user-defined format specifier "foo"'],
    ["ps -u nope", "user name does not exist"],
    ["ps -p x", "process ID list syntax error"],
  ] as const) {
    const { code, stderr } = await world.run(command);
    expect({ code, first: stderr.split("\n")[0] }).toEqual({ code: 1, first: `error: ${problem}` });
  }
  expect(await world.run("ps -eo pid,cgroup")).toEqual({
    code: 64,
    stdout: "",
    stderr: "drydock: ps: column 'cgroup' is not simulated\n",
  });
});
