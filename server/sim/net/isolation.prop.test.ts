import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SECOND } from "../kernel/index.ts";
import { restoreTestKernel } from "../kernel/testing.ts";
import { removeNamespace } from "./lifecycle.ts";
import { findLink } from "./link/links.ts";
import { bringDown, bringUp } from "./link/state.ts";
import type { Namespace } from "./namespace.ts";
import { Network } from "./network.ts";
import { restoreRules } from "./netfilter/restore.ts";
import { saveRules } from "./netfilter/save.ts";
import { writeSysctl } from "./sysctl/sysctl.ts";
import { cluster, clusterPod, iptables, listen } from "./testing.ts";
import { connect } from "./transport/connect.ts";
import { exchange } from "./transport/exchange.ts";
import { ping } from "./transport/ping.ts";
import { showNeighbours } from "./walk/neighbours.ts";

const RULES = readFileSync(new URL("netfilter/fixtures/kube-proxy.rules", import.meta.url), "utf8");
/** Service, endpoints, a Pod of the other node, the nodes, the world, nobody. */
const ADDRESSES = [
  "10.103.45.120",
  "10.244.0.2",
  "10.244.0.3",
  "10.244.1.4",
  "192.168.56.11",
  "203.0.113.9",
  "10.244.1.99",
];
const LINES = [
  "-A FORWARD -s 10.244.1.4 -j DROP",
  "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset",
  "-I INPUT -m statistic --mode random --probability 0.5 -j DROP",
  "-A FORWARD -m limit --limit 1/second --limit-burst 2 -j RETURN",
  "-t nat -A POSTROUTING -s 10.244.0.0/16 -j MASQUERADE",
  "-t nat -F KUBE-SERVICES",
  "-F FORWARD",
];

const node = fc.nat(1);
const who = fc.nat(4);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("ping" as const), who, to: fc.constantFrom(...ADDRESSES) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("talk" as const), who, to: fc.constantFrom(...ADDRESSES) }) },
  fc.record({ do: fc.constant("rule" as const), node, line: fc.constantFrom(...LINES) }),
  fc.record({
    do: fc.constant("link" as const),
    node,
    name: fc.constantFrom("cni0", "flannel.1", "eth0", "veth-web-a"),
    up: fc.boolean(),
  }),
  fc.record({
    do: fc.constant("sysctl" as const),
    node,
    name: fc.constantFrom("net/ipv4/ip_forward", "net/ipv4/conf/all/rp_filter", "net/bridge/bridge-nf-call-iptables"),
    value: fc.nat(1),
  }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 3, 31, 200) }),
  fc.record({ do: fc.constant("remove" as const), who: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ do: fc.constant("look" as const), who }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function build(): Network {
  const world = cluster();
  const pods = [clusterPod(world, 0, "web-a", 2), clusterPod(world, 0, "web-b", 3), clusterPod(world, 1, "far", 4)];
  for (const pod of pods) listen(pod, 80, { application: "who" });
  for (const one of world.nodes) expect(restoreRules(one, RULES)).toBeUndefined();
  return bind(world.network);
}

/** Views and caches of its own on a world that was forked or restored. */
function bind(network: Network): Network {
  network.serve("who", { stream: { receive: (bytes, { ns }) => ({ bytes: `${ns.title}: ${bytes}`, close: "fin" }) } });
  return network;
}

/** Does the steps; everything that there is to be seen. */
function act(network: Network, steps: readonly Step[]): unknown[] {
  const { kernel } = network;
  const nodes = ["controlplane", "node01"].map((id) => network.namespace(id));
  const ids = ["controlplane", "node01", "controlplane:2", "controlplane:3", "node01:2"];
  return steps.map((next) => {
    if ("who" in next) {
      const ns = network.find(ids[next.who]!);
      return ns && actIn(network, ns, next);
    }
    if (next.do === "wait") return kernel.advance(kernel.now + next.seconds * SECOND);
    const ns = nodes[next.node]!;
    if (next.do === "rule") return iptables(ns, next.line);
    if (next.do === "sysctl") return writeSysctl(ns, next.name, String(next.value));
    const link = findLink(ns, next.name);
    if (!link) return undefined;
    return next.up ? bringUp(ns, link.index) : bringDown(ns, link.index);
  });
}

function actIn(network: Network, ns: Namespace, next: Extract<Step, { who: number }>): unknown {
  if (next.do === "remove") return removeNamespace(network, ns.id);
  if (next.do === "look") return [saveRules(ns, { counters: true }), showNeighbours(ns)];
  if (next.do === "ping") {
    const { outcome, errno, latency, trace } = ping(ns, { to: next.to, id: 1, seq: 1 });
    return [outcome, errno, latency, JSON.stringify(trace)];
  }
  const { outcome, errno, latency, trace, connection } = connect(ns, { to: next.to, port: 80 });
  const opened = [outcome, errno, latency, JSON.stringify(trace)];
  if (outcome !== "connected") {
    connection?.close();
    return opened;
  }
  const { bytes, outcome: end } = exchange(connection!, "hello", (_, ended) => ended);
  connection!.close();
  return [...opened, bytes, end];
}

const steps = fc.array(step, { maxLength: 15 });
const text = ({ kernel }: Network): string => JSON.stringify(kernel.snapshot());
const settings = { numRuns: 40, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false };

test("what happens in a fork leaves its parent alone, and happens there in the same way", () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const parent = build();
      act(parent, before);
      const saved = text(parent);
      const fork = bind(new Network(parent.kernel.fork()));
      const inFork = act(fork, after);
      expect(text(parent)).toBe(saved);
      const forked = fork.kernel.snapshot();
      expect(act(parent, after)).toEqual(inFork);
      expect(parent.kernel.snapshot()).toEqual(forked);
      expect(fork.kernel.snapshot()).toEqual(forked);
    }),
    settings,
  );
});

test("a world that was saved as JSON goes on as the one that was not", () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const network = build();
      act(network, before);
      const restored = bind(new Network(restoreTestKernel(network.kernel.snapshot())));
      expect(act(restored, after)).toEqual(act(network, after));
      expect(restored.kernel.snapshot()).toEqual(network.kernel.snapshot());
    }),
    settings,
  );
});
