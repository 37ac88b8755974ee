import { describe, expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import type { EndpointSubset } from "../../api/index.ts";
import { endpoints, services } from "../../kinds/index.ts";
import { bare, endpointsOf, pod, service, sliced, slicesOf, told } from "../services/testing.ts";
import type { TestControlPlane } from "../testing.ts";

describe("a Service without a selector", () => {
  function byHand(plane: TestControlPlane, subsets: readonly EndpointSubset[], metadata: object = {}): void {
    plane.ok("POST", "/api/v1/namespaces/default/endpoints", { metadata: { name: "web", ...metadata }, subsets });
  }

  test("has its Endpoints mirrored", () => {
    const plane = bare();
    service(plane, { selector: undefined });
    plane.run(1 * SECOND);
    expect(endpointsOf(plane)).toBeUndefined();
    expect(slicesOf(plane)).toEqual([]);
    byHand(
      plane,
      [{ addresses: [{ ip: "192.0.2.1" }], notReadyAddresses: [{ ip: "192.0.2.2" }], ports: [{ port: 80 }] }],
      { labels: { by: "hand" }, annotations: { why: "outside" } },
    );
    plane.run(1 * SECOND);
    const [slice, ...others] = slicesOf(plane);
    expect(others).toEqual([]);
    expect(slice!.metadata).toMatchObject({
      generateName: "web-",
      labels: {
        by: "hand",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
      },
      annotations: { why: "outside" },
      ownerReferences: [{ apiVersion: "v1", kind: "Endpoints", name: "web", controller: true }],
    });
    expect(slice!.endpoints).toEqual([
      { addresses: ["192.0.2.1"], conditions: { ready: true } },
      { addresses: ["192.0.2.2"], conditions: { ready: false } },
    ]);
    plane.client.patch(endpoints, { namespace: "default", name: "web" }, "merge-patch+json", {
      subsets: [{ addresses: [{ ip: "192.0.2.9" }], ports: [{ port: 80 }] }],
    });
    plane.run(1 * SECOND);
    expect(slicesOf(plane).map(({ metadata }) => metadata.name)).toEqual([slice!.metadata.name]);
    expect(slicesOf(plane)[0]!.endpoints).toEqual([{ addresses: ["192.0.2.9"], conditions: { ready: true } }]);
    plane.client.delete(endpoints, "default", "web");
    plane.run(1 * SECOND);
    expect(slicesOf(plane)).toEqual([]);
  });

  test("but not those that say no", () => {
    const plane = bare();
    service(plane, { selector: undefined });
    byHand(plane, [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 80 }] }], {
      labels: { "endpointslice.kubernetes.io/skip-mirror": "true" },
    });
    plane.run(1 * SECOND);
    expect(slicesOf(plane)).toEqual([]);
  });

  test("with a selector given later goes over to its Pods", () => {
    const plane = bare();
    service(plane, { selector: undefined });
    byHand(plane, [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 80 }] }]);
    plane.run(1 * SECOND);
    pod(plane, "one", "10.0.0.1");
    plane.client.patch(services, { namespace: "default", name: "web" }, "merge-patch+json", {
      spec: { selector: { app: "web" } },
    });
    plane.run(1 * SECOND);
    expect(told(endpointsOf(plane))).toEqual(["10.0.0.1:80"]);
    expect(sliced(slicesOf(plane))).toEqual(["10.0.0.1:80 rs-"]);
  });
});
