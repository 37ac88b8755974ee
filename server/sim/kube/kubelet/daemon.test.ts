import { expect, test } from "vitest";
import { encode, SECOND } from "../../kernel/index.ts";
import { systemdOf } from "../../host/index.ts";
import { TestNodes } from "./testing.ts";

/** The last line of a kubelet that is started again, without klog's head, and what systemd makes of it. */
async function restarted(change: (world: TestNodes) => void): Promise<{ line: string | undefined; state: string }> {
  const world = await TestNodes.boot();
  world.stop("controlplane", "kubelet");
  await world.pass(SECOND);
  change(world);
  world.start("controlplane", "kubelet");
  await world.pass(SECOND);
  const line = world.journal("controlplane", "kubelet").findLast((text) => text.includes("command failed"));
  return {
    line: line?.replace(/^.*?\] /, ""),
    state: systemdOf(world.machine("controlplane")).state("kubelet.service").sub,
  };
}

const write = (world: TestNodes, path: string, text: string): void => world.write("controlplane", path, text);

test("no configuration file", async () => {
  const { line, state } = await restarted((world) =>
    world.machine("controlplane").host.files.unlink("/var/lib/kubelet/config.yaml"),
  );
  expect(line).toBe(
    '"command failed" err="failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: failed to load Kubelet config file /var/lib/kubelet/config.yaml, error failed to read kubelet config file \\"/var/lib/kubelet/config.yaml\\", error: open /var/lib/kubelet/config.yaml: no such file or directory"',
  );
  expect(state).toBe("auto-restart");
});

test("a flag that there is not", async () => {
  const { line } = await restarted((world) =>
    write(world, "/etc/default/kubelet", "KUBELET_EXTRA_ARGS=--improve-speed\n"),
  );
  expect(line).toBe('"command failed" err="failed to parse kubelet flag: unknown flag: --improve-speed"');
});

test("a client CA that is not there", async () => {
  const { line } = await restarted((world) => {
    const { files } = world.machine("controlplane").host;
    const config = files
      .read("/var/lib/kubelet/config.yaml")
      .replace("/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/pki/CA.CRT");
    files.write("/var/lib/kubelet/config.yaml", encode(config));
  });
  expect(line).toBe(
    '"command failed" err="failed to construct kubelet dependencies: unable to load client CA file /etc/kubernetes/pki/CA.CRT: open /etc/kubernetes/pki/CA.CRT: no such file or directory"',
  );
});

test("a runtime endpoint that is not there", async () => {
  const { line } = await restarted((world) =>
    write(
      world,
      "/var/lib/kubelet/kubeadm-flags.env",
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/containerd/containerd.sok"\n',
    ),
  );
  expect(line).toBe(
    '"command failed" err="failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/containerd/containerd.sok\\": rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/containerd/containerd.sok: connect: no such file or directory\\""',
  );
});

test("no kubeconfig and none to bootstrap with", async () => {
  const { line } = await restarted((world) =>
    world.machine("controlplane").host.files.unlink("/etc/kubernetes/kubelet.conf"),
  );
  expect(line).toBe(
    '"command failed" err="failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory"',
  );
});

test("a field of another type, and one that there is not", async () => {
  const edit = (from: string, to: string) => (world: TestNodes) => {
    const { files } = world.machine("controlplane").host;
    files.write("/var/lib/kubelet/config.yaml", encode(files.read("/var/lib/kubelet/config.yaml").replace(from, to)));
  };
  const head =
    "failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: failed to load Kubelet config file /var/lib/kubelet/config.yaml, error failed to decode";
  expect((await restarted(edit("healthzPort: 10248", 'healthzPort: "x"'))).line).toBe(
    `"command failed" err="${head}: json: cannot unmarshal string into Go struct field KubeletConfiguration.healthzPort of type int32"`,
  );
  expect((await restarted(edit("healthzPort: 10248", "healthPort: 10248"))).line).toBe(
    `"command failed" err="${head}: strict decoding error: unknown field \\"healthPort\\""`,
  );
});

test("a server that refuses: the kubelet runs, tries again, and says so", async () => {
  const world = await TestNodes.boot();
  world.stop("controlplane", "kubelet");
  const { files } = world.machine("controlplane").host;
  files.write(
    "/etc/kubernetes/kubelet.conf",
    encode(files.read("/etc/kubernetes/kubelet.conf").replace(":6443", ":6553")),
  );
  world.start("controlplane", "kubelet");
  await world.pass(2 * SECOND);
  const lines = world.journal("controlplane", "kubelet").filter((line) => line.includes("controller.go:145"));
  expect(lines.slice(-2).map((line) => /interval="(.*)"/.exec(line)![1])).toEqual(["800ms", "1.6s"]);
  expect(lines.at(-1)).toContain("dial tcp 172.30.1.2:6553: connect: connection refused");
});

test("containerd without its CRI plugin", async () => {
  const world = await TestNodes.boot();
  for (const unit of ["kubelet", "containerd"] as const) world.stop("controlplane", unit);
  await world.pass(SECOND);
  write(world, "/etc/containerd/config.toml", 'version = 2\ndisabled_plugins = ["cri"]\n');
  // containerd runs modprobe first.
  world.start("controlplane", "containerd");
  await world.pass(SECOND);
  world.start("controlplane", "kubelet");
  await world.pass(SECOND);
  expect(world.journal("controlplane", "kubelet").findLast((text) => text.includes("command failed"))).toContain(
    'validate CRI v1 runtime API for endpoint \\"unix:///var/run/containerd/containerd.sock\\": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService',
  );
});

test("two cgroup drivers: no sandbox can be made", async () => {
  const world = await TestNodes.boot();
  world.stop("controlplane", "kubelet");
  await world.pass(SECOND);
  const { files } = world.machine("controlplane").host;
  const config = files.read("/var/lib/kubelet/config.yaml");
  files.write(
    "/var/lib/kubelet/config.yaml",
    encode(config.replace("cgroupDriver: systemd", "cgroupDriver: cgroupfs")),
  );
  world.start("controlplane", "kubelet");
  await world.pass(SECOND);
  world.pod("web", { containers: [{ name: "c", image: "nginx:1.27.5", resources: { requests: { cpu: "100m" } } }] });
  await world.pass(2 * SECOND);
  const { uid } = world.get("web")!.metadata;
  expect(world.events("web")[0]!.replace(/[0-9a-f]{64}/, "‹id›")).toBe(
    `Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got "/kubepods/burstable/pod${uid}/‹id›" instead: unknown`,
  );
});
