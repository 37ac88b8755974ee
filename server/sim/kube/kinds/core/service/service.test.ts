import { describe, expect, test } from "vitest";
import type { Service } from "../../../api/index.ts";
import { services } from "../../index.ts";
import { TestCluster } from "../../testing.ts";

const URL = "/api/v1/namespaces/default/services";
const ports = [{ port: 80 }];

function create(cluster: TestCluster, name: string, spec: object): Service["spec"] {
  return cluster.ok<Service>("POST", URL, { metadata: { name }, spec }).spec;
}

/** What is wrong with a Service of this spec. */
function refused(cluster: TestCluster, spec: object): string {
  return cluster.refused("POST", URL, { metadata: { name: "web" }, spec });
}

describe("defaults", () => {
  const cluster = new TestCluster();

  test("of a plain Service", () => {
    const spec = create(cluster, "plain", { ports });
    expect(spec).toEqual({
      type: "ClusterIP",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      clusterIP: spec.clusterIP,
      clusterIPs: [spec.clusterIP],
    });
  });

  test("of a headless one without selector", () => {
    expect(create(cluster, "headless", { clusterIP: "None" })).toEqual({
      type: "ClusterIP",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "RequireDualStack",
      clusterIP: "None",
      clusterIPs: ["None"],
    });
    expect(create(cluster, "selecting", { clusterIP: "None", selector: { a: "b" } })).toMatchObject({
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
  });

  test("of session affinity", () => {
    expect(create(cluster, "sticky", { ports, sessionAffinity: "ClientIP" })).toMatchObject({
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
    });
  });

  test("of a load balancer", () => {
    const spec = create(cluster, "balanced", { ports, type: "LoadBalancer", externalTrafficPolicy: "Local" });
    expect(spec).toMatchObject({ allocateLoadBalancerNodePorts: true, externalTrafficPolicy: "Local" });
    expect(spec.healthCheckNodePort).toBeGreaterThanOrEqual(30000);
    expect(spec.ports![0]!.nodePort).toBeGreaterThanOrEqual(30000);
    const without = create(cluster, "portless", { ports, type: "LoadBalancer", allocateLoadBalancerNodePorts: false });
    expect(without.ports![0]!.nodePort).toBeUndefined();
  });

  test("of a name elsewhere", () => {
    expect(create(cluster, "elsewhere", { type: "ExternalName", externalName: "example.com" })).toEqual({
      type: "ExternalName",
      externalName: "example.com",
      sessionAffinity: "None",
    });
  });

  test("equal ports of TCP and UDP share their node port", () => {
    const spec = create(cluster, "dns", {
      type: "NodePort",
      ports: [
        { name: "udp", port: 53, protocol: "UDP" },
        { name: "tcp", port: 53, protocol: "TCP" },
      ],
    });
    expect(spec.ports![0]!.nodePort).toBe(spec.ports![1]!.nodePort);
  });
});

describe("addresses", () => {
  const taken = `422 Service "web" is invalid: spec.clusterIPs: Invalid value: []string{"10.96.0.10"}: failed to allocate IP 10.96.0.10: provided IP is already allocated`;

  test("an address is given once", () => {
    const cluster = new TestCluster();
    create(cluster, "dns", { ports, clusterIP: "10.96.0.10" });
    expect(refused(cluster, { ports, clusterIP: "10.96.0.10" })).toBe(taken);
    cluster.client.delete(services, "default", "dns");
    expect(create(cluster, "web", { ports, clusterIP: "10.96.0.10" }).clusterIPs).toEqual(["10.96.0.10"]);
  });

  test.each(["1.2.3.4", "10.96.0.0", "10.111.255.255"])("%s is none of the cluster's", (ip) => {
    expect(refused(new TestCluster(), { ports, clusterIP: ip })).toBe(
      `422 Service "web" is invalid: spec.clusterIPs: Invalid value: []string{"${ip}"}: failed to allocate IP ${ip}: the provided network does not match the current range`,
    );
  });

  test("random ones come from the upper part of the range", () => {
    const cluster = new TestCluster({ settings: { serviceCidrs: ["10.96.0.0/24"] } });
    for (let at = 0; at < 20; at++) {
      const { clusterIP } = create(cluster, `web-${at}`, { ports });
      expect(Number(clusterIP!.split(".")[3])).toBeGreaterThan(16);
    }
  });

  test("a full range", () => {
    const cluster = new TestCluster({ settings: { serviceCidrs: ["10.96.0.0/30"] } });
    const given = [create(cluster, "a", { ports }).clusterIP, create(cluster, "b", { ports }).clusterIP];
    expect(given).toEqual(expect.arrayContaining(["10.96.0.1", "10.96.0.2"]));
    expect(refused(cluster, { ports })).toBe(
      "500 Internal error occurred: failed to allocate a serviceIP: range is full",
    );
  });

  test("errors of allocation come before all others", () => {
    const cluster = new TestCluster();
    expect(refused(cluster, { ports: [{ port: 0 }], clusterIP: "1.2.3.4" })).toContain("failed to allocate IP 1.2.3.4");
  });

  test.each<[object, string]>([
    [{ ipFamilies: ["IPv6"] }, `spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster`],
    [
      { ipFamilyPolicy: "RequireDualStack" },
      `spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services`,
    ],
    [
      { clusterIP: "fd00::5" },
      `spec.clusterIPs[0]: Invalid value: []string{"fd00::5"}: IPv6 is not configured on this cluster`,
    ],
  ])("families that the cluster does not have: %o", (spec, text) => {
    expect(refused(new TestCluster(), { ports, ...spec })).toBe(`422 Service "web" is invalid: ${text}`);
  });

  test("both families, where there are both", () => {
    const cluster = new TestCluster({ settings: { serviceCidrs: ["10.96.0.0/16", "fd00:10:96::/112"] } });
    const { clusterIPs, ipFamilies } = create(cluster, "dual", { ports, ipFamilyPolicy: "PreferDualStack" });
    expect(ipFamilies).toEqual(["IPv4", "IPv6"]);
    expect(clusterIPs).toEqual([expect.stringMatching(/^10\.96\./), expect.stringMatching(/^fd00:10:96::/)]);
    expect(create(cluster, "single", { ports }).ipFamilies).toEqual(["IPv4"]);
  });

  test("a dry run takes nothing", () => {
    const cluster = new TestCluster();
    const dry = cluster.ok<Service>("POST", `${URL}?dryRun=All`, {
      metadata: { name: "x" },
      spec: { ports, type: "NodePort" },
    });
    expect(dry.spec.clusterIP).toBe("10.96.0.0");
    expect(cluster.client.list(services)).toEqual([]);
  });
});

describe("node ports", () => {
  const node = (nodePort?: number): object => ({
    type: "NodePort",
    ports: [{ port: 80, ...(nodePort !== undefined && { nodePort }) }],
  });

  test("an asked port is given once", () => {
    const cluster = new TestCluster();
    create(cluster, "first", node(30080));
    expect(refused(cluster, node(30080))).toBe(
      `422 Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated`,
    );
    cluster.client.delete(services, "default", "first");
    create(cluster, "second", node(30080));
  });

  test("a port outside the range", () => {
    expect(refused(new TestCluster(), node(80))).toBe(
      `422 Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767`,
    );
    expect(refused(new TestCluster({ settings: { nodePorts: { from: 20000, to: 20010 } } }), node(30080))).toBe(
      `422 Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is not in the valid range. The range of valid ports is 20000-20010`,
    );
  });

  test("a full range", () => {
    const cluster = new TestCluster({ settings: { nodePorts: { from: 30000, to: 30001 } } });
    const given = [create(cluster, "a", node()).ports![0]!.nodePort, create(cluster, "b", node()).ports![0]!.nodePort];
    expect(given).toEqual(expect.arrayContaining([30000, 30001]));
    expect(refused(cluster, node())).toBe("500 Internal error occurred: failed to allocate a nodePort: range is full");
  });

  test("an address that was taken before a refusal is free again", () => {
    const cluster = new TestCluster();
    expect(refused(cluster, { ...node(80), clusterIP: "10.96.9.9" })).toContain("nodePort");
    expect(create(cluster, "later", { ports, clusterIP: "10.96.9.9" }).clusterIP).toBe("10.96.9.9");
  });

  test("a change of type gives and takes", () => {
    const cluster = new TestCluster();
    create(cluster, "web", { ports });
    const patch = (spec: object): Service =>
      cluster.ok("PATCH", `${URL}/web`, { spec }, { contentType: "application/merge-patch+json" });
    expect(patch({ type: "NodePort", ports: [{ port: 80, nodePort: 30081 }] }).spec.ports![0]!.nodePort).toBe(30081);
    patch({ type: "ClusterIP", ports: [{ port: 80 }] });
    expect(create(cluster, "other", node(30081)).ports![0]!.nodePort).toBe(30081);
  });
});
