import type { EndpointSlice } from "../../../sim/kube/api/index.ts";

export const SLICES = { group: "discovery.k8s.io", version: "v1", resource: "endpointslices", kind: "EndpointSlice" };

const SHOWN = 3;

/** The ready addresses of slices with a port of that name: `10.0.0.1:80,10.0.0.2:80 + 4 more...` (formatEndpointSlices). */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return "<none>";
  const shown: string[] = [];
  let ready = 0;
  // That there is more is said as soon as something comes behind the last that is shown, ready or not.
  let more = false;
  for (const { endpoints, ports } of slices) {
    // Headless Services may have no ports.
    const asked = ports?.length ? ports.filter(({ name = "" }) => name === portName) : [undefined];
    for (const port of asked)
      for (const { addresses, conditions } of endpoints ?? []) {
        if (shown.length === SHOWN) more = true;
        if (conditions.ready === false) continue;
        const ip = addresses![0]!;
        if (!more) shown.push(port ? `${ip.includes(":") ? `[${ip}]` : ip}:${port.port}` : ip);
        ready++;
      }
  }
  const text = shown.join(",");
  return more ? `${text} + ${ready - SHOWN} more...` : text;
}
