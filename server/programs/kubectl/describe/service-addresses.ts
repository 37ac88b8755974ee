import type { IpAddress, ServiceCidr } from "../../../sim/kube/api/index.ts";
import { writeAnnotations, writeDatedConditions, writeLabels, type Description } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe ServiceCIDRDescriber */
export async function describeServiceCidr(session: DescribeSession, subject: Subject): Promise<string> {
  const cidr = await session.get<ServiceCidr>(subject);
  const out = session.paper();
  writeHead(out, cidr);
  out.field("CIDRs", (cidr.spec.cidrs ?? []).join(", "));
  if (cidr.status.conditions?.length) {
    out.line(0, "Status:");
    writeDatedConditions(out, cidr.status.conditions);
  }
  await session.events(out, cidr, "ServiceCIDR");
  return out.text;
}

/** kubectl pkg/describe IPAddressDescriber */
export async function describeIpAddress(session: DescribeSession, subject: Subject): Promise<string> {
  const address = await session.get<IpAddress>(subject);
  const { parentRef } = address.spec;
  const out = session.paper();
  writeHead(out, address);
  if (parentRef) {
    out.line(0, "Parent Reference:");
    out.field("Group", parentRef.group ?? "", 1);
    out.field("Resource", parentRef.resource ?? "", 1);
    out.field("Namespace", parentRef.namespace ?? "", 1);
    out.field("Name", parentRef.name ?? "", 1);
  }
  await session.events(out, address, "IPAddress");
  return out.text;
}

function writeHead(out: Description, { metadata }: ServiceCidr | IpAddress): void {
  out.field("Name", metadata.name);
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
}
