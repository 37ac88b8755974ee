import type { EndpointSlice, Endpoints } from "../../../sim/kube/api/index.ts";
import { writeAnnotations, writeLabels } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe EndpointsDescriber */
export async function describeEndpoints(session: DescribeSession, subject: Subject): Promise<string> {
  const endpoints = await session.get<Endpoints>(subject);
  const out = session.paper();
  out.field("Name", endpoints.metadata.name);
  out.field("Namespace", endpoints.metadata.namespace ?? "");
  writeLabels(out, "Labels", endpoints.metadata.labels);
  writeAnnotations(out, "Annotations", endpoints.metadata.annotations);
  out.line(0, "Subsets:");
  const ips = (addresses: readonly { readonly ip: string }[] = []): string =>
    addresses.map(({ ip }) => ip).join(",") || "<none>";
  for (const { addresses, notReadyAddresses, ports = [] } of endpoints.subsets ?? []) {
    out.field("Addresses", ips(addresses), 1);
    out.field("NotReadyAddresses", ips(notReadyAddresses), 1);
    if (ports.length > 0) {
      out.line(1, "Ports:");
      out.line(2, "Name\tPort\tProtocol");
      out.line(2, "----\t----\t--------");
      for (const { name, port, protocol = "" } of ports) out.line(2, `${name || "<unset>"}\t${port}\t${protocol}`);
    }
    out.line(0, "");
  }
  await session.events(out, endpoints, "Endpoints");
  return out.text;
}

/** kubectl pkg/describe EndpointSliceDescriber */
export async function describeEndpointSlice(session: DescribeSession, subject: Subject): Promise<string> {
  const slice = await session.get<EndpointSlice>(subject);
  const out = session.paper();
  out.field("Name", slice.metadata.name);
  out.field("Namespace", slice.metadata.namespace ?? "");
  writeLabels(out, "Labels", slice.metadata.labels);
  writeAnnotations(out, "Annotations", slice.metadata.annotations);
  out.field("AddressType", slice.addressType);
  const ports = slice.ports ?? [];
  if (ports.length === 0) out.line(0, "Ports: <unset>");
  else {
    out.line(0, "Ports:");
    out.line(1, "Name\tPort\tProtocol");
    out.line(1, "----\t----\t--------");
    for (const { name, port, protocol = "" } of ports)
      out.line(1, `${name || "<unset>"}\t${port ?? "<unset>"}\t${protocol}`);
  }
  const endpoints = slice.endpoints ?? [];
  out.line(0, endpoints.length === 0 ? "Endpoints: <none>" : "Endpoints:");
  for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of endpoints) {
    out.field("- Addresses", addresses?.join(", ") || "<none>", 1);
    out.line(2, "Conditions:");
    out.field("Ready", conditions.ready ?? "<unset>", 3);
    out.field("Hostname", hostname ?? "<unset>", 2);
    if (targetRef) out.field("TargetRef", `${targetRef.kind ?? ""}/${targetRef.name ?? ""}`, 2);
    out.field("NodeName", nodeName ?? "<unset>", 2);
    out.field("Zone", zone ?? "<unset>", 2);
  }
  await session.events(out, slice, "EndpointSlice");
  return out.text;
}
