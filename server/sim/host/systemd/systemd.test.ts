import { describe, expect, test } from "vitest";
import { pass, SECOND } from "../../kernel/index.ts";
import type { Daemon } from "../process/program.ts";
import { journalOf, systemdOf } from "../services.ts";
import { testHosts } from "../testing.ts";
import type { Host } from "../host.ts";
import { enablement, listUnitFiles } from "./unit-file.ts";

const kubelet: Daemon = {
  name: "kubelet",
  summary: "",
  start(self) {
    self.log(`args ${self.argv.slice(1).join(" ")} env ${self.env["MODE"] ?? ""}`);
    if (!self.host.files.exists("/config")) {
      self.log("no config");
      self.exit(1);
    }
  },
  signal(self, signal) {
    if (signal === "SIGTERM") self.exit(0);
    return signal === "SIGTERM";
  },
};

/** Ends at once with the code of its first argument. */
const step: Daemon = {
  name: "step",
  summary: "",
  start: (self) => self.exit(Number(self.argv[1] ?? 0)),
};

/** Says its arguments and ends. */
const say: Daemon = {
  name: "say",
  summary: "",
  start(self) {
    self.log(self.argv.slice(1).join(" ").trim());
    self.exit(0);
  },
};

/** Hears no SIGTERM. */
const deaf: Daemon = { name: "deaf", summary: "", start: () => {}, signal: (_, signal) => signal === "SIGTERM" };

const UNIT = `[Unit]
Description=kubelet: The Kubernetes Node Agent
[Service]
ExecStart=/usr/bin/kubelet
Restart=always
RestartSec=10
[Install]
WantedBy=multi-user.target
`;
const DROP_IN = `[Service]
Environment="ARGS=--a --b" MODE=x
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $ARGS \${ONE} $EXTRA
`;

function machine(): Host {
  const { host } = testHosts(
    [kubelet, step, say, deaf],
    [
      { path: "/usr/lib/systemd/system/kubelet.service", text: UNIT },
      { path: "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", text: DROP_IN },
      { path: "/etc/default/kubelet", text: 'ONE="1 2"\n' },
      { path: "/config", text: "" },
      { path: "/usr/lib/systemd/system/broken.service", text: "[Service]\nType=simple\nExecStart=/usr/bin/nope\n" },
    ],
  );
  return host;
}

const lines = (host: Host): string[] =>
  journalOf(host.machine)
    .read()
    .map((line) => `${line.identifier}: ${line.message}`);

