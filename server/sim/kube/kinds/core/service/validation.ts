import {
  cidrErrors, duplicate, forbidden, go, goStruct, invalid, invalidEach, ipErrors, names, notSupported, required,
  specialIpErrors, validateLabels, type FieldErrors, type Service, type ServicePort, type ServiceSpec,
} from "../../../api/index.ts"; // prettier-ignore
import { validatePort, validatePortNumber, validateProtocol } from "../../pod-template/ports.ts";
import { validateClusterIps, validateClusterIpUpdate, validateFamilyUpdate } from "./cluster-ips.ts";
import { isExternallyAccessible, isHeadless, needsHealthCheck } from "./facts.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];
const POLICIES = ["Cluster", "Local"];
const DISTRIBUTIONS = ["PreferClose"];
const MAX_AFFINITY = 86_400;
const EXTERNAL_NAME = "may not be set for ExternalName services";
const LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";

/** pkg/apis/core/validation ValidateService, in its order. */
export function validateService(service: Service): FieldErrors {
  const { spec } = service;
  const { type, ports = [] } = spec;
  const headless = isHeadless(service);
  const found: FieldErrors = [];
  if (ports.length === 0 && !headless && type !== "ExternalName") found.push(required("spec.ports"));
  found.push(...validateType(spec, headless));
  const seen = new Set<string>();
  for (const [index, port] of ports.entries())
    found.push(...validateServicePort(port, ports.length > 1, seen, `spec.ports[${index}]`));
  found.push(
    ...validateLabels(spec.selector, "spec.selector"),
    ...validateAffinity(spec),
    ...validateClusterIps(service),
  );
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    const at = `spec.externalIPs[${index}]`;
    const problems = ipErrors(at, address);
    found.push(...(problems.length > 0 ? problems : specialIpErrors(at, address)));
  }
  if (!type) found.push(required("spec.type"));
  else if (!TYPES.includes(type)) found.push(notSupported("spec.type", type, TYPES));
  found.push(...validatePortSet(type, ports), ...validateLoadBalancer(spec));
  found.push(...validateExternalTraffic(service), ...validateInternalTraffic(spec));
  const { trafficDistribution } = spec;
  if (trafficDistribution !== undefined && !DISTRIBUTIONS.includes(trafficDistribution))
    found.push(notSupported("spec.trafficDistribution", trafficDistribution, DISTRIBUTIONS));
  return found;
}

export function validateServiceUpdate(service: Service, old: Service): FieldErrors {
  const found = [...validateClusterIpUpdate(service, old), ...validateFamilyUpdate(service, old)];
  const before = old.spec.loadBalancerClass;
  if (
    old.spec.type === "LoadBalancer" &&
    service.spec.type === "LoadBalancer" &&
    before !== service.spec.loadBalancerClass
  )
    // prettier-ignore
    found.push(invalid("spec.loadBalancerClass", service.spec.loadBalancerClass, "may not change once set"));
  if (
    needsHealthCheck(old) &&
    needsHealthCheck(service) &&
    old.spec.healthCheckNodePort !== service.spec.healthCheckNodePort
  )
    found.push(forbidden("spec.healthCheckNodePort", "field is immutable"));
  return [...found, ...validateService(service)];
}

function validateType(
  { type, clusterIPs = [], ipFamilies = [], ipFamilyPolicy, externalName = "" }: ServiceSpec,
  headless: boolean,
): FieldErrors {
  if ((type === "LoadBalancer" || type === "NodePort") && headless)
    return [invalid("spec.clusterIPs[0]", clusterIPs[0], `may not be set to 'None' for ${type} services`)];
  if (type !== "ExternalName") return [];
  const found: FieldErrors = [];
  if (clusterIPs.length > 0) found.push(forbidden("spec.clusterIPs", EXTERNAL_NAME));
  if (ipFamilies.length > 0) found.push(forbidden("spec.ipFamilies", EXTERNAL_NAME));
  if (ipFamilyPolicy !== undefined) found.push(forbidden("spec.ipFamilyPolicy", EXTERNAL_NAME));
  const cname = externalName.replace(/\.$/, "");
  if (cname === "") found.push(required("spec.externalName"));
  else found.push(...invalidEach("spec.externalName", cname, names.subdomain(cname)));
  return found;
}

