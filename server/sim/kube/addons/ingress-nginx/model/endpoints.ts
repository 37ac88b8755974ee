import type { EndpointSlice, Service, ServicePort } from "../../../api/index.ts";

export interface Endpoint {
  readonly address: string;
  readonly port: string;
}

/** Ready endpoints behind a port of a Service (internal/ingress/controller/endpointslices.go getEndpointsFromSlices). */
export function endpointsOf(service: Service, port: ServicePort, slices: readonly EndpointSlice[]): Endpoint[] {
  if (service.spec.type === "ExternalName") {
    const name = service.spec.externalName ?? "";
    const number = typeof port.targetPort === "number" ? port.targetPort : port.port;
    return name === "" || number <= 0 ? [] : [{ address: name, port: String(number) }];
  }
  const found = new Map<string, Endpoint>();
  for (const slice of slices) {
    if (slice.addressType !== "IPv4") continue;
    const ports = slicePorts(slice, port);
    for (const { addresses, conditions } of slice.endpoints ?? []) {
      if (conditions?.ready === false) continue;
      for (const address of addresses ?? [])
        for (const number of ports) found.set(`${address}:${number}`, { address, port: String(number) });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

/** Ports of a slice are named as those of the Service. */
function slicePorts({ ports }: EndpointSlice, { name = "", protocol = "TCP", targetPort }: ServicePort): number[] {
  if (!ports || ports.length === 0) return typeof targetPort === "number" ? [targetPort] : [];
  return ports
    .filter((one) => (one.protocol ?? "TCP") === protocol && (one.name ?? "") === name)
    .flatMap((one) => one.port ?? []);
}

/** The port of a Service that an Ingress means: by its number, its target or its name. */
export function portOf(service: Service, wanted: string): ServicePort | undefined {
  const ports = service.spec.ports ?? [];
  if (service.spec.type === "ExternalName") {
    const number = Number(wanted);
    const named = ports.find(({ name, port }) => name === wanted || String(port) === wanted);
    return named ?? { port: number, targetPort: number, protocol: "TCP" };
  }
  return ports.find(
    ({ port, targetPort, name }) => String(port) === wanted || String(targetPort) === wanted || name === wanted,
  );
}
