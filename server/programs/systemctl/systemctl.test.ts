import { beforeEach, describe, expect, test } from "vitest";
import { pass, SECOND, decode } from "../../sim/kernel/index.ts";
import type { FileSpec } from "../../sim/host/index.ts";
import { programWorld, type ProgramWorld } from "../testing.ts";

const FILES: readonly FileSpec[] = [
  {
    path: "/usr/lib/systemd/system/kubelet.service",
    text: "[Unit]\nDescription=kubelet: The Kubernetes Node Agent\nDocumentation=https://kubernetes.io/docs/\n[Service]\nExecStart=/usr/bin/sleep 10000\nRestart=always\nRestartSec=10\n[Install]\nWantedBy=multi-user.target\n",
  },
  { path: "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", text: "[Service]\nEnvironment=A=b\n" },
  { path: "/usr/lib/systemd/system/broken.service", text: "[Service]\nExecStart=/usr/bin/nope\n" },
  { path: "/usr/lib/systemd/system/static.service", text: "[Service]\nExecStart=/usr/bin/sleep 5\n" },
];

let world: ProgramWorld;
let run: (command: string) => Promise<{ code: number; stdout: string; stderr: string }>;

beforeEach(async () => {
  world = await programWorld(FILES);
  run = async (command) => {
    const ran = await world.run(command);
    return { code: ran.code, stdout: decode(ran.stdout), stderr: decode(ran.stderr) };
  };
});

describe("status", () => {
  test("of a service that runs", async () => {
    await run("systemctl start kubelet");
    await pass(world.host.kernel, world.host.kernel.now + 3400 * SECOND);
    expect(await run("systemctl status kubelet")).toEqual({
      code: 0,
      stderr: "",
      stdout: `● kubelet.service - kubelet: The Kubernetes Node Agent
     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; disabled; preset: enabled)
    Drop-In: /usr/lib/systemd/system/kubelet.service.d
             └─10-kubeadm.conf
     Active: active (running) since Sat 2026-11-21 11:00:00 UTC; 56min ago
       Docs: https://kubernetes.io/docs/
   Main PID: 101 (sleep)
      Tasks: 1 (limit: 2400)
     Memory: 1.6M (peak: 1.6M)
        CPU: 3ms
     CGroup: /system.slice/kubelet.service
             └─101 /usr/bin/sleep 10000

Nov 21 11:00:00 controlplane systemd[1]: Started kubelet.service - kubelet: The Kubernetes Node Agent.
`,
    });
  });

  test("of one that was stopped, one that failed, and none", async () => {
    await run("systemctl start kubelet");
    await pass(world.host.kernel, world.host.kernel.now + 90.5 * SECOND);
    await run("systemctl stop kubelet");
    const stopped = await run("systemctl status kubelet");
    expect(stopped.code).toBe(3);
    expect(stopped.stdout.split("\n").slice(0, 10)).toEqual([
      "○ kubelet.service - kubelet: The Kubernetes Node Agent",
      "     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; disabled; preset: enabled)",
      "    Drop-In: /usr/lib/systemd/system/kubelet.service.d",
      "             └─10-kubeadm.conf",
      "     Active: inactive (dead) since Sat 2026-11-21 11:01:30 UTC; 1ms ago",
      "   Duration: 1min 30.5s",
      "       Docs: https://kubernetes.io/docs/",
      "    Process: 101 ExecStart=/usr/bin/sleep 10000 (code=killed, signal=TERM)",
      "   Main PID: 101 (code=killed, signal=TERM)",
      "        CPU: 3ms",
    ]);
    expect(await run("systemctl start broken")).toEqual({ code: 0, stdout: "", stderr: "" });
    const failed = await run("systemctl status broken");
    expect(failed.stdout.split("\n").slice(0, 4)).toEqual([
      "× broken.service",
      "     Loaded: loaded (/usr/lib/systemd/system/broken.service; static)",
      "     Active: failed (Result: exit-code) since Sat 2026-11-21 11:01:30 UTC; 1ms ago",
      "    Process: 105 ExecStart=/usr/bin/nope (code=exited, status=203/EXEC)",
    ]);
    expect(await run("systemctl status nope")).toEqual({
      code: 4,
      stdout: "",
      stderr: "Unit nope.service could not be found.\n",
    });
  });
});

test("jobs on units that are not there", async () => {
  expect(await run("systemctl restart nope")).toEqual({
    code: 5,
    stdout: "",
    stderr: "Failed to restart nope.service: Unit nope.service not found.\n",
  });
  expect((await run("systemctl stop nope")).stderr).toBe(
    "Failed to stop nope.service: Unit nope.service not loaded.\n",
  );
  expect((await run("systemctl reload kubelet")).stderr).toBe(
    "Failed to reload kubelet.service: Job type reload is not applicable for unit kubelet.service.\n",
  );
});

