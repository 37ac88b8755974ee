import { expect, test } from "vitest";
import type { Topology } from "../../../server/sessions/protocol/index.ts";
import { factsOf } from "./facts.ts";
import { edgesOf, keyOf, quietEdges, relatedTo, shownLinks, withoutSystem } from "./picture.ts";

const link = (name: string, more: Partial<Topology["machines"][number]["spaces"][number]["links"][number]> = {}) => ({
  name,
  kind: "card",
  up: true,
  addresses: [],
  to: "",
  peer: null,
  master: null,
  network: null,
  see: `ip -d addr show ${name}`,
  ...more,
});

const TOPOLOGY: Topology = {
  machines: [
    {
      name: "node01",
      kind: "node",
      status: "Ready",
      see: "kubectl describe node node01",
      spaces: [
        {
          name: "",
          links: [
            link("eth0", { network: "lan", addresses: ["10.0.0.1/24"], to: "network lan" }),
            link("cni0", { kind: "bridge" }),
            link("veth1", { kind: "veth", master: "cni0", peer: "pod:shop/cart-1" }),
            link("v0", { kind: "veth", peer: "node01/red/eth0" }),
          ],
          routes: ["default via 10.0.0.254 dev eth0"],
          forwards: true,
          see: "ip addr",
        },
        {
          name: "red",
          links: [link("eth0", { kind: "veth", peer: "node01//v0" })],
          routes: [],
          forwards: false,
          see: "",
        },
      ],
    },
  ],
  networks: [{ name: "lan", cards: ["node01 eth0"] }],
  cluster: {
    pods: ["shop/cart-1", "shop/client", "kube-system/coredns"].map((id) => ({
      id,
      node: "node01",
      status: "Running",
      ready: true,
      ip: "10.244.1.5",
      onHost: false,
      see: "",
    })),
    services: [
      {
        id: "shop/cart",
        type: "ClusterIP",
        address: "10.96.0.7",
        outside: [],
        ports: ["80→http/TCP"],
        endpoints: [{ pod: "shop/cart-1", address: "10.244.1.5", ready: false }],
        see: "kubectl -n shop get endpointslices -l kubernetes.io/service-name=cart",
      },
    ],
    policies: [
      {
        id: "shop/only-client",
        selects: ["shop/cart-1"],
        ingress: [{ words: "Pods with app=client of namespace shop", pods: ["shop/client"] }],
        egress: null,
        see: "",
      },
    ],
    ways: [
      {
        id: "shop/door",
        kind: "Ingress",
        by: "class nginx",
        addresses: [],
        rules: [{ match: "shop.example/", service: "shop/cart", port: "80" }],
        see: "",
      },
    ],
  },
  left: [],
};

test("a Service leads to its Pods, and what comes in by name leads to it", () => {
  const cart = keyOf.service("shop/cart");
  expect(edgesOf(TOPOLOGY, cart)).toEqual([
    { from: cart, to: "pod:shop/cart-1", look: "unready" },
    { from: "way:Ingress:shop/door", to: cart, look: "traffic" },
  ]);
  expect(relatedTo(TOPOLOGY, cart)).toEqual(new Set(["pod:shop/cart-1", "way:Ingress:shop/door"]));
  expect(quietEdges(TOPOLOGY)).toHaveLength(2);
});

test("a policy marks whom it selects and draws whom it lets in", () => {
  const policy = keyOf.policy("shop/only-client");
  expect(edgesOf(TOPOLOGY, policy)).toEqual([{ from: "pod:shop/client", to: "pod:shop/cart-1", look: "allowed" }]);
  expect(relatedTo(TOPOLOGY, policy)).toEqual(new Set(["pod:shop/client", "pod:shop/cart-1"]));
  expect(factsOf(TOPOLOGY, policy)!.rows).toEqual([
    ["Selects", ["shop/cart-1"]],
    ["Lets in", ["Pods with app=client of namespace shop"]],
  ]);
});

test("cables join cards and networks, ports and bridges, both ends of a veth; those to Pods are counted", () => {
  const wires = quietEdges({ ...TOPOLOGY, cluster: null }).map(({ from, to }) => `${from} ${to}`);
  expect(wires).toEqual([
    "link:node01//eth0 network:lan",
    "link:node01//veth1 link:node01//cni0",
    "link:node01//veth1 pod:shop/cart-1",
    "link:node01//v0 link:node01/red/eth0",
  ]);
  const { links, toPods } = shownLinks(TOPOLOGY.machines[0]!.spaces[0]!);
  expect([links.map(({ name }) => name), toPods]).toEqual([["eth0", "cni0", "v0"], 1]);
});

test("what a thing is, is told in rows, with the command that shows it; what is gone is nothing", () => {
  expect(factsOf(TOPOLOGY, keyOf.pod("shop/cart-1"))!.rows).toEqual([
    ["Status", ["Running, ready"]],
    ["Address", ["10.244.1.5"]],
    ["Node", ["node01"]],
    ["Services", ["shop/cart"]],
    ["Network policies", ["shop/only-client"]],
  ]);
  expect(factsOf(TOPOLOGY, keyOf.link("node01", "", "cni0"))).toEqual({
    kind: "bridge",
    name: "cni0",
    rows: [
      ["On", ["node01"]],
      ["State", ["up"]],
      ["Addresses", ["none"]],
      ["Ports", ["veth1"]],
    ],
    see: "ip -d addr show cni0",
  });
  expect(factsOf(TOPOLOGY, keyOf.pod("shop/gone"))).toBeUndefined();
});

test("Pods of the system are left out", () => {
  expect(withoutSystem(TOPOLOGY).cluster!.pods.map(({ id }) => id)).toEqual(["shop/cart-1", "shop/client"]);
});
