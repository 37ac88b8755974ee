import { expect, test } from "vitest";
import { presetWorld } from "../../../server/sessions/actor/presets.ts";
import type { World } from "../../../server/sim/world/index.ts";
import { runCommand, Scene } from "../../../grader/index.ts";
import { applyFault, Fault } from "../index.ts";

const TIME = 60_000;

async function sh(world: World, on: string, command: string): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(world, new Scene(world).machine(on), command);
  return `${stdout}${stderr}${exitCode === 0 ? "" : `[${exitCode}]`}`;
}

test("a node port of the node is silent to others, and answers on the node itself", { timeout: TIME }, async () => {
  const world = (await presetWorld("kubeadm")).fork({ seed: 1 });
  await sh(
    world,
    "controlplane",
    "kubectl create deployment web --image=hashicorp/http-echo:1.0; kubectl create service nodeport web --tcp=80:5678 --node-port=30080",
  );
  await world.settle();
  const comment = "closed, see ticket 4711";
  await applyFault(world, Fault.parse({ "node-port-firewall": { on: "node01", ports: "30000:32767", comment } }));
  expect(await sh(world, "node01", "iptables -t mangle -S PREROUTING")).toBe(
    `-P PREROUTING ACCEPT\n-A PREROUTING -i eth0 -p tcp -m tcp --dport 30000:32767 -m comment --comment "${comment}" -j DROP\n`,
  );
  const curl = "curl -sS -m 1 http://172.30.2.2:30080/";
  expect(await sh(world, "outside", curl)).toMatch(/^curl: \(28\) .*\[28\]$/s);
  expect(await sh(world, "controlplane", curl)).toMatch(/^curl: \(28\) .*\[28\]$/s);
  expect(await sh(world, "node01", curl)).toBe("hello-world\n");
  expect(await sh(world, "outside", "curl -sS -m 1 http://172.30.1.2:30080/")).toBe("hello-world\n");
});

test("a machine that is not there", { timeout: TIME }, async () => {
  const world = (await presetWorld("kubeadm")).fork({ seed: 1 });
  const fault = Fault.parse({ "node-port-firewall": { on: "node02", ports: "30080" } });
  await expect(applyFault(world, fault)).rejects.toThrow('this lab has no machine "node02"');
});

test.each([
  { on: "node01", ports: "all" },
  { on: "node01", ports: "30080", comment: "it's closed" },
  { on: "node01", ports: "30080", protocol: "icmp" },
  { on: "node01", ports: "30080", port: 1 },
])("parameters that make no rule: %j", (parameters) => {
  expect(Fault.safeParse({ "node-port-firewall": parameters }).success).toBe(false);
});
