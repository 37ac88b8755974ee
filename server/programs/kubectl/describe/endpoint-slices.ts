import type { EndpointSlice } from "../../../sim/kube/api/index.ts";

export const SLICES = { group: "discovery.k8s.io", version: "v1", resource: "endpointslices", kind: "EndpointSlice" };

const SHOWN = 3;

/** The ready addresses of slices with a port of that name: `10.0.0.1:80,10.0.0.2:80 + 4 more...` (formatEndpointSlices). */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return "<none>";
  const addresses = slices.flatMap((slice) => {
    const ready = (slice.endpoints ?? [])
      .filter(({ conditions }) => conditions.ready !== false)
      .map(({ addresses: all }) => all![0]!);
    const ports = slice.ports ?? [];
    // Headless Services may have no ports.
    if (ports.length === 0) return ready;
    const asked = ports.filter(({ name = "" }) => name === portName);
    return asked.flatMap(({ port }) => ready.map((ip) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)));
  });
  const shown = addresses.slice(0, SHOWN).join(",");
  return addresses.length > SHOWN ? `${shown} + ${addresses.length - SHOWN} more...` : shown;
}
