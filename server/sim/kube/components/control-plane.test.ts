import { expect, test } from "vitest";
import { decode, MINUTE, SECOND } from "../../kernel/index.ts";
import { clusterRoleBindings, limitRanges, pods, replicaSets, roleBindings } from "../kinds/index.ts";
import { TestNodes } from "../kubelet/testing.ts";

const MANIFEST = "/etc/kubernetes/manifests/kube-scheduler.yaml";

/** The log of the scheduler's container, without klog's head; `previous` of the one before. */
function log(world: TestNodes, previous = false, component = "kube-scheduler"): string[] {
  const query = previous ? "?previous=true" : "";
  const answer = world.call(`/api/v1/namespaces/kube-system/pods/${component}-controlplane/log${query}`);
  if (answer.kind !== "bytes") return [];
  let text = "";
  answer.stream.start(
    (bytes) => (text += bytes),
    () => {},
  );
  return decode(text)
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\w+ \S+ +\d+ /, ""));
}

/** Another manifest: a new Pod. */
function restart(world: TestNodes): void {
  const manifest = world.machine("controlplane").host.files.read(MANIFEST);
  world.write("controlplane", MANIFEST, manifest.replace("bind-address=127.0.0.1", "bind-address=0.0.0.0"));
}

const refused = (kind: string, resource: string): string => {
  const words = `failed to list *v1.${kind}: ${resource} is forbidden: User "system:kube-scheduler" cannot list resource "${resource}" in API group "" at the cluster scope`;
  return `reflector.go:200] "Failed to watch" err=${JSON.stringify(words)} logger="UnhandledError" reflector="k8s.io/client-go/informers/factory.go:160" type="*v1.${kind}"`;
};

test("a scheduler that starts without the right to list finds no node for anybody until it has it", async () => {
  const world = await TestNodes.boot();
  const binding = world.admin.get(clusterRoleBindings, "", "system:kube-scheduler")!;
  world.admin.delete(clusterRoleBindings, "", "system:kube-scheduler");
  restart(world);
  await world.until(() => world.get("kube-scheduler-controlplane", "kube-system") === undefined);
  await world.until(() => log(world).some((line) => line.startsWith("reflector.go")));
  // Its rights to volumes come from another role.
  expect(log(world).filter((line) => line.startsWith("reflector.go"))).toEqual([
    refused("Pod", "pods"),
    refused("Node", "nodes"),
  ]);
  const spec = { containers: [{ name: "c", image: "nginx:1.27.5" }] };
  world.admin.create(pods, { metadata: { name: "web", namespace: "default" }, spec });
  await world.pass(10 * SECOND);
  expect(world.get("web")!.spec.nodeName).toBeUndefined();
  const { resourceVersion: _, uid: __, ...metadata } = binding.metadata;
  world.admin.create(clusterRoleBindings, { ...binding, metadata });
  await world.pass(MINUTE);
  expect(world.get("web")!.spec.nodeName).toBe("controlplane");
});

test("who loses the right to its Lease ends after ten seconds, and does not lead again", async () => {
  const world = await TestNodes.boot();
  world.admin.delete(clusterRoleBindings, "", "system:kube-scheduler");
  world.admin.delete(roleBindings, "kube-system", "system::leader-locking-kube-scheduler");
  await world.pass(15 * SECOND);
  const may = (verb: string): string =>
    `leases.coordination.k8s.io "kube-scheduler" is forbidden: User "system:kube-scheduler" cannot ${verb} resource "leases" in API group "coordination.k8s.io" in the namespace "kube-system"`;
  const unread = `leaderelection.go:436] error retrieving resource lock kube-system/kube-scheduler: ${may("get")}`;
  const tries = Array.from({ length: 5 }, () => [
    `leaderelection.go:429] Failed to update lock optimistically: ${may("update")}, falling back to slow path`,
    unread,
  ]);
  expect(log(world, true).slice(6)).toEqual([
    ...tries.flat(),
    "leaderelection.go:297] failed to renew lease kube-system/kube-scheduler: timed out waiting for the condition",
    'server.go:310] "Leaderelection lost"',
  ]);
  expect(log(world).at(-1)).toBe(unread);
});

test("who leads says so in its log, and the controller manager tells there of what it is refused", async () => {
  const world = await TestNodes.boot();
  for (const component of ["kube-scheduler", "kube-controller-manager"])
    expect(log(world, false, component).slice(-2)).toEqual([
      `leaderelection.go:257] attempting to acquire leader lease kube-system/${component}...`,
      `leaderelection.go:271] successfully acquired lease kube-system/${component}`,
    ]);
  const max = { cpu: "100m" };
  const metadata = { name: "small", namespace: "default" };
  world.admin.create(limitRanges, { metadata, spec: { limits: [{ type: "Container", max, default: max }] } });
  const labels = { app: "web" };
  const resources = { limits: { cpu: "1" } };
  world.admin.create(replicaSets, {
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx:1.27.5", resources }] } },
    },
  });
  await world.pass(SECOND);
  const told = log(world, false, "kube-controller-manager").filter((line) => line.startsWith("replica_set.go"));
  expect(told.length).toBeGreaterThan(1);
  for (const line of told)
    expect(line.replace(/web-\w{5}/, "web-x")).toBe(
      `replica_set.go:562] "Unhandled Error" err=${JSON.stringify(`sync "default/web" failed with pods "web-x" is forbidden: maximum cpu usage per Container is 100m, but limit is 1`)} logger="UnhandledError"`,
    );
});
