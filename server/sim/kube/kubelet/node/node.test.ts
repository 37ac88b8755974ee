import { expect, test } from "vitest";
import { encode, SECOND } from "../../../kernel/index.ts";
import type { NodeCondition } from "../../api/index.ts";
import { leases, nodes } from "../../kinds/index.ts";
import { TestNodes, type NodeName } from "../testing.ts";

const BOTH = { nodes: ["controlplane", "node01"] } as const;
const nginx = { name: "c", image: "nginx:1.27.5" };

function ready(world: TestNodes, name: NodeName): Partial<NodeCondition> {
  const { status, reason, message } = world.admin
    .get(nodes, "", name)!
    .status.conditions!.find(({ type }) => type === "Ready")!;
  return { status, reason: reason!, message: message! };
}

test("a kubelet registers its node and makes its Lease", async () => {
  const world = await TestNodes.boot(BOTH);
  const { metadata, status } = world.admin.get(nodes, "", "node01")!;
  expect(metadata.labels).toEqual({
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": "node01",
    "kubernetes.io/os": "linux",
  });
  expect(status.addresses).toEqual([
    { type: "InternalIP", address: "172.30.1.3" },
    { type: "Hostname", address: "node01" },
  ]);
  expect(status.capacity).toEqual({
    cpu: "2",
    "ephemeral-storage": "19221248Ki",
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    memory: "4011612Ki",
    pods: "110",
  });
  expect(status.nodeInfo).toMatchObject({
    kubeletVersion: "v1.33.1",
    containerRuntimeVersion: "containerd://1.7.27",
    osImage: "Ubuntu 24.04.3 LTS",
  });
  expect(ready(world, "node01")).toEqual({
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
  });
  expect(world.admin.get(leases, "kube-node-lease", "node01")!.spec.holderIdentity).toBe("node01");
});

test("without a network configuration the node is not ready; host network Pods run all the same", async () => {
  const world = await TestNodes.boot({ withoutCni: true });
  expect(ready(world, "controlplane")).toEqual({
    status: "False",
    reason: "KubeletNotReady",
    message:
      "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
  });
  world.pod("own", { hostNetwork: true, containers: [{ ...nginx, ports: [{ containerPort: 80 }] }] });
  world.pod("web", { containers: [nginx] });
  await world.pass(3 * SECOND);
  expect(world.containers("own")).toEqual(["c: running, ready"]);
  expect(world.containers("web")).toEqual(["c: waiting ContainerCreating"]);
  expect(world.events("web")).toEqual([
    "Warning NetworkNotReady network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
  ]);
  const conflist = { name: "test", cniVersion: "1.0.0", plugins: [{ type: "testnet" }] };
  world.machine("controlplane").host.files.write("/etc/cni/net.d/10-test.conflist", encode(JSON.stringify(conflist)));
  await world.pass(3 * SECOND);
  expect(ready(world, "controlplane").status).toBe("True");
  expect(world.containers("web")).toEqual(["c: running, ready"]);
});

test("a kubelet that is stopped leaves its containers; its node is lost, and comes back", async () => {
  const world = await TestNodes.boot(BOTH);
  world.pod("web", { containers: [nginx] }, "node01");
  await world.pass(2 * SECOND);
  world.stop("node01", "kubelet");
  await world.pass(SECOND);
  expect(world.log("web")).toBe(
    'Get "https://172.30.1.3:10250/containerLogs/default/web/c": dial tcp 172.30.1.3:10250: connect: connection refused',
  );
  expect((await world.exec("web", ["true"])).status).toMatchObject({
    message: "error dialing backend: dial tcp 172.30.1.3:10250: connect: connection refused",
  });
  await world.pass(60 * SECOND);
  expect(ready(world, "node01")).toEqual({
    status: "Unknown",
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
  });
  expect(world.containers("web")).toEqual(["c: running, ready"]);
  world.start("node01", "kubelet");
  await world.pass(2 * SECOND);
  expect(ready(world, "node01").status).toBe("True");
  expect(world.containers("web")).toEqual(["c: running, ready"]);
});

test("what was deleted while its kubelet was away is stopped when it comes back", async () => {
  const world = await TestNodes.boot(BOTH);
  const { pods } = await import("../../kinds/index.ts");
  const { containerdOf } = await import("../index.ts");
  world.pod("web", { containers: [nginx] }, "node01");
  await world.pass(2 * SECOND);
  world.stop("node01", "kubelet");
  await world.pass(SECOND);
  world.admin.delete(pods, "default", "web", { gracePeriodSeconds: 0 });
  const running = (): number =>
    [...containerdOf(world.machine("node01")).containers.values()].filter(({ state }) => state === "running").length;
  expect(running()).toBe(1);
  world.start("node01", "kubelet");
  await world.pass(5 * SECOND);
  expect(running()).toBe(0);
  expect([...containerdOf(world.machine("node01")).sandboxes.keys()]).toEqual([]);
});

test("containerd that is stopped: the node is not ready, containers run on", async () => {
  const world = await TestNodes.boot(BOTH);
  world.pod("web", { containers: [nginx] }, "node01");
  await world.pass(2 * SECOND);
  world.stop("node01", "containerd");
  await world.pass(2 * SECOND);
  expect(ready(world, "node01")).toEqual({
    status: "False",
    reason: "KubeletNotReady",
    message: "container runtime is down",
  });
  world.start("node01", "containerd");
  await world.pass(2 * SECOND);
  expect(ready(world, "node01").status).toBe("True");
  expect(world.containers("web")).toEqual(["c: running, ready"]);
});
