import { expect, test } from "vitest";
import { SECOND } from "../../kernel/index.ts";
import { pods } from "../kinds/index.ts";
import { TestNodes } from "./testing.ts";

test("a control plane comes up from its manifests", async () => {
  const world = await TestNodes.boot();
  const shown = world.admin
    .list(pods)
    .map(({ metadata, status }) => `${metadata.name} ${status.phase} ${status.podIP}`);
  expect(shown).toEqual([
    "etcd-controlplane Running 172.30.1.2",
    "kube-apiserver-controlplane Running 172.30.1.2",
    "kube-controller-manager-controlplane Running 172.30.1.2",
    "kube-scheduler-controlplane Running 172.30.1.2",
  ]);
});

test("a Pod of the API runs in a network of its own", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ name: "nginx", image: "nginx:1.27.5" }] });
  await world.pass(2 * SECOND);
  expect(world.events("web")).toEqual([
    'Normal Pulled Container image "nginx:1.27.5" already present on machine',
    "Normal Created Created container: nginx",
    "Normal Started Started container nginx",
  ]);
  const { phase, podIP, containerStatuses } = world.get("web")!.status;
  expect([phase, podIP?.split(".").slice(0, 3).join("."), containerStatuses![0]!.ready]).toEqual([
    "Running",
    "10.244.0",
    true,
  ]);
});