describe("services", () => {
  test("start with drop-ins, environment and split words, and stop", () => {
    const host = machine();
    const systemd = systemdOf(host.machine);
    expect(systemd.start("kubelet.service")).toEqual({ ok: true });
    expect(systemd.state("kubelet.service")).toMatchObject({ active: "active", sub: "running", result: "success" });
    expect(host.machine.process(systemd.state("kubelet.service").mainPid!)!.argv).toEqual([
      "/usr/bin/kubelet",
      "--a",
      "--b",
      "1 2",
    ]);
    systemd.stop("kubelet.service");
    host.kernel.step();
    expect(systemd.state("kubelet.service")).toMatchObject({ active: "inactive", sub: "dead", result: "success" });
    expect(lines(host)).toEqual([
      "systemd: kubelet.service: Referenced but unset environment variable evaluates to an empty string: EXTRA",
      "systemd: Started kubelet.service - kubelet: The Kubernetes Node Agent.",
      "kubelet: args --a --b 1 2 env x",
      "systemd: Stopping kubelet.service - kubelet: The Kubernetes Node Agent...",
      "systemd: kubelet.service: Deactivated successfully.",
      "systemd: Stopped kubelet.service - kubelet: The Kubernetes Node Agent.",
    ]);
  });

  test("are started again after RestartSec for as long as they fail", async () => {
    const host = machine();
    const systemd = systemdOf(host.machine);
    host.files.unlink("/config");
    systemd.start("kubelet.service");
    await pass(host.kernel, host.kernel.now + 25 * SECOND);
    expect(systemd.state("kubelet.service")).toMatchObject({
      active: "activating",
      sub: "auto-restart",
      result: "exit-code",
      restarts: 2,
    });
    expect(lines(host).slice(3, 6)).toEqual([
      "kubelet: no config",
      "systemd: kubelet.service: Main process exited, code=exited, status=1/FAILURE",
      "systemd: kubelet.service: Failed with result 'exit-code'.",
    ]);
    host.files.write("/config", "");
    await pass(host.kernel, host.kernel.now + 10 * SECOND);
    expect(systemd.state("kubelet.service").active).toBe("active");
  });

  test("nobody waits for the next start of a service that has failed again and again", async () => {
    const host = machine();
    host.files.unlink("/config");
    systemdOf(host.machine).start("kubelet.service");
    expect(host.kernel.converging).toBe(true);
    await pass(host.kernel, host.kernel.now + 35 * SECOND);
    expect(host.kernel.converging).toBe(false);
    expect(systemdOf(host.machine).state("kubelet.service").sub).toBe("auto-restart");
  });

  test("restart gives a new process", () => {
    const host = machine();
    const systemd = systemdOf(host.machine);
    systemd.start("kubelet.service");
    const before = systemd.state("kubelet.service").mainPid;
    expect(systemd.restart("kubelet.service")).toEqual({ ok: true });
    while (host.kernel.nextEventAt === host.kernel.now) host.kernel.step();
    expect(systemd.state("kubelet.service").active).toBe("active");
    expect(systemd.state("kubelet.service").mainPid).not.toBe(before);
  });

  test("without their program fail with 203/EXEC", () => {
    const host = machine();
    systemdOf(host.machine).start("broken.service");
    host.kernel.step();
    expect(systemdOf(host.machine).state("broken.service")).toMatchObject({
      active: "failed",
      result: "exit-code",
      ran: [{ status: { code: 203 } }],
    });
    expect(lines(host)).toContain("systemd: broken.service: Main process exited, code=exited, status=203/EXEC");
  });

  test("of type oneshot run their commands in turn, and stay active if they say so", async () => {
    const host = machine();
    const oneshot = (name: string, rest: string): void =>
      host.files.write(`/usr/lib/systemd/system/${name}.service`, `[Service]\nType=oneshot\n${rest}`);
    oneshot("once0", "ExecStart=-/usr/bin/step 3\nExecStart=/usr/bin/step\n");
    oneshot("once1", "RemainAfterExit=yes\nExecStart=-/usr/bin/step 3\nExecStart=/usr/bin/step\n");
    oneshot("fails", "ExecStart=/usr/bin/step 1\nExecStart=/usr/bin/kubelet\n");
    const systemd = systemdOf(host.machine);
    for (const name of ["once0.service", "once1.service", "fails.service"]) systemd.start(name);
    expect(systemd.state("once0.service")).toMatchObject({ active: "activating", sub: "start" });
    await pass(host.kernel, host.kernel.now + SECOND);
    const codes = (name: string): unknown[] => systemd.state(name).ran.map(({ status }) => status);
    expect(systemd.state("once0.service")).toMatchObject({ active: "inactive", sub: "dead", result: "success" });
    expect(systemd.state("once1.service")).toMatchObject({ active: "active", sub: "exited" });
    expect(codes("once1.service")).toEqual([{ code: 3 }, { code: 0 }]);
    expect(systemd.state("fails.service")).toMatchObject({ active: "failed", result: "exit-code" });
    expect(codes("fails.service")).toEqual([{ code: 1 }]);
    systemd.stop("once1.service");
    expect(systemd.state("once1.service").active).toBe("inactive");
    expect(lines(host)).toEqual([
      "systemd: Starting once0.service...",
      "systemd: Starting once1.service...",
      "systemd: Starting fails.service...",
      "systemd: fails.service: Main process exited, code=exited, status=1/FAILURE",
      "systemd: fails.service: Failed with result 'exit-code'.",
      "systemd: Failed to start fails.service.",
      "systemd: once0.service: Deactivated successfully.",
      "systemd: Finished once0.service.",
      "systemd: Finished once1.service.",
      "systemd: once1.service: Deactivated successfully.",
      "systemd: Stopped once1.service.",
    ]);
  });

  test("run their other commands before, beside and after", async () => {
    const host = machine();
    const unit = (name: string, rest: string): void =>
      host.files.write(`/usr/lib/systemd/system/${name}.service`, `[Service]\n${rest}`);
    const echo = (what: string): string => `/usr/bin/say ${what} $MAINPID $EXIT_STATUS`;
    unit(
      "full",
      `ExecStartPre=-/usr/bin/step 4\nExecStartPre=${echo("pre")}\nExecStart=/usr/bin/kubelet\nExecStartPost=${echo("post")}\nExecReload=${echo("reload")}\nExecStop=${echo("stop")}\nExecStopPost=${echo("stop-post")}\n`,
    );
    unit("refused", "ExecStartPre=/usr/bin/step 2\nExecStart=/usr/bin/kubelet\nExecStopPost=/usr/bin/say over\n");
    const systemd = systemdOf(host.machine);
    const moment = (): Promise<void> => pass(host.kernel, host.kernel.now + SECOND);
    for (const name of ["full.service", "refused.service"]) systemd.start(name);
    expect(systemd.state("full.service")).toMatchObject({ active: "activating", sub: "start-pre" });
    await moment();
    expect(systemd.state("full.service")).toMatchObject({ active: "active", sub: "running" });
    expect(systemd.state("refused.service")).toMatchObject({ active: "failed", result: "exit-code" });
    const { mainPid } = systemd.state("full.service");
    systemd.reload("full.service");
    await moment();
    systemd.stop("full.service");
    await moment();
    expect(systemd.state("full.service")).toMatchObject({ active: "inactive", sub: "dead", result: "success" });
    const of = (name: string): string[] =>
      journalOf(host.machine)
        .read()
        .filter((line) => line.unit === name)
        .map(({ message }) => message);
    expect(of("full.service")).toEqual([
      "Starting full.service...",
      "pre",
      "args  env ",
      `post ${mainPid}`,
      "Started full.service.",
      "Reloading full.service...",
      `reload ${mainPid}`,
      "Reloaded full.service.",
      "Stopping full.service...",
      `stop ${mainPid}`,
      "stop-post 0",
      "full.service: Deactivated successfully.",
      "Stopped full.service.",
    ]);
    expect(of("refused.service")).toEqual([
      "Starting refused.service...",
      "refused.service: Control process exited, code=exited, status=2/INVALIDARGUMENT",
      "over",
      "refused.service: Failed with result 'exit-code'.",
      "Failed to start refused.service.",
    ]);
  });

  test("that do not end are killed when their time is over, and Restart= looks at how they ended", async () => {
    const host = machine();
    const unit = (name: string, rest: string): void =>
      host.files.write(`/usr/lib/systemd/system/${name}.service`, `[Service]\nExecStart=/usr/bin/${rest}`);
    unit("deaf", "deaf\nTimeoutStopSec=3\n");
    unit("abnormal", "step 1\nRestart=on-abnormal\n");
    unit("prevented", "step 7\nRestart=always\nRestartPreventExitStatus=7\n");
    unit("accepted", "step 7\nRestart=on-failure\nSuccessExitStatus=7\n");
    const systemd = systemdOf(host.machine);
    for (const name of ["deaf", "abnormal", "prevented", "accepted"]) systemd.start(`${name}.service`);
    await pass(host.kernel, host.kernel.now + SECOND);
    systemd.stop("deaf.service");
    await pass(host.kernel, host.kernel.now + 4 * SECOND);
    const states = ["deaf", "abnormal", "prevented", "accepted"].map((name) => {
      const { active, result } = systemd.state(`${name}.service`);
      return `${active} ${result}`;
    });
    expect(states).toEqual(["failed timeout", "failed exit-code", "failed exit-code", "inactive success"]);
  });

  test("are as systemd has read them until it is told to read again", async () => {
    const host = machine();
    const systemd = systemdOf(host.machine);
    systemd.start("kubelet.service");
    host.files.mkdir("/etc/systemd/system/kubelet.service.d", { parents: true });
    host.files.write("/etc/systemd/system/kubelet.service.d/20.conf", "[Service]\nEnvironment=MODE=new\n");
    const mode = async (): Promise<string | undefined> => {
      systemd.restart("kubelet.service");
      await pass(host.kernel, host.kernel.now + SECOND);
      return host.machine.process(systemd.state("kubelet.service").mainPid!)!.env["MODE"];
    };
    expect(await mode()).toBe("x");
    systemd.daemonReload();
    expect(await mode()).toBe("new");
  });

  test("write to files that their unit names", () => {
    const host = machine();
    host.files.mkdir("/var/log", { parents: true });
    host.files.write("/var/log/kubelet.log", "before\n");
    host.files.write(
      "/usr/lib/systemd/system/kubelet.service.d/20.conf",
      "[Service]\nStandardOutput=append:/var/log/kubelet.log\n",
    );
    systemdOf(host.machine).start("kubelet.service");
    expect(host.readText("/var/log/kubelet.log")).toBe("before\nargs --a --b 1 2 env x\n");
    expect(lines(host)).toEqual([
      "systemd: kubelet.service: Referenced but unset environment variable evaluates to an empty string: EXTRA",
      "systemd: Started kubelet.service - kubelet: The Kubernetes Node Agent.",
    ]);
  });

  test("unknown ones are not found, changed ones want a reload", () => {
    const host = machine();
    const systemd = systemdOf(host.machine);
    expect(systemd.start("nope.service")).toEqual({ ok: false, why: "not-found" });
    systemd.start("kubelet.service");
    expect(systemd.needsReload("kubelet.service")).toBe(false);
    host.files.mkdir("/etc/systemd/system/kubelet.service.d", { parents: true });
    host.files.write("/etc/systemd/system/kubelet.service.d/20.conf", "[Service]\nRestartSec=1\n");
    expect(systemd.needsReload("kubelet.service")).toBe(true);
    systemd.daemonReload();
    expect(systemd.needsReload("kubelet.service")).toBe(false);
  });
});

test("unit files are listed, and enabled by their link", () => {
  const host = machine();
  const unit = systemdOf(host.machine).unit("kubelet.service")!;
  expect(listUnitFiles(host)).toEqual(["broken.service", "kubelet.service"]);
  expect(enablement(host, unit)).toBe("disabled");
  host.files.mkdir("/etc/systemd/system/multi-user.target.wants", { parents: true });
  host.files.symlink(
    "/usr/lib/systemd/system/kubelet.service",
    "/etc/systemd/system/multi-user.target.wants/kubelet.service",
  );
  expect(enablement(host, unit)).toBe("enabled");
});
