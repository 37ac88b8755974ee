import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import { TestNodes } from "../testing.ts";

const nginx = { name: "c", image: "nginx:1.27.5" };
const sleeper = { name: "c", image: "busybox:1.36.1", command: ["sleep", "3600"] };
const events = (world: TestNodes, name: string): string[] => world.events(name).slice(3);

test("a container is ready when its readiness probe says so, and not when it does not", async () => {
  const world = await TestNodes.boot();
  world.pod("web", {
    containers: [{ ...sleeper, readinessProbe: { exec: { command: ["cat", "/tmp/ready"] }, periodSeconds: 2 } }],
  });
  await world.pass(5 * SECOND);
  expect(world.containers("web")).toEqual(["c: running"]);
  expect(world.get("web")!.status.conditions!.find(({ type }) => type === "Ready")).toMatchObject({
    status: "False",
    reason: "ContainersNotReady",
    message: "containers with unready status: [c]",
  });
  expect(events(world, "web")).toEqual([
    "Warning Unhealthy Readiness probe failed: cat: can't open '/tmp/ready': No such file or directory\n",
  ]);
  await world.exec("web", ["tee", "/tmp/ready", "yes"]);
  const container = world.get("web")!.status.containerStatuses![0]!.containerID!.replace("containerd://", "");
  world.hosts.host(container)!.files.write("/tmp/ready", "yes");
  await world.pass(3 * SECOND);
  expect(world.containers("web")).toEqual(["c: running, ready"]);
});

test("an HTTP liveness probe that fails three times restarts the container", async () => {
  const world = await TestNodes.boot();
  world.pod("web", {
    containers: [{ ...nginx, livenessProbe: { httpGet: { path: "/no", port: 80 }, periodSeconds: 3 } }],
  });
  await world.pass(12 * SECOND);
  expect(events(world, "web")).toEqual([
    "Warning Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 404",
    "Normal Killing Container c failed liveness probe, will be restarted",
  ]);
  expect(world.containers("web")).toEqual(["c: running, ready, 1 restarts"]);
});

test("a port that nobody listens on, as HTTP and as TCP", async () => {
  const world = await TestNodes.boot();
  world.pod("http", { containers: [{ ...nginx, readinessProbe: { httpGet: { port: 81 }, periodSeconds: 1 } }] });
  world.pod("tcp", { containers: [{ ...nginx, readinessProbe: { tcpSocket: { port: 81 }, periodSeconds: 1 } }] });
  world.pod("name", { containers: [{ ...nginx, readinessProbe: { tcpSocket: { port: "web" }, periodSeconds: 1 } }] });
  await world.pass(3 * SECOND);
  const ip = (name: string): string => world.get(name)!.status.podIP!;
  expect(events(world, "http")).toEqual([
    `Warning Unhealthy Readiness probe failed: Get "http://${ip("http")}:81/": dial tcp ${ip("http")}:81: connect: connection refused`,
  ]);
  expect(events(world, "tcp")).toEqual([
    `Warning Unhealthy Readiness probe failed: dial tcp ${ip("tcp")}:81: connect: connection refused`,
  ]);
  expect(events(world, "name")).toEqual([
    'Warning Unhealthy Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "web": invalid syntax',
  ]);
});

test("other probes wait until the startup probe has succeeded", async () => {
  const world = await TestNodes.boot();
  const probe = { exec: { command: ["cat", "/tmp/up"] }, periodSeconds: 2, failureThreshold: 3 };
  world.pod("slow", {
    containers: [{ ...sleeper, startupProbe: probe, livenessProbe: { exec: { command: ["false"] } } }],
  });
  await world.pass(5 * SECOND);
  expect(world.get("slow")!.status.containerStatuses![0]).toMatchObject({ started: false, ready: false });
  await world.pass(3 * SECOND);
  expect(events(world, "slow")).toEqual([
    "Warning Unhealthy Startup probe failed: cat: can't open '/tmp/up': No such file or directory\n",
    "Normal Killing Container c failed startup probe, will be restarted",
  ]);
});

test("initialDelaySeconds holds a probe back", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...nginx, readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 8 } }] });
  await world.pass(6 * SECOND);
  expect(world.containers("web")).toEqual(["c: running"]);
  await world.pass(4 * SECOND);
  expect(world.containers("web")).toEqual(["c: running, ready"]);
});

test("probes of a world at rest ask nothing, and notice when it stirs", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...nginx, readinessProbe: { httpGet: { port: 80 }, periodSeconds: 2 } }] });
  await world.pass(2 * MINUTE);
  expect(world.kernel.events().filter(({ periodic, kind }) => !periodic && kind.startsWith("kubelet/"))).toEqual([]);
  const asked = (): number => world.log("web").split("kube-probe").length - 1;
  const before = asked();
  await world.pass(5 * MINUTE);
  expect(asked()).toBe(before);
  const container = world.get("web")!.status.containerStatuses![0]!.containerID!.replace("containerd://", "");
  world.hosts.host(container)!.files.unlink("/usr/share/nginx/html/index.html");
  await world.pass(8 * SECOND);
  expect(world.containers("web")).toEqual(["c: running"]);
  expect(events(world, "web")).toEqual([
    "Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 403",
  ]);
});