function validateServicePort(entry: ServicePort, needsName: boolean, seen: Set<string>, path: string): FieldErrors {
  const found: FieldErrors = [];
  const { name, port, protocol, targetPort, appProtocol } = entry;
  if (name) {
    found.push(...invalidEach(`${path}.name`, name, names.label(name)));
    if (seen.has(name)) found.push(duplicate(`${path}.name`, name));
    seen.add(name);
  } else if (needsName) found.push(required(`${path}.name`));
  found.push(
    ...validatePortNumber(port, `${path}.port`),
    ...validateProtocol(protocol, `${path}.protocol`),
    ...validatePort(targetPort, `${path}.targetPort`),
  );
  if (appProtocol !== undefined)
    found.push(...invalidEach(`${path}.appProtocol`, appProtocol, names.qualifiedName(appProtocol)));
  return found;
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldErrors {
  const path = "spec.sessionAffinityConfig";
  if (!sessionAffinity) return [required("spec.sessionAffinity")];
  if (!AFFINITIES.includes(sessionAffinity)) return [notSupported("spec.sessionAffinity", sessionAffinity, AFFINITIES)];
  if (sessionAffinity === "None")
    return sessionAffinityConfig ? [forbidden(path, "must not be set when session affinity is None")] : [];
  const why = "when session affinity type is ClientIP";
  if (!sessionAffinityConfig) return [required(path, why)];
  if (!sessionAffinityConfig.clientIP) return [required(`${path}.clientIP`, why)];
  const { timeoutSeconds } = sessionAffinityConfig.clientIP;
  if (timeoutSeconds === undefined) return [required(`${path}.clientIP.timeoutSeconds`, why)];
  return timeoutSeconds > 0 && timeoutSeconds <= MAX_AFFINITY
    ? []
    : [
        invalid(
          `${path}.clientIP.timeoutSeconds`,
          timeoutSeconds,
          `must be greater than 0 and less than ${MAX_AFFINITY}`,
        ),
      ];
}

/** What ports may not do together. */
function validatePortSet(type: string | undefined, ports: readonly ServicePort[]): FieldErrors {
  const found: FieldErrors = [];
  if (type === "ClusterIP")
    for (const [index, { nodePort }] of ports.entries())
      if (nodePort)
        found.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  const twin = (index: number, member: "nodePort" | "port"): boolean =>
    ports
      .slice(0, index)
      .some((one) => one.protocol === ports[index]!.protocol && one[member] === ports[index]![member]);
  for (const [index, { nodePort }] of ports.entries())
    if (nodePort && twin(index, "nodePort")) found.push(duplicate(`spec.ports[${index}].nodePort`, nodePort));
  for (const [index, entry] of ports.entries())
    if (twin(index, "port")) found.push(duplicate(`spec.ports[${index}]`, goServicePort(entry)));
  return found;
}

/** `%#v` of the key by which the server compares ports: protocol and number, all else zero. */
function goServicePort({ protocol = "", port }: ServicePort): ReturnType<typeof go> {
  return goStruct("core.ServicePort", {
    Name: "",
    Protocol: protocol,
    AppProtocol: go("(*string)(nil)"),
    Port: port,
    TargetPort: go('intstr.IntOrString{Type:0, IntVal:0, StrVal:""}'),
    NodePort: 0,
  });
}

function validateLoadBalancer(spec: ServiceSpec): FieldErrors {
  const { type, loadBalancerSourceRanges = [], allocateLoadBalancerNodePorts, loadBalancerClass } = spec;
  const balanced = type === "LoadBalancer";
  const found: FieldErrors = [];
  const path = "spec.LoadBalancerSourceRanges";
  if (loadBalancerSourceRanges.length > 0 && !balanced) found.push(forbidden(path, LOAD_BALANCER));
  for (const [index, range] of loadBalancerSourceRanges.entries())
    found.push(...cidrErrors(`${path}[${index}]`, range.trim()));
  if (allocateLoadBalancerNodePorts !== undefined && !balanced)
    found.push(forbidden("spec.allocateLoadBalancerNodePorts", LOAD_BALANCER));
  if (loadBalancerClass === undefined) return found;
  if (!balanced) return [...found, forbidden("spec.loadBalancerClass", LOAD_BALANCER)];
  return [
    ...found,
    ...invalidEach("spec.loadBalancerClass", loadBalancerClass, names.qualifiedName(loadBalancerClass)),
  ];
}

function validateExternalTraffic(service: Service): FieldErrors {
  const { externalTrafficPolicy: policy, healthCheckNodePort: port = 0 } = service.spec;
  const [path, portPath] = ["spec.externalTrafficPolicy", "spec.healthCheckNodePort"];
  const found: FieldErrors = [];
  if (!isExternallyAccessible(service)) {
    if (policy) found.push(invalid(path, policy, "may only be set for externally-accessible services"));
  } else if (!policy) found.push(required(path));
  else if (!POLICIES.includes(policy)) found.push(notSupported(path, policy, POLICIES));
  if (needsHealthCheck(service))
    return [...found, ...(port === 0 ? [required(portPath)] : validatePortNumber(port, portPath))];
  if (port !== 0)
    found.push(
      invalid(portPath, port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"),
    );
  return found;
}

function validateInternalTraffic({ type, internalTrafficPolicy: policy }: ServiceSpec): FieldErrors {
  const path = "spec.internalTrafficPolicy";
  if (policy === undefined) return type === "ExternalName" ? [] : [required(path)];
  return POLICIES.includes(policy) ? [] : [notSupported(path, policy, POLICIES)];
}

/** pkg/apis/core/validation ValidateLoadBalancerStatus */
export function validateServiceStatus({ spec, status }: Service): FieldErrors {
  const path = "status.loadBalancer.ingress";
  const { ingress = [] } = status.loadBalancer;
  const found: FieldErrors = [];
  if (ingress.length > 0 && spec.type !== "LoadBalancer")
    found.push(forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'"));
  for (const [index, { ip, hostname, ipMode }] of ingress.entries()) {
    const at = `${path}[${index}]`;
    if (ip) found.push(...ipErrors(`${at}.ip`, ip));
    if (ip && ipMode === undefined) found.push(required(`${at}.ipMode`, "must be specified when `ip` is set"));
    if (ipMode !== undefined && !ip) found.push(forbidden(`${at}.ipMode`, "may not be specified when `ip` is not set"));
    else if (ipMode !== undefined && !["Proxy", "VIP"].includes(ipMode))
      found.push(notSupported(`${at}.ipMode`, ipMode, ["Proxy", "VIP"]));
    if (!hostname) continue;
    found.push(...invalidEach(`${at}.hostname`, hostname, names.subdomain(hostname)));
    if (ipErrors("", hostname).length === 0)
      found.push(invalid(`${at}.hostname`, hostname, "must be a DNS name, not an IP address"));
  }
  return found;
}
