import { describe, expect, test } from "vitest";
import { SECOND } from "../../../../kernel/index.ts";
import { TestControlPlane } from "../../../controllers/testing.ts";
import { ipAddresses, serviceCidrs, services } from "../../index.ts";
import { TestCluster } from "../../testing.ts";

const URL = "/api/v1/namespaces/default/services";
const CIDRS = "/apis/networking.k8s.io/v1/servicecidrs";

interface Made {
  readonly spec: { readonly clusterIP: string };
}

function service(name: string, spec: object = {}): object {
  return { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

function addresses(cluster: TestCluster): string[] {
  return cluster.client.list(ipAddresses).map(({ metadata, spec }) => `${metadata.name} ${spec.parentRef!.name}`);
}

describe("IPAddresses come and go with Services", () => {
  test("one for each cluster address", () => {
    const cluster = new TestCluster();
    const { spec } = cluster.ok<Made>("POST", URL, service("web"));
    expect(cluster.client.get(ipAddresses, "", spec.clusterIP)).toMatchObject({
      metadata: {
        labels: {
          "ipaddress.kubernetes.io/ip-family": "IPv4",
          "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
        },
      },
      spec: { parentRef: { resource: "services", namespace: "default", name: "web" } },
    });
    cluster.ok("POST", URL, service("headless", { clusterIP: "None" }));
    cluster.ok("POST", URL, { metadata: { name: "name" }, spec: { type: "ExternalName", externalName: "a.b" } });
    expect(addresses(cluster)).toEqual([`${spec.clusterIP} web`]);
    cluster.ok("DELETE", `${URL}/web`);
    expect(addresses(cluster)).toEqual([]);
  });

  test("an address is given back when the type needs none", () => {
    const cluster = new TestCluster();
    cluster.ok("POST", URL, service("web", { clusterIP: "10.96.0.5" }));
    const body = { spec: { type: "ExternalName", externalName: "a.b", clusterIP: null, clusterIPs: null } };
    cluster.ok("PATCH", `${URL}/web`, body, { contentType: "application/merge-patch+json" });
    expect(addresses(cluster)).toEqual([]);
  });

  test("what fails or is only tried leaves nothing", () => {
    const cluster = new TestCluster();
    cluster.ok("POST", `${URL}?dryRun=All`, service("web"));
    cluster.refused("POST", URL, service("web", { sessionAffinity: "No" }));
    expect(addresses(cluster)).toEqual([]);
  });

  test("an address that somebody has reserved is taken", () => {
    const cluster = new TestCluster();
    const parentRef = { group: "example.com", resource: "routers", name: "r" };
    cluster.ok("POST", "/apis/networking.k8s.io/v1/ipaddresses", {
      metadata: { name: "10.96.0.7" },
      spec: { parentRef },
    });
    expect(cluster.refused("POST", URL, service("web", { clusterIP: "10.96.0.7" }))).toBe(
      '422 Service "web" is invalid: spec.clusterIPs: Invalid value: []string{"10.96.0.7"}: failed to allocate IP 10.96.0.7: provided IP is already allocated',
    );
  });
});

describe("ranges", () => {
  function plane(): TestControlPlane {
    const made = new TestControlPlane({ nodes: [] });
    made.client.create(serviceCidrs, { metadata: { name: "kubernetes" }, spec: { cidrs: ["10.96.0.0/29"] } });
    made.run(SECOND);
    return made;
  }

  const ready = (made: TestControlPlane, name: string): object =>
    made.client.get(serviceCidrs, "", name)!.status.conditions!.map(({ status, reason }) => `${status} ${reason}`);

  test("another ServiceCIDR gives more addresses", () => {
    const made = plane();
    for (let at = 1; at <= 6; at++) made.ok("POST", URL, service(`s${at}`));
    expect(made.refused("POST", URL, service("s7"))).toBe(
      "500 Internal error occurred: failed to allocate a serviceIP: range is full",
    );
    made.ok("POST", CIDRS, { metadata: { name: "more" }, spec: { cidrs: ["192.168.7.0/28"] } });
    expect(made.ok<Made>("POST", URL, service("s7")).spec.clusterIP).toMatch(/^192\.168\.7\./);
    expect(made.refused("POST", URL, service("s8", { clusterIP: "192.168.8.1" }))).toContain(
      "failed to allocate IP 192.168.8.1: the provided network does not match the current range",
    );
  });

  test("a range stays while only it has the addresses that are in use", () => {
    const made = plane();
    made.ok("POST", CIDRS, { metadata: { name: "more" }, spec: { cidrs: ["192.168.7.0/28"] } });
    made.ok("POST", URL, service("web", { clusterIP: "192.168.7.4" }));
    made.run(SECOND);
    expect(ready(made, "more")).toEqual(["True "]);
    made.ok("DELETE", `${CIDRS}/more`);
    made.run(SECOND);
    expect(ready(made, "more")).toEqual(["False Terminating"]);
    expect(made.refused("POST", URL, service("next", { clusterIP: "192.168.7.5" }))).toContain("does not match");
    made.ok("DELETE", `${URL}/web`);
    made.run(20 * SECOND);
    expect(made.client.list(serviceCidrs).map(({ metadata }) => metadata.name)).toEqual(["kubernetes"]);
    expect(made.client.list(services)).toEqual([]);
  });

  test("a range within another one can go at once", () => {
    const made = plane();
    made.ok("POST", CIDRS, { metadata: { name: "part" }, spec: { cidrs: ["10.96.0.0/30"] } });
    made.ok("POST", URL, service("web", { clusterIP: "10.96.0.1" }));
    made.run(SECOND);
    made.ok("DELETE", `${CIDRS}/part`);
    made.run(20 * SECOND);
    expect(made.client.get(serviceCidrs, "", "part")).toBeUndefined();
  });
});
