import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import { endpoints, endpointSlices, pods, services } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";
import { bare, endpointsOf, pod, service, sliced, slicesOf, told } from "./testing.ts";

/** Endpoints and EndpointSlices of Services with selectors, side by side. */

describe("a Service with a selector", () => {
  test("has Endpoints and an EndpointSlice like upstream's", () => {
    const plane = bare();
    const made = service(plane, {});
    const one = pod(plane, "one", "10.244.1.5");
    plane.run(10 * MILLISECOND);
    const found = endpointsOf(plane)!;
    expect(found.metadata).toMatchObject({
      name: "web",
      labels: { tier: "front", "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
      annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "2026-11-21T10:00:00Z" },
    });
    const targetRef = { kind: "Pod", namespace: "default", name: "one", uid: one.metadata.uid };
    expect(found.subsets).toEqual([
      { addresses: [{ ip: "10.244.1.5", nodeName: "node01", targetRef }], ports: [{ port: 80, protocol: "TCP" }] },
    ]);
    const [slice, ...others] = slicesOf(plane);
    expect(others).toEqual([]);
    expect(slice!.metadata.name).toMatch(/^web-[2456789bcdfghjklmnpqrstvwxz]{5}$/);
    expect(slice).toMatchObject({
      metadata: {
        generateName: "web-",
        labels: {
          tier: "front",
          "kubernetes.io/service-name": "web",
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "2026-11-21T10:00:00Z" },
        ownerReferences: [
          {
            apiVersion: "v1",
            kind: "Service",
            name: "web",
            uid: made.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      addressType: "IPv4",
      ports: [{ name: "", port: 80, protocol: "TCP" }],
      endpoints: [
        {
          addresses: ["10.244.1.5"],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: "node01",
          targetRef,
        },
      ],
    });
  });

  test("follows the Pods' readiness, their end and their labels", () => {
    const plane = new TestControlPlane();
    service(plane, {});
    plane.deploy("web", 2);
    plane.run(50 * MILLISECOND);
    expect(told(endpointsOf(plane))).toEqual([]);
    plane.run(2 * SECOND);
    const [first, second] = plane.pods().toSorted((a, b) => (a.status.podIP! < b.status.podIP! ? -1 : 1));
    const [a, b] = [first!.status.podIP!, second!.status.podIP!];
    expect(told(endpointsOf(plane))).toEqual([`${a}:80`, `${b}:80`]);
    expect(sliced(slicesOf(plane)).sort()).toEqual([`${a}:80 rs-`, `${b}:80 rs-`]);

    plane.kubelets.setReady(first!, false);
    plane.run(5 * MILLISECOND);
    expect(told(endpointsOf(plane))).toEqual([`${b}:80`, `${a}:80 not ready`]);
    expect(sliced(slicesOf(plane)).sort()).toEqual([`${a}:80 ---`, `${b}:80 rs-`]);

    plane.client.delete(pods, "default", second!.metadata.name);
    plane.run(5 * MILLISECOND);
    expect(told(endpointsOf(plane))).toEqual([`${a}:80 not ready`]);
    expect(sliced(slicesOf(plane)).sort()).toEqual([`${a}:80 ---`, `${b}:80 -st`]);

    plane.run(3 * SECOND);
    plane.client.patch(pods, { namespace: "default", name: first!.metadata.name }, "merge-patch+json", {
      metadata: { labels: { app: "other" } },
    });
    plane.run(3 * SECOND);
    expect(told(endpointsOf(plane))).not.toContain(`${a}:80 not ready`);
    expect(told(endpointsOf(plane))).toHaveLength(2);
    expect(sliced(slicesOf(plane))).toHaveLength(2);
  });

  test("leaves Pods out that ended", () => {
    const plane = bare();
    service(plane, {});
    pod(plane, "one", "10.0.0.1");
    plane.run(1 * SECOND);
    plane.client.patch(pods, { namespace: "default", name: "one", subresource: "status" }, "merge-patch+json", {
      status: { phase: "Succeeded" },
    });
    plane.run(1 * SECOND);
    expect(endpointsOf(plane)!.subsets ?? []).toEqual([]);
    expect(sliced(slicesOf(plane))).toEqual([]);
  });

  test("looks named ports up in every Pod", () => {
    const plane = bare();
    service(plane, { ports: [{ name: "http", port: 80, targetPort: "web" }] });
    const container = (containerPort: number, name = "web"): object => ({
      containers: [{ name: "c", image: "nginx", ports: [{ containerPort, name }] }],
    });
    pod(plane, "one", "10.0.0.1", { spec: container(8080) });
    pod(plane, "two", "10.0.0.2", { spec: container(9090) });
    pod(plane, "three", "10.0.0.3", { spec: container(8080) });
    pod(plane, "other", "10.0.0.4", { spec: container(8080, "admin") });
    plane.run(1 * SECOND);
    expect(told(endpointsOf(plane)).sort()).toEqual(["10.0.0.1:http=8080", "10.0.0.2:http=9090", "10.0.0.3:http=8080"]);
    expect(slicesOf(plane)).toHaveLength(3);
    expect(sliced(slicesOf(plane)).sort()).toEqual([
      "10.0.0.1:http=8080 rs-",
      "10.0.0.2:http=9090 rs-",
      "10.0.0.3:http=8080 rs-",
      // A Pod without that port is an endpoint without ports.
      "10.0.0.4: rs-",
    ]);
  });

  test("lists several ports in the order of upstream's hashes", () => {
    const plane = bare();
    // What kubeadm installs, and `kubectl describe` shows of it.
    service(plane, {
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
      ],
    });
    pod(plane, "one", "10.244.0.2");
    plane.run(1 * SECOND);
    expect(endpointsOf(plane)!.subsets![0]!.ports!.map(({ name }) => name)).toEqual(["dns-tcp", "dns", "metrics"]);
    expect(slicesOf(plane)[0]!.ports!.map(({ name }) => name)).toEqual(["metrics", "dns", "dns-tcp"]);
  });

  test("with no Pod has an empty slice and Endpoints", () => {
    const plane = bare();
    service(plane, {});
    plane.run(1 * SECOND);
    expect(endpointsOf(plane)!.subsets).toBeUndefined();
    expect(slicesOf(plane)).toMatchObject([{ addressType: "IPv4", endpoints: null, ports: null }]);
    pod(plane, "one", "10.0.0.1");
    plane.run(1 * SECOND);
    expect(sliced(slicesOf(plane))).toEqual(["10.0.0.1:80 rs-"]);
    expect(slicesOf(plane)).toHaveLength(1);
  });

  test("publishes what is not ready if it says so", () => {
    const plane = bare();
    service(plane, { publishNotReadyAddresses: true });
    pod(plane, "one", "10.0.0.1", { ready: false });
    plane.run(1 * SECOND);
    expect(told(endpointsOf(plane))).toEqual(["10.0.0.1:80"]);
    expect(sliced(slicesOf(plane))).toEqual(["10.0.0.1:80 r--"]);
    plane.client.delete(pods, "default", "one");
    plane.run(1 * SECOND);
    expect(told(endpointsOf(plane))).toEqual(["10.0.0.1:80"]);
    expect(sliced(slicesOf(plane))).toEqual(["10.0.0.1:80 r-t"]);
  });

  test("without an address of its own is marked, may have no port, and names Pods that have a hostname", () => {
    const plane = bare();
    service(plane, { clusterIP: "None", ports: undefined });
    pod(plane, "one", "10.0.0.1", { spec: { hostname: "db-0", subdomain: "web" } });
    pod(plane, "two", "10.0.0.2", { spec: { hostname: "db-1", subdomain: "other" } });
    plane.run(1 * SECOND);
    expect(endpointsOf(plane)!.metadata.labels).toEqual({
      tier: "front",
      "endpoints.kubernetes.io/managed-by": "endpoint-controller",
      "service.kubernetes.io/headless": "",
    });
    const addresses = endpointsOf(plane)!.subsets![0]!.addresses!;
    expect(addresses.map(({ ip, hostname }) => [ip, hostname])).toEqual([
      ["10.0.0.1", "db-0"],
      ["10.0.0.2", undefined],
    ]);
    expect(endpointsOf(plane)!.subsets![0]!.ports).toBeUndefined();
    const [slice] = slicesOf(plane);
    expect(slice!.metadata.labels).toMatchObject({ "service.kubernetes.io/headless": "" });
    expect(slice!.endpoints!.map(({ hostname }) => hostname)).toEqual(["db-0", undefined]);
    expect(slice!.ports).toBeNull();
  });

  test("hands its labels on", () => {
    const plane = bare();
    service(plane, {});
    pod(plane, "one", "10.0.0.1");
    plane.run(1 * SECOND);
    plane.client.patch(services, { namespace: "default", name: "web" }, "merge-patch+json", {
      metadata: { labels: { tier: "back" } },
    });
    plane.run(1 * SECOND);
    expect(endpointsOf(plane)!.metadata.labels).toMatchObject({ tier: "back" });
    expect(slicesOf(plane)[0]!.metadata.labels).toMatchObject({ tier: "back" });
  });

  test("takes its endpoints along", () => {
    const plane = bare();
    service(plane, {});
    pod(plane, "one", "10.0.0.1");
    plane.run(1 * SECOND);
    plane.client.delete(services, "default", "web");
    plane.run(1 * SECOND);
    expect(endpointsOf(plane)).toBeUndefined();
    expect(slicesOf(plane)).toEqual([]);
  });

  test("has what somebody deletes made again", () => {
    const plane = bare();
    service(plane, {});
    pod(plane, "one", "10.0.0.1");
    plane.run(1 * SECOND);
    plane.client.delete(endpoints, "default", "web");
    plane.client.delete(endpointSlices, "default", slicesOf(plane)[0]!.metadata.name);
    plane.run(2 * SECOND);
    expect(told(endpointsOf(plane))).toEqual(["10.0.0.1:80"]);
    expect(sliced(slicesOf(plane))).toEqual(["10.0.0.1:80 rs-"]);
  });
});

describe("many Pods", () => {
  test("fill slices of at most 100, and leave what is there where it is", () => {
    const plane = bare();
    service(plane, {});
    for (let index = 0; index < 150; index++) pod(plane, `p${index}`, `10.0.1.${index}`);
    plane.run(1 * SECOND);
    const sizes = (): number[] =>
      slicesOf(plane)
        .map(({ endpoints: members }) => members!.length)
        .sort((a, b) => a - b);
    expect(sizes()).toEqual([50, 100]);
    const before = slicesOf(plane).map(({ metadata }) => metadata.name);
    for (let index = 150; index < 210; index++) pod(plane, `p${index}`, `10.0.1.${index}`);
    plane.run(1 * SECOND);
    expect(sizes().at(-1)).toBe(100);
    expect(sizes().reduce((sum, size) => sum + size)).toBe(210);
    expect(slicesOf(plane).map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(before));
    expect(new Set(sliced(slicesOf(plane))).size).toBe(210);
  });

  test("beyond 1000 do not fit into Endpoints", () => {
    const plane = bare();
    service(plane, {});
    for (let index = 0; index < 1010; index++) pod(plane, `p${index}`, `10.0.${index >> 8}.${index & 255}`);
    plane.run(1 * SECOND);
    expect(told(endpointsOf(plane))).toHaveLength(1000);
    expect(endpointsOf(plane)!.metadata.annotations).toMatchObject({
      "endpoints.kubernetes.io/over-capacity": "truncated",
    });
    expect(sliced(slicesOf(plane))).toHaveLength(1010);
  });
});

test("the trigger is the change that the write answers to", () => {
  const plane = bare();
  service(plane, {});
  plane.run(30 * SECOND);
  pod(plane, "one", "10.0.0.1");
  plane.run(1 * SECOND);
  const trigger = "endpoints.kubernetes.io/last-change-trigger-time";
  expect(endpointsOf(plane)!.metadata.annotations![trigger]).toBe("2026-11-21T10:00:30Z");
  expect(slicesOf(plane)[0]!.metadata.annotations![trigger]).toBe("2026-11-21T10:00:30Z");
  plane.client.patch(services, { namespace: "default", name: "web" }, "merge-patch+json", {
    metadata: { labels: { tier: "back" } },
  });
  plane.run(1 * SECOND);
  // Nothing of the Service's time or its Pods changed: the write has no trigger.
  expect(endpointsOf(plane)!.metadata.annotations).toBeUndefined();
});

test("a mere name has no endpoints", () => {
  const plane = bare();
  service(plane, { type: "ExternalName", externalName: "example.com", ports: undefined });
  pod(plane, "one", "10.0.0.1");
  plane.run(1 * SECOND);
  expect(endpointsOf(plane)).toBeUndefined();
  expect(slicesOf(plane)).toEqual([]);
});
