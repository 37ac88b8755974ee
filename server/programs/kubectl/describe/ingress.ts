import type { EndpointSlice, Ingress, IngressBackend, IngressClass, Service } from "../../../sim/kube/api/index.ts";
import { GoError } from "../errors/go-error.ts";
import { writeAnnotations, writeLabels } from "./description.ts";
import { endpointsText, SLICES } from "./endpoint-slices.ts";
import type { DescribeSession, Subject } from "./session.ts";

const SERVICES = { group: "", version: "v1", resource: "services", kind: "Service", namespaced: true };

/** kubectl pkg/describe IngressDescriber */
export async function describeIngress(session: DescribeSession, subject: Subject): Promise<string> {
  const ingress = await session.get<Ingress>(subject);
  const { metadata, spec, status } = ingress;
  const out = session.paper();
  const backend = (of: IngressBackend): Promise<string> => backendText(session, subject.namespace, of);
  const addresses = (status.loadBalancer.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "");
  const fallback = spec.defaultBackend ? await backend(spec.defaultBackend) : "<default>";
  out.field("Name", metadata.name);
  writeLabels(out, "Labels", metadata.labels);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("Address", [...new Set(addresses.filter((address) => address !== ""))].sort().join(","));
  out.field("Ingress Class", spec.ingressClassName ?? "<none>");
  out.field("Default backend", fallback);
  if (spec.tls?.length) {
    out.line(0, "TLS:");
    for (const { secretName = "", hosts = [] } of spec.tls)
      out.line(1, `${secretName === "" ? "SNI routes" : `${secretName} terminates`} ${hosts.join(",")}`);
  }
  out.line(0, "Rules:\n  Host\tPath\tBackends");
  out.line(1, "----\t----\t--------");
  const rules = (spec.rules ?? []).filter(({ http }) => http !== undefined);
  for (const { host, http } of rules) {
    out.line(1, `${host || "*"}\t`);
    for (const path of http!.paths ?? []) out.line(2, `\t${path.path ?? ""} \t${await backend(path.backend)}`);
  }
  if (rules.length === 0) out.line(1, `*\t*\t${fallback}`);
  writeAnnotations(out, "Annotations", metadata.annotations);
  await session.events(out, ingress, "Ingress");
  return out.text;
}

/** Where a backend's traffic ends: `web:80 (10.244.1.5:8080)` (describeBackendV1). */
async function backendText(
  session: DescribeSession,
  namespace: string,
  { service, resource }: IngressBackend,
): Promise<string> {
  if (!service) {
    return resource ? `APIGroup: ${resource.apiGroup ?? "<none>"}, Kind: ${resource.kind}, Name: ${resource.name}` : "";
  }
  const { name, port } = service;
  const shown = `${name}:${port.number ? port.number : (port.name ?? "")}`;
  try {
    const labelSelector = [`kubernetes.io/service-name=${name}`];
    const slices = await session.list<EndpointSlice>(SLICES, namespace, { labelSelector }, 0);
    const { spec } = await session.get<Service>({ mapping: SERVICES, namespace, name });
    const named = spec.ports?.findLast((one) => (port.number ? port.number === one.port : port.name === one.name));
    return `${shown} (${endpointsText(slices, named?.name ?? "")})`;
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return `${shown} (<error: ${error.message}>)`;
  }
}

/** kubectl pkg/describe IngressClassDescriber */
export async function describeIngressClass(session: DescribeSession, subject: Subject): Promise<string> {
  const ingressClass = await session.get<IngressClass>(subject);
  const { metadata, spec } = ingressClass;
  const out = session.paper();
  out.field("Name", metadata.name);
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Controller", spec.controller ?? "");
  if (spec.parameters) {
    out.line(0, "Parameters:");
    if (spec.parameters.apiGroup !== undefined) out.field("APIGroup", spec.parameters.apiGroup, 1);
    out.field("Kind", spec.parameters.kind, 1);
    out.field("Name", spec.parameters.name, 1);
  }
  await session.events(out, ingressClass, "IngressClass");
  return out.text;
}
