import { expect, test, vi } from "vitest";
import type { FromWorker } from "../../protocol/index.ts";
import { presetWorld } from "../presets.ts";
import { Rig } from "../testing.ts";
import { topologyOf } from "./index.ts";

vi.setConfig({ testTimeout: 120_000 });

type Posted = Extract<FromWorker, { kind: "topology" }>["topology"];

function drawn(rig: Rig): Posted[] {
  return rig.posted.flatMap((message) => (message.kind === "topology" ? [message.topology] : []));
}

test("the topology is posted when it is wanted, again when the world changes, and not when it is wanted no more", async () => {
  const rig = new Rig();
  const { lab } = await rig.open("a");
  const ns = /namespace `(\w+)`/.exec(lab.tasks[0]!.prompt)![1]!;
  await rig.terminal("a");
  expect(drawn(rig)).toEqual([]);
  rig.send({ kind: "topology", session: "a", on: true });
  const [first] = drawn(rig);
  expect(first!.machines.map(({ name, kind, status }) => [name, kind, status])).toEqual([
    ["router", "device", null],
    ["internet", "device", null],
    ["outside", "host", null],
    ["controlplane", "node", "Ready"],
    ["node01", "node", "Ready"],
  ]);
  const cart = first!.cluster!.services.find(({ id }) => id === `${ns}/cart`)!;
  expect(cart).toMatchObject({ type: "ClusterIP", endpoints: [], see: expect.stringContaining(`kubectl -n ${ns} `) });
  const pods = first!.cluster!.pods.filter(({ id }) => id.startsWith(`${ns}/cart-`));
  expect(pods.length).toBeGreaterThan(0);
  for (const pod of pods) expect(pod).toMatchObject({ node: "node01", status: "Running", ready: true, onHost: false });

  await rig.pass(60_000);
  expect(drawn(rig)).toHaveLength(1);
  await rig.type("a", 1, `kubectl -n ${ns} patch svc cart --type merge -p '{"spec":{"selector":{"app":"cart"}}}'\r`);
  await rig.type("a", 1, "ip netns add red\r");
  const last = drawn(rig).at(-1)!;
  const endpoints = last.cluster!.services.find(({ id }) => id === `${ns}/cart`)!.endpoints;
  expect(new Set(endpoints.map(({ pod }) => pod))).toEqual(new Set(pods.map(({ id }) => id)));
  const controlplane = last.machines.find(({ name }) => name === "controlplane")!;
  expect(controlplane.spaces.map(({ name, see }) => [name, see])).toEqual([
    ["", "ip addr"],
    ["red", "ip netns exec red ip addr"],
  ]);
  const count = drawn(rig).length;
  expect(count).toBeLessThan(20);

  rig.send({ kind: "topology", session: "a", on: false });
  await rig.type("a", 1, "ip netns add blue\r");
  expect(drawn(rig)).toHaveLength(count);
  // Nobody looks: nothing waits.
  await rig.pass(10_000);
  const timers = rig.wall.timers;
  rig.send({ kind: "topology", session: "a", on: true });
  rig.send({ kind: "close", session: "a" });
  expect(rig.wall.timers).toBeLessThanOrEqual(timers);
});

test("what a NetworkPolicy selects and lets in is named, rule by rule", async () => {
  const rig = new Rig();
  const { lab } = await rig.open("a");
  const ns = /namespace `(\w+)`/.exec(lab.tasks[0]!.prompt)![1]!;
  await rig.terminal("a");
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "only-cart", namespace: ns },
    spec: {
      podSelector: {},
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "cart" } } }], ports: [{ port: 80 }] }],
    },
  };
  await rig.type("a", 1, `kubectl apply -f - <<< '${JSON.stringify(policy)}'\r`);
  rig.send({ kind: "topology", session: "a", on: true });
  const { pods, policies } = drawn(rig)[0]!.cluster!;
  const own = pods.filter(({ id }) => id.startsWith(`${ns}/`)).map(({ id }) => id);
  const carts = own.filter((id) => id.startsWith(`${ns}/cart-`));
  expect(policies).toEqual([
    {
      id: `${ns}/only-cart`,
      selects: own,
      ingress: [{ words: `Pods with app=cart of namespace ${ns} on TCP 80`, pods: carts }],
      egress: null,
      see: `kubectl -n ${ns} describe networkpolicy only-cart`,
    },
  ]);
});

test("a world without Kubernetes has machines, their links and the networks between them", async () => {
  const { machines, networks, cluster, left } = topologyOf(await presetWorld("linux"));
  expect(cluster).toBeNull();
  expect(left).toEqual([]);
  expect(networks).toEqual([{ name: "lan", cards: ["router eth0", "linux eth0", "outside eth0"] }]);
  expect(machines.find(({ name }) => name === "linux")).toEqual({
    name: "linux",
    kind: "host",
    status: null,
    see: "ip addr",
    spaces: [
      {
        name: "",
        links: [
          {
            name: "eth0",
            kind: "card",
            up: true,
            addresses: ["192.168.56.11/24"],
            to: "network lan",
            peer: null,
            master: null,
            network: "lan",
            see: "ip -d addr show eth0",
          },
        ],
        routes: [
          "default via 192.168.56.1 dev eth0",
          "192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11",
        ],
        forwards: false,
        see: "ip addr",
      },
    ],
  });
});
