import { expect, test } from "vitest";
import { SECOND } from "../kernel/index.ts";
import { removeNamespace } from "./lifecycle.ts";
import { setMaster } from "./link/bridge.ts";
import { createLink } from "./link/create.ts";
import { addRoute } from "./route/table.ts";
import { getRoute } from "./route/get.ts";
import { addressText, ipv4 } from "./ip.ts";
import {
  bridge,
  cluster,
  give,
  iptables,
  linkNamed,
  machine,
  must,
  pod,
  route,
  sysctl,
  testNetwork,
  up,
} from "./testing.ts";
import { ping } from "./transport/ping.ts";

test("a hundred and fifty Pods on a bridge reach each other, and leave nothing behind", () => {
  const network = testNetwork();
  const node = machine(network, "node");
  bridge(node, "cni0", { address: "10.244.0.1/16" });
  const before = network.kernel.state.names().length;
  const pods = Array.from({ length: 150 }, (_, at) =>
    pod(node, `p${at}`, { address: `10.244.${at >> 7}.${2 + (at & 127)}/16`, bridge: "cni0" }),
  );
  expect(ping(pods[0]!, { to: "10.244.1.23", id: 1, seq: 1 }).outcome).toBe("answered");
  for (const ns of pods) removeNamespace(network, ns.id);
  expect([...node.links.values()].map((link) => link.name)).toEqual(["lo", "cni0"]);
  // The bridge has learned something meanwhile.
  expect(network.kernel.state.names().length - before).toBeLessThan(4);
});

test("ten thousand routes: each is found, and adding them is not slower for it", () => {
  const ns = machine(testNetwork(), "host");
  must(createLink(ns, { kind: "dummy", name: "eth1" }));
  up(ns, "eth1");
  give(ns, "eth1", "10.0.0.1/24");
  const link = linkNamed(ns, "eth1").index;
  for (let at = 0; at < 10_000; at++) {
    const to = `${addressText(ipv4("20.0.0.0") + at * 256)}/24`;
    must(addRoute(ns, { to, hops: [{ link, via: `10.0.0.${2 + (at % 200)}` }] }));
  }
  const found = getRoute(ns, { destination: ipv4("20.39.15.77") });
  expect(typeof found === "string" ? found : [found.row.to, addressText(found.via!)]).toEqual([
    "20.39.15.0/24",
    "10.0.0.201",
  ]);
});

test("rows are limited, and more of them an ordinary error", () => {
  const ns = machine(testNetwork(), "host");
  must(createLink(ns, { kind: "dummy", name: "eth1" }));
  up(ns, "eth1");
  const link = linkNamed(ns, "eth1").index;
  let errno: string | undefined;
  for (let at = 0; errno === undefined && at < 20_000; at++) {
    const result = addRoute(ns, { to: `${addressText(ipv4("20.0.0.0") + at)}/32`, hops: [{ link }] });
    if (!result.ok) errno = result.errno;
  }
  expect([errno, ns.routes.size]).toEqual(["ENOBUFS", ns.kernel.limits.networkRows]);
});

test("routers that send a packet in a circle end it by its time to live", () => {
  const { nodes, network } = cluster();
  const client = machine(network, "client", { segment: "lan", address: "192.168.56.99/24" });
  route(client, "default via 192.168.56.11");
  route(nodes[0], "99.0.0.0/8 via 192.168.56.12");
  route(nodes[1], "99.0.0.0/8 via 192.168.56.11");
  const { outcome, trace, reply } = ping(client, { to: "99.1.1.1", id: 1, seq: 1 });
  expect([outcome, trace.hops.length > 100, reply?.icmpType]).toEqual(["ttl exceeded", true, 11]);
});

test("two veths between two bridges are a circle: questions end, unknown addresses drown", () => {
  const network = testNetwork();
  const node = machine(network, "node");
  for (const name of ["br0", "br1"]) bridge(node, name);
  for (const name of ["a", "b"]) {
    must(createLink(node, { kind: "veth", name: `${name}0`, peer: { name: `${name}1` } }));
    for (const at of [0, 1]) {
      must(setMaster(node, linkNamed(node, `${name}${at}`).index, linkNamed(node, `br${at}`).index));
      up(node, `${name}${at}`);
    }
  }
  const one = pod(node, "one", { address: "10.0.0.2/24", bridge: "br0" });
  pod(node, "two", { address: "10.0.0.3/24", bridge: "br1" });
  expect(ping(one, { to: "10.0.0.4", id: 1, seq: 1 }).outcome).toBe("host unreachable");
  const outcome = ping(one, { to: "10.0.0.3", id: 1, seq: 1 });
  expect(["answered", "no answer"]).toContain(outcome.outcome);
});

test("scanning a network does not fill the neighbour table", () => {
  const network = testNetwork();
  const ns = machine(network, "host", { segment: "lan", address: "10.0.0.1/8" });
  for (let at = 2; at < 3000; at++) ping(ns, { to: addressText(ipv4("10.0.0.0") + at), id: 1, seq: 1, tracing: false });
  expect(ns.neighboursLearned.size).toBe(1024);
});

test("a full table of connections drops what is new, until old ones expire", () => {
  const network = testNetwork();
  const router = machine(network, "router");
  const [one] = [1, 2].map((at) => {
    const ns = pod(router, `p${at}`, { address: `10.${at}.0.2/24`, gateway: `10.${at}.0.1` });
    give(router, `veth-p${at}`, `10.${at}.0.1/24`);
    return ns;
  });
  sysctl(router, "net.ipv4.ip_forward", 1);
  iptables(router, "-A FORWARD -m conntrack --ctstate INVALID -j DROP");
  sysctl(router, "net.netfilter.nf_conntrack_max", 3);
  const echo = (id: number): string => {
    const { outcome, by } = ping(one!, { to: "10.2.0.2", id, seq: 1 });
    return outcome === "answered" ? outcome : by.what;
  };
  expect([1, 2, 3, 4, 2].map(echo)).toEqual([
    "answered",
    "answered",
    "answered",
    "nf_conntrack: table full, dropping packet",
    "answered",
  ]);
  network.kernel.advance(network.kernel.now + 31 * SECOND);
  expect(echo(4)).toBe("answered");
});

test("a thousand namespaces on one bridge: the first reaches the last, and one question is heard by each once", () => {
  const network = testNetwork();
  const node = machine(network, "node");
  bridge(node, "br0", { address: "10.0.0.1/16" });
  const all = Array.from({ length: 1000 }, (_, at) =>
    pod(node, `p${at}`, { address: `10.0.${1 + (at >> 8)}.${at & 255}/16`, bridge: "br0" }),
  );
  const { outcome } = ping(all[0]!, { to: "10.0.4.231", id: 1, seq: 1, tracing: false });
  const received = all.map((ns) => ns.linkCounters.get(linkNamed(ns, "eth0").index)?.rxPackets ?? 0);
  // Each hears the question; the first its answer and the reply, the last the request.
  expect([outcome, received[0], received[500], received[999]]).toEqual(["answered", 2, 1, 2]);
}, 60_000);
