import { beforeEach, describe, expect, test } from "vitest";
import { connect, exchange, exchangeDatagram, listFlows, ping, type Namespace } from "../../../net/index.ts";
import { cluster, clusterPod, listen, sysctl, type Cluster } from "../../../net/testing.ts";
import type { EndpointSlice, Service } from "../../api/index.ts";
import type { ProxierSettings } from "./proxier.ts";
import { FULL, proxier, service, slice, tell } from "./testing.ts";

let world: Cluster;
let near: Namespace;
let far: Namespace;

/** On both nodes, each with its own name. */
function sync(objects: readonly (Service | EndpointSlice)[], settings: Partial<ProxierSettings> = {}): void {
  for (const [at, ns] of world.nodes.entries()) {
    const own = objects.map((object) => ("spec" in object ? object : named(object, at)));
    proxier(own, { nodeIP: `192.168.56.${11 + at}`, ...settings }).sync(ns, FULL);
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
  for (const ns of [near, far]) listen(ns, 8080, { application: "name" });
  for (const node of world.nodes) sysctl(node, "net.ipv4.conf.all.route_localnet", 1);
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

describe("a NodePort", () => {
  const web = (spec: Partial<Service["spec"]> = {}) =>
    service("default/web", { type: "NodePort", clusterIP: "10.96.5.5", ports: [PORT], ...spec });

  test("answers everywhere from an endpoint anywhere, masqueraded", () => {
    sync([web(), FAR]);
    expect(ask(world.outside, "192.168.56.11", 30080)).toBe("Pod far heard 10.244.0.0");
    expect(ask(world.outside, "192.168.56.12", 30080)).toBe("Pod far heard 10.244.1.1");
    expect(ask(world.nodes[0], "127.0.0.1", 30080)).toBe("Pod far heard 10.244.0.0");
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
    expect(ask(near, "10.96.5.5", 80)).toBe("ECONNREFUSED");
  });

  test("answers only at nodePortAddresses, and on localhost only if that is allowed", () => {
    sync([web(), FAR], { nodePortAddresses: ["192.168.56.12/32"], localhostNodePorts: false });
    expect(ask(world.outside, "192.168.56.12", 30080)).toMatch(/^Pod far/);
    expect(ask(world.outside, "192.168.56.11", 30080)).toBe("ECONNREFUSED");
    sync([web(), FAR], { localhostNodePorts: false });
    expect(ask(world.outside, "192.168.56.11", 30080)).toMatch(/^Pod far/);
    expect(ask(world.nodes[0], "127.0.0.1", 30080)).toBe("ECONNREFUSED");
  });
});

describe("a ClusterIP", () => {
  test("with internal policy Local is silent on nodes without an endpoint", () => {
    sync([service("default/web", { clusterIP: "10.96.5.5", internalTrafficPolicy: "Local" }), FAR]);
    expect(ask(far, "10.96.5.5", 80)).toBe("Pod far heard 10.244.1.1");
    expect(ask(near, "10.96.5.5", 80)).toBe("no answer");
  });

  test("with affinity sends a client where it was before", () => {
    sync([service("default/web", { clusterIP: "10.96.5.5", sessionAffinity: "ClientIP" }), BOTH]);
    for (let at = 4; at < 10; at++) {
      const client = clusterPod(world, 0, `client${at}`, at);
      expect(new Set(Array.from({ length: 10 }, () => ask(client, "10.96.5.5", 80))).size).toBe(1);
    }
  });

  test("answers no ping, and forgets UDP flows that lead nowhere", () => {
    const port = { port: 53, targetPort: 53, protocol: "UDP" };
    const dns = service("kube-system/dns", { clusterIP: "10.96.0.10", ports: [port] });
    const answers = (ip: string) => slice("kube-system/dns", [ip], [port]);
    for (const ns of [near, far]) listen(ns, 53, { protocol: "udp", application: "name" });
    const proxy = proxier([dns, answers("10.244.1.3")]);
    proxy.sync(world.nodes[0], FULL);
    const query = () => exchangeDatagram(near, { to: "10.96.0.10", port: 53 }, "who");
    query();
    const flows = () => listFlows(world.nodes[0]).filter(({ original }) => original.dport === 53);
    expect(flows()).toHaveLength(1);
    tell(proxy, [dns, answers("10.244.0.2")]);
    proxy.sync(world.nodes[0], FULL);
    expect(proxy.cleanStaleFlows(world.nodes[0])).toBe(1);
    expect(flows()).toHaveLength(0);
    expect(query().outcome).toBe("answered");
    expect(proxy.cleanStaleFlows(world.nodes[0])).toBe(0);
    expect(ping(near, { to: "10.96.0.10", id: 1, seq: 1 }).outcome).toBe("no answer");
  });
});

describe("a load balancer's address", () => {
  const web = (ranges: string[], ingress = ["198.51.100.7"]) =>
    service(
      "default/web",
      { type: "LoadBalancer", clusterIP: "10.96.5.5", ports: [PORT], loadBalancerSourceRanges: ranges },
      ingress,
    );

  test("is taken by the node, for those that the ranges let in", () => {
    sync([web(["203.0.113.0/25"]), FAR]);
    expect(ask(near, "198.51.100.7", 80)).toBe("no answer");
    sync([web(["10.244.0.0/24"]), FAR]);
    expect(ask(near, "198.51.100.7", 80)).toMatch(/^Pod far heard /);
    sync([web([]), FAR]);
    expect(ask(near, "198.51.100.7", 80)).toMatch(/^Pod far heard /);
  });
});
