import { beforeEach, describe, expect, test } from "vitest";
import {
  connect,
  exchange,
  exchangeDatagram,
  ping,
  walk,
  tcpPacket,
  address,
  type Namespace,
} from "../../../../net/index.ts";
import { cluster, clusterPod, listen, type Cluster } from "../../../../net/testing.ts";
import type { EndpointSlice, Service } from "../../../api/index.ts";
import { FULL, service, slice, tell } from "../testing.ts";
import { NftablesProxier, type NftablesSettings } from "./proxier.ts";

let world: Cluster;
let near: Namespace;
let far: Namespace;

const SETTINGS: NftablesSettings = {
  masqueradeAll: false,
  detector: { local: "ip saddr 10.244.0.0/16", notLocal: "ip saddr != 10.244.0.0/16" },
  nodeIP: "192.168.56.11",
  masqueradeMark: 0x4000,
  nodePortAddresses: [],
};

/** On both nodes, each with its own name and address. */
function sync(objects: readonly (Service | EndpointSlice)[], settings: Partial<NftablesSettings> = {}): void {
  for (const [at, ns] of world.nodes.entries()) {
    const nodeIP = `192.168.56.${11 + at}`;
    const proxier = new NftablesProxier({ ...SETTINGS, nodeIP, nodePortAddresses: [`${nodeIP}/32`], ...settings });
    proxier.serviceCIDRs = ["10.96.0.0/12"];
    tell(proxier, objects.map((object) => ("spec" in object ? object : named(object, at)))); // prettier-ignore
    expect(proxier.sync(ns, FULL).problem).toBeUndefined();
  }
}

/** Endpoints of `n0` and `n1` as the node of that number sees them: its own are on `node01` (testing.ts). */
function named(object: EndpointSlice, at: number): EndpointSlice {
  const endpoints = object.endpoints!.map((one) => ({
    ...one,
    nodeName: one.nodeName === `n${at}` ? "node01" : "other",
  }));
  return { ...object, endpoints };
}

beforeEach(() => {
  world = cluster();
  near = clusterPod(world, 0, "near", 2);
  far = clusterPod(world, 1, "far", 3);
  for (const ns of [near, far]) {
    listen(ns, 8080, { application: "name" });
    listen(ns, 8080, { application: "name", protocol: "udp" });
  }
  world.network.serve("name", {
    stream: { receive: (_, { ns, remote }) => ({ bytes: `${ns.title} heard ${remote.address}`, close: "fin" }) },
    datagram: (bytes, { ns }) => [{ bytes: `${ns.title} heard ${bytes}` }],
  });
});

function ask(from: Namespace, to: string, port: number): string {
  const { outcome, connection, errno } = connect(from, { to, port });
  if (!connection || outcome !== "connected") {
    connection?.close();
    return errno ?? outcome;
  }
  const { bytes } = exchange(connection, "hello", (_, ended) => ended);
  connection.close();
  return bytes;
}

const PORT = { port: 80, targetPort: 8080, nodePort: 30080 };
const BOTH = slice("default/web", [
  { ip: "10.244.0.2", node: "n0" },
  { ip: "10.244.1.3", node: "n1" },
], [{ port: 8080 }]); // prettier-ignore
const FAR = slice("default/web", [{ ip: "10.244.1.3", node: "n1" }], [{ port: 8080 }]);
const NEAR = slice("default/web", [{ ip: "10.244.0.2", node: "n0" }], [{ port: 8080 }]);

describe("a NodePort", () => {
  const web = (spec: Partial<Service["spec"]> = {}) =>
    service("default/web", { type: "NodePort", clusterIP: "10.96.5.5", ports: [PORT], ...spec });

  test("answers everywhere from an endpoint anywhere, masqueraded", () => {
    sync([web(), FAR]);
    expect(ask(world.outside, "192.168.56.11", 30080)).toBe("Pod far heard 10.244.0.0");
    expect(ask(world.outside, "192.168.56.12", 30080)).toBe("Pod far heard 10.244.1.1");
  });

  test("with policy Local answers where an endpoint is, keeps the source, and is silent elsewhere", () => {
    sync([web({ externalTrafficPolicy: "Local" }), FAR]);
    expect(ask(world.outside, "192.168.56.12", 30080)).toBe("Pod far heard 203.0.113.9");
    expect(ask(world.outside, "192.168.56.11", 30080)).toBe("no answer");
    // The node itself takes the short way.
    expect(ask(world.nodes[0], "192.168.56.11", 30080)).toMatch(/^Pod far heard /);
  });

  test("without endpoints refuses", () => {
    sync([web()]);
    expect(ask(world.outside, "192.168.56.11", 30080)).toBe("ECONNREFUSED");
  });

  test("answers at the node's primary address, and never on localhost", () => {
    sync([web(), FAR]);
    expect(ask(world.nodes[0], "192.168.56.11", 30080)).toMatch(/^Pod far heard /);
    expect(ask(world.nodes[0], "10.244.0.1", 30080)).toBe("ECONNREFUSED");
    expect(ask(world.nodes[0], "127.0.0.1", 30080)).toBe("ECONNREFUSED");
    sync([web(), FAR], { nodePortAddresses: [] });
    expect(ask(world.nodes[0], "10.244.0.1", 30080)).toMatch(/^Pod far heard /);
    expect(ask(world.nodes[0], "127.0.0.1", 30080)).toBe("ECONNREFUSED");
  });
});

