import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../../kernel/index.ts";
import { bringDown, bringUp, findLink, hostNamespace, writeSysctl, type Namespace } from "../../net/index.ts";
import type { Pod } from "../api/index.ts";
import { pods } from "../kinds/index.ts";
import { TestNodes } from "../kubelet/testing.ts";

type Machine = "controlplane" | "node01";

function namespaceOf(world: TestNodes, machine: Machine): Namespace {
  return hostNamespace(world.machine(machine).host);
}

/** How many packets the control plane's machine sends itself in eight seconds, while the network of a machine changes. */
async function asked(world: TestNodes, changing: Machine): Promise<number> {
  const ns = namespaceOf(world, "controlplane");
  const { index } = findLink(ns, "lo")!;
  const before = ns.linkCounters.get(index)!.txPackets;
  for (let ttl = 65; ttl < 81; ttl++) {
    writeSysctl(namespaceOf(world, changing), "net/ipv4/ip_default_ttl", String(ttl));
    await world.pass(SECOND / 2);
  }
  return ns.linkCounters.get(index)!.txPackets - before;
}

test("what a control plane says to itself is asked again when its own machine changes, not for changes elsewhere", async () => {
  const world = await TestNodes.boot({ nodes: ["controlplane", "node01"] });
  await world.pass(MINUTE);
  const elsewhere = await asked(world.fork(), "node01");
  const here = await asked(world, "controlplane");
  // What is left are probes.
  expect(elsewhere).toBeLessThan(here / 3);
});

test("a control plane whose loopback goes down is cut off within a second, and goes on once it is up", async () => {
  const world = await TestNodes.boot();
  await world.pass(MINUTE);
  const ns = namespaceOf(world, "controlplane");
  const { index } = findLink(ns, "lo")!;
  const spec = { containers: [{ name: "c", image: "nginx:1.27.5" }] };
  const create = (): Pod => world.admin.create(pods, { metadata: { name: "web", namespace: "default" }, spec });
  bringDown(ns, index);
  await world.pass(SECOND);
  expect(create).toThrow("etcdserver: request timed out");
  bringUp(ns, index);
  create();
  await world.until(() => world.get("web")!.spec.nodeName !== undefined);
  expect(world.get("web")!.spec.nodeName).toBe("controlplane");
});
