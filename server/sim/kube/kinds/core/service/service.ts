import {
  age, AGE, anyKind, cidrWarnings, ipWarnings, NAME, names, selectorOfLabels, selectorText, type Cell, type Column, type Draft, type Kind,
  type Service,
} from "../../../api/index.ts"; // prettier-ignore
import { endpoints } from "../endpoints.ts";
import { keepAddresses } from "./addresses.ts";
import { proxySubresource } from "../proxy.ts";
import { allocate, reallocate } from "./allocation.ts";
import { dropTypeDependent, normalizeClusterIps, patchAllocated } from "./carry-over.ts";
import { needsNodePorts } from "./facts.ts";
import { validateService, validateServiceStatus, validateServiceUpdate } from "./validation.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Type" },
  { name: "Cluster-IP" },
  { name: "External-IP" },
  { name: "Port(s)" },
  AGE,
  { name: "Selector", priority: 1 },
];

export const services: Kind<Service> = {
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  singular: "service",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  registryPath: "/registry/services/specs",
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    spec.type ?? "",
    spec.clusterIPs?.[0] || "<none>",
    externalIps({ spec, status }),
    portsText(spec),
    age(metadata.creationTimestamp, now),
    selectorText(selectorOfLabels(spec.selector)) || "<none>",
  ],
  nameRule: names.forNames(names.label1035),
  fields: {
    "spec.clusterIP": ({ spec }) => spec.clusterIP ?? "",
    "spec.type": ({ spec }) => spec.type ?? "",
  },

  defaults(service) {
    const { spec, status } = service;
    spec.sessionAffinity ??= "None";
    if (spec.sessionAffinity === "None") delete spec.sessionAffinityConfig;
    if (spec.sessionAffinity === "ClientIP") {
      const clientIP = ((spec.sessionAffinityConfig ??= {}).clientIP ??= {});
      clientIP.timeoutSeconds ??= 10_800;
    }
    spec.type ??= "ClusterIP";
    for (const port of spec.ports ?? []) {
      port.protocol ??= "TCP";
      if (port.targetPort === 0 || port.targetPort === "") port.targetPort = port.port;
    }
    if (needsNodePorts(service) || (spec.type === "ClusterIP" && spec.externalIPs?.length))
      spec.externalTrafficPolicy ??= "Cluster";
    if (spec.type !== "ExternalName") spec.internalTrafficPolicy ??= "Cluster";
    if (spec.type !== "LoadBalancer") return;
    spec.allocateLoadBalancerNodePorts ??= true;
    for (const ingress of status.loadBalancer.ingress ?? []) if (ingress.ip) ingress.ipMode ??= "VIP";
  },
  beginCreate(service, context) {
    normalizeClusterIps(service, undefined);
    allocate(service, context);
  },
  beginUpdate(service, old, context) {
    patchAllocated(service, old);
    normalizeClusterIps(service, old);
    reallocate(service, old, context);
  },
  prepareCreate(service) {
    service.status = { loadBalancer: {} };
    dropInternalPolicy(service);
  },
  prepareUpdate(service, old) {
    service.status = { ...(old.status as Draft<Service["status"]>) };
    dropTypeDependent(service, old);
    dropInternalPolicy(service);
  },
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  warnings: serviceWarnings,
  createOnUpdate: true,
  returnsDeleted: true,
  /** Endpoints of the same name go with the Service, so that a new one does not begin with old addresses. */
  afterDelete(service, context) {
    const { metadata } = service;
    const kind = anyKind(endpoints);
    const stale = context.store.get(kind, metadata.namespace!, metadata.name);
    if (stale) context.store.delete(kind, stale);
    keepAddresses(undefined, service, context);
  },
  afterStore: keepAddresses,
  subresources: {
    proxy: proxySubresource("ServiceProxyOptions"),
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(service, old) {
        service.spec = old.spec as Draft<Service["spec"]>;
      },
      validateUpdate: validateServiceStatus,
    },
  },
};

const OLD_HINTS = "service.kubernetes.io/topology-aware-hints";

/** pkg/api/service/warnings.go */
function serviceWarnings({ metadata, spec }: Service): string[] {
  const { type, clusterIP, externalIPs = [], externalName, sessionAffinity, loadBalancerSourceRanges = [] } = spec;
  const found: string[] = [];
  if (metadata.annotations?.[OLD_HINTS] !== undefined)
    found.push(`annotation ${OLD_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  if (clusterIP !== "None")
    for (const [index, ip] of (spec.clusterIPs ?? []).entries())
      found.push(...ipWarnings(`spec.clusterIPs[${index}]`, ip));
  if (type === "ClusterIP" && clusterIP === "None") {
    if (spec.loadBalancerIP) found.push("spec.loadBalancerIP is ignored for headless services");
    if (externalIPs.length > 0) found.push("spec.externalIPs is ignored for headless services");
    if (sessionAffinity !== "None") found.push("spec.SessionAffinity is ignored for headless services");
  }
  for (const [index, ip] of externalIPs.entries()) found.push(...ipWarnings(`spec.externalIPs[${index}]`, ip));
  if (spec.loadBalancerIP) found.push(...ipWarnings("spec.loadBalancerIP", spec.loadBalancerIP));
  for (const [index, range] of loadBalancerSourceRanges.entries())
    found.push(...cidrWarnings(`spec.loadBalancerSourceRanges[${index}]`, range.trim()));
  if (type === "ExternalName" && externalIPs.length > 0)
    found.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (type !== "ExternalName" && externalName)
    found.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  return found;
}

/** The field means nothing for a name, and is not shown for one. */
function dropInternalPolicy({ spec }: Draft<Service>): void {
  if (spec.type === "ExternalName") delete spec.internalTrafficPolicy;
}

function externalIps({ spec, status }: Pick<Service, "spec" | "status">): string {
  const { type, externalIPs = [], externalName = "" } = spec;
  switch (type) {
    case "ClusterIP":
    case "NodePort":
      return externalIPs.length > 0 ? externalIPs.join(",") : "<none>";
    case "LoadBalancer": {
      const given = (status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname }) =>
        ip ? [ip] : hostname ? [hostname] : [],
      );
      const balanced = [...new Set(given)].sort().join(",");
      if (externalIPs.length > 0) return [...(balanced ? [balanced] : []), ...externalIPs].join(",");
      return balanced === "" ? "<pending>" : balanced;
    }
    case "ExternalName":
      return externalName;
    default:
      return "<unknown>";
  }
}

function portsText({ ports = [] }: Service["spec"]): string {
  const texts = ports.map(({ port, nodePort, protocol = "" }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return texts.length === 0 ? "<none>" : texts.join(",");
}
