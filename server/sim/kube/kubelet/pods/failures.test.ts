import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import { configMaps } from "../../kinds/index.ts";
import { TestNodes } from "../testing.ts";

const nginx = { name: "c", image: "nginx:1.27.5" };
const busybox = { name: "c", image: "busybox:1.36.1" };

test("an image that no registry has: ErrImagePull, then ImagePullBackOff", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ name: "c", image: "nginx:nope" }] });
  await world.pass(2 * SECOND);
  expect(world.containers("web")).toEqual(["c: waiting ErrImagePull"]);
  const why =
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:nope": failed to resolve reference "docker.io/library/nginx:nope": docker.io/library/nginx:nope: not found';
  expect(world.events("web")).toEqual([
    'Normal Pulling Pulling image "nginx:nope"',
    `Warning Failed Failed to pull image "nginx:nope": ${why}`,
    "Warning Failed Error: ErrImagePull",
    'Normal BackOff Back-off pulling image "nginx:nope"',
    "Warning Failed Error: ImagePullBackOff",
  ]);
  await world.until(() => world.containers("web")[0] === "c: waiting ImagePullBackOff");
  const { waiting } = world.get("web")!.status.containerStatuses![0]!.state;
  expect(waiting).toEqual({
    reason: "ImagePullBackOff",
    message: `Back-off pulling image "nginx:nope": ErrImagePull: ${why}`,
  });
  expect(world.log("web")).toBe('container "c" in pod "web" is waiting to start: trying and failing to pull image');
});

test("an unknown repository is denied without a code; a name that is none is InvalidImageName", async () => {
  const world = await TestNodes.boot();
  world.pod("denied", { containers: [{ name: "c", image: "nosuch/thing:1" }] });
  world.pod("wrong", { containers: [{ name: "c", image: "Nginx" }] });
  world.pod("never", { containers: [{ name: "c", image: "nginx:1.25.0", imagePullPolicy: "Never" }] });
  await world.pass(2 * SECOND);
  expect(world.events("denied")[1]).toBe(
    'Warning Failed Failed to pull image "nosuch/thing:1": failed to pull and unpack image "docker.io/nosuch/thing:1": failed to resolve reference "docker.io/nosuch/thing:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  );
  expect(world.containers("wrong")).toEqual(["c: waiting InvalidImageName"]);
  expect(world.events("never")).toEqual([
    'Warning ErrImageNeverPull Container image "nginx:1.25.0" is not present with pull policy of Never',
    "Warning Failed Error: ErrImageNeverPull",
  ]);
});

test("a container that ends is started again, later each time", async () => {
  const world = await TestNodes.boot();
  world.pod("crash", { containers: [{ ...busybox, command: ["false"] }] });
  await world.pass(5 * SECOND);
  expect(world.containers("crash")).toEqual(["c: terminated Error 1, 1 restarts"]);
  await world.pass(5 * MINUTE);
  expect(world.containers("crash")).toEqual(["c: waiting CrashLoopBackOff, 5 restarts"]);
  const { uid } = world.get("crash")!.metadata;
  const { state, lastState } = world.get("crash")!.status.containerStatuses![0]!;
  expect(state.waiting!.message).toBe(`back-off 2m40s restarting failed container=c pod=crash_default(${uid})`);
  expect(lastState.terminated).toMatchObject({ exitCode: 1, reason: "Error" });
  expect(world.events("crash")).toEqual([
    'Normal Pulled Container image "busybox:1.36.1" already present on machine',
    "Normal Created Created container: c",
    "Normal Started Started container c",
    `Warning BackOff Back-off restarting failed container c in pod crash_default(${uid})`,
  ]);
  expect(world.machine("controlplane").host.files.list(`/var/log/pods/default_crash_${uid}/c`).sort()).toEqual([
    "4.log",
    "5.log",
  ]);
});

test("what a container's environment lacks is CreateContainerConfigError until it is there", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...nginx, envFrom: [{ configMapRef: { name: "settings" } }] }] });
  await world.pass(2 * SECOND);
  expect(world.containers("web")).toEqual(["c: waiting CreateContainerConfigError"]);
  expect(world.events("web")).toEqual([
    'Normal Pulled Container image "nginx:1.27.5" already present on machine',
    'Warning Failed Error: configmap "settings" not found',
  ]);
  expect(world.log("web")).toBe('container "c" in pod "web" is waiting to start: CreateContainerConfigError');
  world.admin.create(configMaps, { metadata: { name: "settings", namespace: "default" }, data: { A: "1" } });
  await world.pass(20 * SECOND);
  expect(world.containers("web")).toEqual(["c: running, ready"]);
});

test("a volume that cannot be set up keeps a Pod in ContainerCreating until it can", async () => {
  const world = await TestNodes.boot();
  const volumes = [{ name: "conf", configMap: { name: "settings" } }];
  world.pod("web", { volumes, containers: [{ ...nginx, volumeMounts: [{ name: "conf", mountPath: "/conf" }] }] });
  await world.pass(10 * SECOND);
  expect(world.containers("web")).toEqual(["c: waiting ContainerCreating"]);
  expect(world.events("web")).toEqual([
    'Warning FailedMount MountVolume.SetUp failed for volume "conf" : configmap "settings" not found',
  ]);
  world.admin.create(configMaps, { metadata: { name: "settings", namespace: "default" }, data: { a: "1\n" } });
  await world.pass(20 * SECOND);
  expect(world.containers("web")).toEqual(["c: running, ready"]);
  expect((await world.exec("web", ["cat", "/conf/a"])).out).toBe("1\n");
});

test("a program that is not in the image: RunContainerError with the runtime's words", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...nginx, command: ["serve"] }] });
  await world.pass(SECOND);
  const why =
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "serve": executable file not found in $PATH: unknown';
  expect(world.events("web")).toContain(`Warning Failed Error: ${why}`);
  const { state, lastState } = world.get("web")!.status.containerStatuses![0]!;
  expect(state.waiting).toEqual({ reason: "RunContainerError", message: why });
  expect(lastState.terminated).toMatchObject({ exitCode: 128, reason: "StartError", message: why });
});

test("a plugin that fails: FailedCreatePodSandBox with its words, and another try", async () => {
  const world = await TestNodes.boot();
  world.machine("controlplane").host.files.unlink("/opt/cni/bin/testnet");
  world.pod("web", { containers: [nginx] });
  await world.pass(2 * SECOND);
  const [event, ...others] = world.events("web");
  expect(event!.replace(/[0-9a-f]{64}/, "‹id›")).toBe(
    'Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "‹id›": plugin type="testnet" failed (add): failed to find plugin "testnet" in path [/opt/cni/bin]',
  );
  expect(others).toEqual([]);
  expect(world.containers("web")).toEqual(["c: waiting ContainerCreating"]);
  await world.pass(20 * SECOND);
  expect(world.events("web").length).toBeGreaterThan(1);
});
