import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { parseTarget, type Pod, type ResourceRequirements } from "../../api/index.ts";
import { pods } from "../../kinds/index.ts";
import { ADMIN, TestNodes } from "../testing.ts";

const busybox = { name: "c", image: "busybox:1.36.1", command: ["sleep", "3600"] };
const small = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };

/** `kubectl patch --subresource resize` of the containers' resources; the error if it is refused. */
function resize(world: TestNodes, name: string, containers: readonly object[]): string {
  const answer = world.cluster.api.handle({
    ...parseTarget("PATCH", `/api/v1/namespaces/default/pods/${name}/resize`),
    accept: "",
    contentType: "application/strategic-merge-patch+json",
    userAgent: "kubectl",
    user: ADMIN,
    body: JSON.stringify({ spec: { containers } }),
  });
  const object = (answer as { object?: { kind?: string; message?: string } }).object;
  return object?.kind === "Status" ? object.message! : "";
}

interface Shown {
  readonly desired: ResourceRequirements;
  readonly allocated: unknown;
  readonly actual: unknown;
  readonly restarts: number;
  readonly conditions: readonly string[];
}

function shown(world: TestNodes, name: string): Shown {
  const { spec, status } = world.get(name) as Pod;
  const [container] = status.containerStatuses!;
  return {
    desired: spec.containers[0]!.resources,
    allocated: container!.allocatedResources,
    actual: container!.resources,
    restarts: container!.restartCount,
    conditions: status
      .conditions!.filter(({ type }) => type.startsWith("PodResize"))
      .map(({ type, status: truth, reason, message }) => [type, truth, reason, message].filter(Boolean).join(" ")),
  };
}

async function cgroup(world: TestNodes, pod: string): Promise<string> {
  const { out } = await world.exec(pod, ["cat", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/memory.max"]);
  return out;
}

test("resources change while the container runs: allocated, in progress, done; the cgroup follows", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...busybox, resources: small }] });
  await world.pass(3 * SECOND);
  expect(await cgroup(world, "web")).toBe("20000 100000\n134217728\n");
  const next = { requests: { cpu: "150m", memory: "64Mi" }, limits: { cpu: "300m", memory: "256Mi" } };
  expect(resize(world, "web", [{ name: "c", resources: next }])).toBe("");
  await world.pass(SECOND / 10);
  expect(shown(world, "web")).toEqual({
    desired: next,
    allocated: next.requests,
    actual: small,
    restarts: 0,
    conditions: ["PodResizeInProgress True"],
  });
  await world.pass(3 * SECOND);
  expect(shown(world, "web")).toEqual({
    desired: next,
    allocated: next.requests,
    actual: next,
    restarts: 0,
    conditions: [],
  });
  expect(await cgroup(world, "web")).toBe("30000 100000\n268435456\n");
  expect(world.get("web")!.metadata.generation).toBe(2);
});

test("a resource whose policy is RestartContainer restarts the container, which does not count as a crash", async () => {
  const world = await TestNodes.boot();
  const resizePolicy = [{ resourceName: "memory", restartPolicy: "RestartContainer" }];
  world.pod("web", { terminationGracePeriodSeconds: 1, containers: [{ ...busybox, resizePolicy, resources: small }] });
  await world.pass(3 * SECOND);
  const next = { ...small, limits: { cpu: "200m", memory: "96Mi" } };
  expect(resize(world, "web", [{ name: "c", resources: next }])).toBe("");
  await world.pass(6 * SECOND);
  expect(shown(world, "web")).toEqual({
    desired: next,
    allocated: small.requests,
    actual: next,
    restarts: 1,
    conditions: [],
  });
  expect(await cgroup(world, "web")).toBe("20000 100000\n100663296\n");
  expect(world.events("web")).toEqual([
    'Normal Pulled Container image "busybox:1.36.1" already present on machine',
    "Normal Created Created container: c",
    "Normal Started Started container c",
    "Normal Killing Container c resize requires restart",
  ]);
});

