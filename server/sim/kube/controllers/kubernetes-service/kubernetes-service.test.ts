import { describe, expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { endpoints, endpointSlices, namespaces, services } from "../../kinds/index.ts";
import { TestCluster } from "../../kinds/testing.ts";
import { KubernetesService } from "./index.ts";

function apiServer(): { plane: TestCluster; loop: KubernetesService; address: { value: string } } {
  const plane = new TestCluster({ bare: true });
  const address = { value: "192.168.56.10" };
  const loop = new KubernetesService({
    api: plane.api,
    active: () => true,
    settings: () => ({ address: address.value, port: 6443, serviceCidrs: ["10.96.0.0/12"] }),
  });
  loop.start();
  return { plane, loop, address };
}

describe("kube-apiserver at its start", () => {
  test("makes the namespaces of the system", () => {
    const { plane } = apiServer();
    expect(plane.client.list(namespaces).map(({ metadata }) => metadata.name)).toEqual([
      "default",
      "kube-node-lease",
      "kube-public",
      "kube-system",
    ]);
  });

  test("makes its Service with Endpoints and EndpointSlice", () => {
    const { plane } = apiServer();
    expect(plane.client.get(services, "default", "kubernetes")).toMatchObject({
      metadata: { labels: { component: "apiserver", provider: "kubernetes" } },
      spec: {
        clusterIP: "10.96.0.1",
        clusterIPs: ["10.96.0.1"],
        type: "ClusterIP",
        sessionAffinity: "None",
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: 6443 }],
      },
    });
    expect(plane.client.get(endpoints, "default", "kubernetes")).toMatchObject({
      metadata: { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
      subsets: [{ addresses: [{ ip: "192.168.56.10" }], ports: [{ name: "https", port: 6443, protocol: "TCP" }] }],
    });
    expect(plane.client.get(endpointSlices, "default", "kubernetes")).toMatchObject({
      metadata: { labels: { "kubernetes.io/service-name": "kubernetes" } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.168.56.10"], conditions: { ready: true } }],
      ports: [{ name: "https", port: 6443, protocol: "TCP" }],
    });
  });

  test("follows another address", () => {
    const { plane, loop, address } = apiServer();
    address.value = "192.168.56.99";
    loop.start();
    expect(plane.client.get(endpoints, "default", "kubernetes")!.subsets![0]!.addresses).toEqual([
      { ip: "192.168.56.99" },
    ]);
    expect(plane.client.get(endpointSlices, "default", "kubernetes")!.endpoints![0]!.addresses).toEqual([
      "192.168.56.99",
    ]);
  });
});

test("what somebody does to the Service is put right within ten seconds", () => {
  const { plane } = apiServer();
  plane.run(13 * SECOND);
  plane.client.delete(services, "default", "kubernetes");
  plane.client.delete(endpointSlices, "default", "kubernetes");
  // The server itself deletes the Endpoints with the Service.
  expect(plane.client.get(endpoints, "default", "kubernetes")).toBeUndefined();
  plane.run(6 * SECOND);
  expect(plane.client.get(services, "default", "kubernetes")).toBeUndefined();
  plane.run(2 * SECOND);
  expect(plane.client.get(services, "default", "kubernetes")!.spec.clusterIP).toBe("10.96.0.1");
  expect(plane.client.get(endpointSlices, "default", "kubernetes")).toBeDefined();
  expect(plane.client.get(endpoints, "default", "kubernetes")!.subsets).toHaveLength(1);
  plane.run(60 * SECOND);
  expect(plane.kernel.events()).toEqual([]);
});