test("restart waits until the old process is gone and the new one runs", async () => {
  await run("systemctl start kubelet");
  const before = (await run("systemctl show -p MainPID --value kubelet")).stdout;
  expect((await run("systemctl restart kubelet")).code).toBe(0);
  expect((await run("systemctl is-active kubelet")).stdout).toBe("active\n");
  expect((await run("systemctl show -p MainPID --value kubelet")).stdout).not.toBe(before);
});

test("enable, disable and mask are links", async () => {
  const wants = "/etc/systemd/system/multi-user.target.wants/kubelet.service";
  expect(await run("systemctl is-enabled kubelet")).toEqual({ code: 1, stdout: "disabled\n", stderr: "" });
  expect((await run("systemctl enable kubelet")).stderr).toBe(
    `Created symlink ${wants} → /usr/lib/systemd/system/kubelet.service.\n`,
  );
  expect((await run("systemctl enable kubelet")).stderr).toBe("");
  expect(await run("systemctl is-enabled kubelet static nope")).toEqual({
    code: 0,
    stdout: "enabled\nstatic\nnot-found\n",
    stderr: "",
  });
  expect((await run("systemctl disable kubelet")).stderr).toBe(`Removed "${wants}".\n`);
  expect((await run("systemctl mask static")).stderr).toBe(
    "Created symlink /etc/systemd/system/static.service → /dev/null.\n",
  );
  expect(await run("systemctl start static")).toEqual({
    code: 1,
    stdout: "",
    stderr: "Failed to start static.service: Unit static.service is masked.\n",
  });
});

test("lists", async () => {
  await run("systemctl start kubelet");
  await run("systemctl start broken");
  expect((await run("systemctl list-units --type=service")).stdout).toBe(`\
  UNIT            LOAD   ACTIVE SUB     DESCRIPTION
× broken.service  loaded failed failed  broken.service
  kubelet.service loaded active running kubelet: The Kubernetes Node Agent

Legend: LOAD   → Reflects whether the unit definition was properly loaded.
        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.
        SUB    → The low-level unit activation state, values depend on unit type.

2 loaded units listed. Pass --all to see loaded but inactive units, too.
To show all installed unit files use 'systemctl list-unit-files'.
`);
  expect((await run("systemctl list-unit-files")).stdout).toBe(
    "UNIT FILE       STATE    PRESET\nbroken.service  static   -\nkubelet.service disabled enabled\nstatic.service  static   -\n\n3 unit files listed.\n",
  );
});

test("a unit that was edited wants a reload", async () => {
  await run("systemctl start kubelet");
  world.host.files.write("/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", "[Service]\n");
  expect((await run("systemctl status kubelet")).stderr).toBe(
    "Warning: The unit file, source configuration file or drop-ins of kubelet.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n",
  );
  await run("systemctl daemon-reload");
  expect((await run("systemctl status kubelet")).stderr).toBe("");
});

describe("journalctl", () => {
  test("of a unit: all, the last, explained, none", async () => {
    await run("systemctl start broken");
    const lines = [
      "Started broken.service.",
      "broken.service: Failed to locate executable /usr/bin/nope: No such file or directory",
      "broken.service: Failed at step EXEC spawning /usr/bin/nope: No such file or directory",
      "broken.service: Main process exited, code=exited, status=203/EXEC",
      "broken.service: Failed with result 'exit-code'.",
    ];
    const shown = lines.map((line) => `Nov 21 11:00:00 controlplane systemd[1]: ${line}\n`);
    expect((await run("journalctl -u broken")).stdout).toBe(shown.join(""));
    expect((await run("journalctl -u broken -n 1 --no-pager")).stdout).toBe(shown[4]);
    expect((await run("journalctl -u broken -p err -o cat")).stdout).toBe(`${lines[1]!}\n${lines[2]!}\n`);
    expect((await run("journalctl -u broken -r --no-hostname -n1")).stdout).toBe(
      `Nov 21 11:00:00 systemd[1]: ${lines[4]!}\n`,
    );
    expect((await run("journalctl -xeu broken -n 1")).stdout).toBe(`${shown[4]!}\
░░ Subject: Unit failed
░░ Defined-By: systemd
░░ Support: http://www.ubuntu.com/support
░░ 
░░ The unit broken.service has entered the 'failed' state with result 'exit-code'.
`);
    expect((await run("journalctl -u nope")).stdout).toBe("-- No entries --\n");
    expect((await run("journalctl --since 11:00:01")).stdout).toBe("-- No entries --\n");
  });

  test("times", async () => {
    await run("systemctl start kubelet");
    await pass(world.host.kernel, world.host.kernel.now + 600 * SECOND);
    await run("systemctl stop kubelet");
    const count = async (since: string): Promise<number> =>
      (await world.run(["journalctl", "-q", "--since", since])).stdout.split("\n").length - 1;
    expect(await count("5 min ago")).toBe(3);
    expect(await count("-1h")).toBe(4);
    expect(await count("2026-11-21 11:05")).toBe(3);
    expect(await count("today")).toBe(4);
    expect((await run("journalctl --since never")).stderr).toBe("Failed to parse timestamp: never\n");
  });
});
