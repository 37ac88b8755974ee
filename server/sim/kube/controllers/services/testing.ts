import type { Endpoints, EndpointSlice, EndpointSubset, Pod, Service } from "../../api/index.ts";
import { endpoints, endpointSlices, pods } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

export function service(plane: TestControlPlane, spec: object, name = "web"): Service {
  return plane.ok("POST", "/api/v1/namespaces/default/services", {
    metadata: { name, labels: { tier: "front" } },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec },
  });
}

/** A Pod with an address, ready or not. */
export function pod(plane: TestControlPlane, name: string, ip: string, { ready = true, spec = {} } = {}): Pod {
  const { metadata } = plane.client.create(pods, {
    metadata: { name, namespace: "default", labels: { app: "web" } },
    spec: { nodeName: "node01", containers: [{ name: "c", image: "nginx" }], ...spec },
  });
  plane.client.patch(pods, { namespace: "default", name, subresource: "status" }, "merge-patch+json", {
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [
        { type: "Ready", status: ready ? "True" : "False", lastTransitionTime: metadata.creationTimestamp ?? null },
      ],
    },
  });
  return plane.client.get(pods, "default", name)!;
}

/** A plane whose kubelets touch no Pod. */
export function bare(): TestControlPlane {
  const plane = new TestControlPlane();
  plane.kubelets.works = () => false;
  return plane;
}

export function endpointsOf(plane: TestControlPlane, name = "web"): Endpoints | undefined {
  return plane.client.get(endpoints, "default", name);
}

export function slicesOf(plane: TestControlPlane, name = "web"): readonly EndpointSlice[] {
  return plane.client
    .list(endpointSlices, "default")
    .filter(({ metadata }) => metadata.labels!["kubernetes.io/service-name"] === name);
}

/** `10.0.0.1` `10.0.0.2 not ready`, with ports. */
export function told({ subsets = [] }: { readonly subsets?: readonly EndpointSubset[] } = {}): string[] {
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
    const numbers = ports.map(({ name, port }) => `${name === undefined ? "" : `${name}=`}${port}`).join();
    return [
      ...addresses.map(({ ip }) => `${ip}:${numbers}`),
      ...notReadyAddresses.map(({ ip }) => `${ip}:${numbers} not ready`),
    ];
  });
}

export function sliced(slices: readonly EndpointSlice[]): string[] {
  return slices.flatMap((slice) =>
    (slice.endpoints ?? []).map(({ addresses, conditions }) => {
      const numbers = (slice.ports ?? []).map(({ name, port }) => `${name === "" ? "" : `${name}=`}${port}`).join();
      const { ready, serving, terminating } = conditions;
      const mark = (is: boolean | undefined, letter: string): string => (is ? letter : "-");
      return `${addresses!.join()}:${numbers} ${mark(ready, "r")}${mark(serving, "s")}${mark(terminating, "t")}`;
    }),
  );
}
