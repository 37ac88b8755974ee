import { expect, test } from "vitest";
import { MINUTE, rfc3339Micro, SECOND } from "../../../kernel/index.ts";
import type { Lease, Node } from "../../api/index.ts";
import { TestNodes } from "../../kubelet/testing.ts";
import { apiServerId } from "./identity-lease.ts";

const LEASES = "/apis/coordination.k8s.io/v1/namespaces";

function read<T>(world: TestNodes, path: string): T {
  const answer = world.call(path);
  if (answer.kind !== "object" || answer.code !== 200) throw new Error(JSON.stringify(answer));
  return answer.object as T;
}

test("the API server has a Lease of its own, named by half a hash of its machine's name", async () => {
  const world = await TestNodes.boot();
  const { metadata, spec } = read<Lease>(world, `${LEASES}/kube-system/leases/${apiServerId("controlplane")}`);
  expect(metadata).toEqual({
    name: "apiserver-ivtlveyukuyrha5ia44unn7io4",
    namespace: "kube-system",
    uid: expect.any(String),
    resourceVersion: expect.any(String),
    creationTimestamp: expect.any(String),
    labels: { "apiserver.kubernetes.io/identity": "kube-apiserver", "kubernetes.io/hostname": "controlplane" },
  });
  expect(spec).toEqual({
    holderIdentity: expect.stringMatching(/^apiserver-ivtlveyukuyrha5ia44unn7io4_[0-9a-f-]{36}$/),
    leaseDurationSeconds: 3600,
    renewTime: expect.any(String),
  });
});

test("Leases are as if they had been renewed all the time, and conditions of nodes as if they had been posted", async () => {
  const world = await TestNodes.boot();
  const renewals = (): Record<string, string> =>
    Object.fromEntries(
      read<{ items: Lease[] }>(world, "/apis/coordination.k8s.io/v1/leases").items.map(({ metadata, spec }) => [
        metadata.name,
        spec.renewTime!,
      ]),
    );
  await world.pass(47 * MINUTE);
  const { now } = world.kernel;
  const ago = Object.fromEntries(
    Object.entries(renewals()).map(([name, time]) => [name, (now - Date.parse(time) * 1000) / SECOND]),
  );
  expect(Object.keys(ago)).toEqual([
    "controlplane",
    "apiserver-ivtlveyukuyrha5ia44unn7io4",
    "kube-controller-manager",
    "kube-scheduler",
  ]);
  for (const [name, seconds] of Object.entries(ago))
    expect(seconds, name).toBeLessThanOrEqual(name.startsWith("kube-") ? 2.001 : 10.001);
  const heartbeats = (): (string | null | undefined)[] =>
    read<Node>(world, "/api/v1/nodes/controlplane").status.conditions!.map((condition) => condition.lastHeartbeatTime);
  for (const time of heartbeats()) expect((now - Date.parse(time!) * 1000) / MINUTE).toBeLessThan(5.02);
  // Who has stopped renews nothing.
  world.stop("controlplane", "kubelet");
  const before = heartbeats();
  const { controlplane } = renewals();
  await world.pass(20 * SECOND);
  expect(renewals()["controlplane"]).toBe(controlplane);
  expect(controlplane! <= rfc3339Micro(now)).toBe(true);
  expect(heartbeats()).toEqual(before);
});