describe("a ClusterIP", () => {
  const web = (spec: Partial<Service["spec"]> = {}) =>
    service("default/web", {
      clusterIP: "10.96.5.5",
      ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }],
      ...spec,
    });

  test("leads to both endpoints, with the Pod's own address", () => {
    sync([web(), BOTH]);
    const heard = new Set(Array.from({ length: 20 }, () => ask(far, "10.96.5.5", 80)));
    expect(heard).toEqual(new Set(["Pod near heard 10.244.1.3", "Pod far heard 10.244.1.1"]));
  });

  test("with internal policy Local is silent on nodes without an endpoint", () => {
    sync([web({ internalTrafficPolicy: "Local" }), FAR]);
    expect(ask(far, "10.96.5.5", 80)).toMatch(/^Pod far heard /);
    expect(ask(near, "10.96.5.5", 80)).toBe("no answer");
  });

  test("refuses where it has no endpoints, and at ports that it has not; addresses of nobody are silent", () => {
    sync([web()]);
    expect(ask(near, "10.96.5.5", 80)).toBe("ECONNREFUSED");
    expect(ask(near, "10.96.5.5", 81)).toBe("ECONNREFUSED");
    expect(ask(near, "10.96.5.6", 80)).toBe("no answer");
    expect(ping(near, { to: "10.96.5.5", id: 1, seq: 1 }).outcome).not.toBe("answered");
  });

  test("with affinity sends a client where it was before", () => {
    sync([web({ sessionAffinity: "ClientIP" }), BOTH]);
    const heard = new Set(Array.from({ length: 12 }, () => ask(near, "10.96.5.5", 80).slice(0, 8)));
    expect(heard.size).toBe(1);
  });

  test("of UDP", () => {
    const udp = [{ port: 53, targetPort: 8080, protocol: "UDP" as const }];
    sync([
      web({ ports: udp }),
      slice("default/web", [{ ip: "10.244.1.3", node: "n1" }], [{ port: 8080, protocol: "UDP" }]),
    ]);
    expect(exchangeDatagram(near, { to: "10.96.5.5", port: 53 }, "hello").answers.map(({ bytes }) => bytes)).toEqual([
      "Pod far heard hello",
    ]);
  });

  test("a trace names the chains of the way", () => {
    sync([web(), NEAR]);
    const packet = tcpPacket(2);
    Object.assign(packet, { dst: address("10.96.5.5"), dport: 80, sport: 40_000 });
    const rules = walk(far, packet, { tracing: true }).hops.filter(({ at }) => at === "rule");
    expect(rules.map(({ ref }) => [ref!.table, ref!.text.replace(/ # handle \d+/, ""), ref!.path?.length])).toEqual([
      ["ip kube-proxy", "meta l4proto tcp dnat to 10.244.0.2:8080", 3],
    ]);
  });
});

describe("a load balancer's address", () => {
  test("is taken by the node, for those that the ranges let in", () => {
    const balanced = (ranges: readonly string[]) =>
      service("default/web", { type: "LoadBalancer", clusterIP: "10.96.5.5", ports: [PORT], loadBalancerSourceRanges: [...ranges] }, ["192.168.56.200"]); // prettier-ignore
    sync([balanced(["203.0.113.0/24"]), FAR]);
    expect(ask(world.nodes[0], "192.168.56.200", 80)).toBe("no answer");
    sync([balanced(["192.168.56.0/24"]), FAR]);
    expect(ask(world.nodes[0], "192.168.56.200", 80)).toMatch(/^Pod far heard /);
  });
});
