import type { EndpointSlice, LoadBalancerIngress, Service } from "../../../sim/kube/api/index.ts";
import { labelText, writeAnnotations, writeLabels, type Description } from "./description.ts";
import { endpointsText, SLICES } from "./endpoint-slices.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe ServiceDescriber */
export async function describeService(session: DescribeSession, subject: Subject): Promise<string> {
  const service = await session.get<Service>(subject);
  const labelSelector = [`kubernetes.io/service-name=${subject.name}`];
  const slices = await session.list<EndpointSlice>(SLICES, subject.namespace, { labelSelector }, 0);
  const out = session.paper();
  writeService(out, service, slices);
  await session.events(out, service, "Service");
  return out.text;
}

function writeService(out: Description, { metadata, spec, status }: Service, slices: readonly EndpointSlice[]): void {
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Selector", labelText(spec.selector));
  out.field("Type", spec.type ?? "");
  if (spec.ipFamilyPolicy) out.field("IP Family Policy", spec.ipFamilyPolicy);
  out.field("IP Families", spec.ipFamilies?.length ? spec.ipFamilies.join(",") : "<none>");
  out.field("IP", spec.clusterIP ?? "");
  out.field("IPs", spec.clusterIPs?.length ? spec.clusterIPs.join(",") : "<none>");
  if (spec.externalIPs?.length) out.field("External IPs", spec.externalIPs.join(","));
  if (spec.loadBalancerIP) out.field("Desired LoadBalancer IP", spec.loadBalancerIP);
  if (spec.externalName) out.field("External Name", spec.externalName);
  const ingress = status.loadBalancer?.ingress ?? [];
  if (ingress.length > 0) out.field("LoadBalancer Ingress", ingress.map(ingressText).join(", "));
  for (const { name = "", port, protocol = "", targetPort, nodePort } of spec.ports ?? []) {
    const shown = name === "" ? "<unset>" : name;
    out.line(0, `Port:\t${shown}\t${port}/${protocol}`);
    out.field("TargetPort", `${targetPort}/${protocol}`);
    if (nodePort) out.line(0, `NodePort:\t${shown}\t${nodePort}/${protocol}`);
    out.field("Endpoints", endpointsText(slices, name));
  }
  out.field("Session Affinity", spec.sessionAffinity ?? "");
  if (spec.externalTrafficPolicy) out.field("External Traffic Policy", spec.externalTrafficPolicy);
  if (spec.internalTrafficPolicy) out.field("Internal Traffic Policy", spec.internalTrafficPolicy);
  if (spec.healthCheckNodePort) out.field("HealthCheck NodePort", spec.healthCheckNodePort);
  if (spec.loadBalancerSourceRanges?.length)
    out.field("LoadBalancer Source Ranges", spec.loadBalancerSourceRanges.join(","));
}

function ingressText({ ip, ipMode, hostname = "" }: LoadBalancerIngress): string {
  return ip ? `${ip}${ipMode ? ` (${ipMode})` : ""}` : hostname;
}