test("more than the node has is infeasible, more than is free is deferred until there is room", async () => {
  const world = await TestNodes.boot();
  const asks = (cpu: string): object => ({ requests: { cpu } });
  world.pod("web", { containers: [{ ...busybox, resources: asks("100m") }] });
  world.pod("big", { terminationGracePeriodSeconds: 1, containers: [{ ...busybox, resources: asks("1") }] });
  await world.pass(3 * SECOND);
  resize(world, "web", [{ name: "c", resources: asks("5") }]);
  await world.pass(3 * SECOND);
  expect(shown(world, "web")).toEqual({
    desired: asks("5"),
    allocated: { cpu: "100m" },
    actual: asks("100m"),
    restarts: 0,
    conditions: [
      "PodResizePending True Infeasible Node didn't have enough capacity: cpu, requested: 5000, capacity: 2000",
    ],
  });
  resize(world, "web", [{ name: "c", resources: asks("1") }]);
  await world.pass(3 * SECOND);
  const { conditions } = shown(world, "web");
  expect(conditions).toEqual([
    "PodResizePending True Deferred Node didn't have enough resource: cpu, requested: 1000, used: 1650, capacity: 2000",
  ]);
  world.admin.delete(pods, "default", "big");
  await world.pass(10 * SECOND);
  expect(shown(world, "web")).toEqual({
    desired: asks("1"),
    allocated: { cpu: "1" },
    actual: asks("1"),
    restarts: 0,
    conditions: [],
  });
});

test("what cannot be resized is refused in the server's words", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...busybox, resources: small }] });
  await world.pass(3 * SECOND);
  const because = (resources: object, more: object = {}): string =>
    resize(world, "web", [{ name: "c", resources, ...more }]).replace('Pod "web" is invalid: ', "");
  expect([
    because({ limits: { memory: "100Mi" } }),
    because({ requests: { memory: null } }),
    because({ limits: { cpu: "100m", memory: "128Mi" }, requests: { cpu: "100m", memory: "128Mi" } }),
    because({ requests: { "ephemeral-storage": "1Gi" } }),
    resize(world, "web", [{ name: "d", image: "x" }]),
    because({ requests: { cpu: "150m" } }, { image: "other" }),
  ]).toEqual([
    "spec.containers[0].resources.limits[memory]: Forbidden: memory limits cannot be decreased unless resizePolicy is RestartContainer",
    "",
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    "spec: Forbidden: only cpu and memory resources are mutable",
    'Pod "web" is invalid: spec.containers: Forbidden: containers may not be added or removed on resize',
    "",
  ]);
  expect(world.get("web")!.spec.containers[0]!.image).toBe("busybox:1.36.1");
});

test("a kubelet that was away resizes when it is back, without a restart; what does not fit stays pending with it", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...busybox, resources: small }] });
  world.pod("big", { containers: [{ ...busybox, resources: small }] });
  await world.pass(3 * SECOND);
  const huge = { requests: { cpu: "100", memory: "64Mi" }, limits: { cpu: "100", memory: "128Mi" } };
  expect(resize(world, "big", [{ name: "c", resources: huge }])).toBe("");
  await world.pass(3 * SECOND);
  const pending = shown(world, "big");
  expect(pending).toEqual({
    desired: huge,
    allocated: small.requests,
    actual: small,
    restarts: 0,
    conditions: [expect.stringMatching(/^PodResizePending True Infeasible Node didn't have enough capacity: cpu, /)],
  });
  world.stop("controlplane", "kubelet");
  const next = { requests: { cpu: "150m", memory: "64Mi" }, limits: { cpu: "300m", memory: "256Mi" } };
  expect(resize(world, "web", [{ name: "c", resources: next }])).toBe("");
  await world.pass(5 * SECOND);
  const before = { desired: next, allocated: small.requests, actual: small, restarts: 0, conditions: [] };
  expect(shown(world, "web")).toEqual(before);
  world.start("controlplane", "kubelet");
  await world.pass(15 * SECOND);
  expect(shown(world, "web")).toEqual({ ...before, allocated: next.requests, actual: next });
  expect(await cgroup(world, "web")).toBe("30000 100000\n268435456\n");
  expect(shown(world, "big")).toEqual(pending);
  expect(await cgroup(world, "big")).toBe("20000 100000\n134217728\n");
});
