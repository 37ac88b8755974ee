import {
  forbidden, go, IMMUTABLE, invalid, invalidEach, ipErrors, names, notSupported, parseIp, required, tooLong,
  type FieldErrors, type HttpIngressPath, type Ingress, type IngressBackend, type IngressClass, type IngressClassParameters,
  type IngressRule, type IngressTls, type TypedLocalObjectReference,
} from "../../api/index.ts"; // prettier-ignore
import { validatePortNumber } from "../pod-template/ports.ts";

export const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
const BAD_SEQUENCES = ["//", "/./", "/../", "%2f", "%2F"];
const BAD_ENDS = ["/..", "/."];
const SCOPES = ["Cluster", "Namespace"];
const MAX_CONTROLLER = 250;
const NO_ADDRESS = "must be a DNS name, not an IP address";

/** pkg/apis/networking/validation ValidateIngressCreate. */
export function validateIngress(ingress: Ingress): FieldErrors {
  const { metadata, spec } = ingress;
  const found = validateSpec(ingress, false);
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  if (annotation !== undefined && spec.ingressClassName !== undefined && annotation !== spec.ingressClassName)
    found.push(
      invalid(`annotations.${CLASS_ANNOTATION}`, annotation, "must match `ingressClassName` when both are specified"),
    );
  return found;
}

/** What an old Ingress had wrong about its secrets may stay wrong. */
export function validateIngressUpdate(ingress: Ingress, old: Ingress): FieldErrors {
  const lenient = (old.spec.tls ?? []).some(({ secretName }) => secretName && names.subdomain(secretName).length > 0);
  return validateSpec(ingress, lenient);
}

export function validateIngressStatus({ status }: Ingress): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, { ip, hostname }] of (status.loadBalancer.ingress ?? []).entries()) {
    const at = `status.loadBalancer.ingress[${index}]`;
    if (ip) found.push(...ipErrors(`${at}.ip`, ip));
    if (!hostname) continue;
    found.push(...invalidEach(`${at}.hostname`, hostname, names.subdomain(hostname)));
    if (parseIp(hostname)) found.push(invalid(`${at}.hostname`, hostname, NO_ADDRESS));
  }
  return found;
}

function validateSpec({ spec }: Ingress, anySecret: boolean): FieldErrors {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  const found: FieldErrors = [];
  if (rules.length === 0 && !defaultBackend)
    found.push(
      invalid(
        "spec",
        go(`[]networking.IngressRule${spec.rules ? "{}" : "(nil)"}`),
        "either `defaultBackend` or `rules` must be specified",
      ),
    );
  if (defaultBackend) found.push(...validateBackend(defaultBackend, "spec.defaultBackend"));
  for (const [index, rule] of rules.entries()) found.push(...validateRule(rule, `spec.rules[${index}]`));
  for (const [index, entry] of tls.entries()) found.push(...validateTls(entry, anySecret, `spec.tls[${index}]`));
  if (ingressClassName !== undefined)
    found.push(...invalidEach("spec.ingressClassName", ingressClassName, names.subdomain(ingressClassName)));
  return found;
}

function hostErrors(host: string, path: string): FieldErrors {
  return invalidEach(path, host, host.includes("*") ? names.wildcardSubdomain(host) : names.subdomain(host));
}

function validateTls({ hosts = [], secretName }: IngressTls, anySecret: boolean, path: string): FieldErrors {
  const found = hosts.flatMap((host, index) => hostErrors(host, `${path}.hosts[${index}]`));
  if (secretName && !anySecret)
    found.push(...invalidEach(`${path}.secretName`, secretName, names.subdomain(secretName)));
  return found;
}

function validateRule({ host, http }: IngressRule, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (host) {
    if (parseIp(host)) found.push(invalid(`${path}.host`, host, NO_ADDRESS));
    found.push(...hostErrors(host, `${path}.host`));
  }
  if (!http) return found;
  if (!http.paths?.length) found.push(required(`${path}.http.paths`));
  for (const [index, entry] of (http.paths ?? []).entries())
    found.push(...validatePath(entry, `${path}.http.paths[${index}]`));
  return found;
}

function validatePath({ path = "", pathType, backend }: HttpIngressPath, at: string): FieldErrors {
  if (pathType === undefined || pathType === null) return [required(`${at}.pathType`, "pathType must be specified")];
  const found: FieldErrors = [];
  const field = `${at}.path`;
  if (!PATH_TYPES.includes(pathType)) found.push(notSupported(`${at}.pathType`, pathType, PATH_TYPES));
  else if (pathType === "ImplementationSpecific") {
    if (path !== "" && !path.startsWith("/")) found.push(invalid(field, path, "must be an absolute path"));
  } else {
    if (!path.startsWith("/")) found.push(invalid(field, path, "must be an absolute path"));
    for (const bad of BAD_SEQUENCES)
      if (path.includes(bad)) found.push(invalid(field, path, `must not contain '${bad}'`));
    for (const bad of BAD_ENDS) if (path.endsWith(bad)) found.push(invalid(field, path, `cannot end with '${bad}'`));
  }
  return [...found, ...validateBackend(backend, `${at}.backend`)];
}

function validateBackend({ service, resource }: IngressBackend, path: string): FieldErrors {
  if (resource && service) return [invalid(path, "", "cannot set both resource and service backends")];
  if (resource) return validateReference(resource, `${path}.resource`);
  if (!service) return [invalid(path, "", "resource or service backend is required")];
  const found: FieldErrors = [];
  const { name, port } = service;
  if (name === "") found.push(required(`${path}.service.name`));
  else found.push(...invalidEach(`${path}.service.name`, name, names.label1035(name)));
  if (port.name && port.number) found.push(invalid(path, "", "cannot set both port name & port number"));
  else if (port.name) found.push(...invalidEach(`${path}.service.port.name`, port.name, names.portName(port.name)));
  else if (port.number) found.push(...validatePortNumber(port.number, `${path}.service.port.number`));
  else found.push(required(path, "port name or number is required"));
  return found;
}

function validateReference({ apiGroup, kind, name }: TypedLocalObjectReference, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (apiGroup !== undefined && apiGroup !== null)
    found.push(...invalidEach(`${path}.apiGroup`, apiGroup, names.subdomain(apiGroup)));
  if (kind === "") found.push(required(`${path}.kind`, "kind is required"));
  else found.push(...invalidEach(`${path}.kind`, kind, names.pathSegment(kind)));
  if (name === "") found.push(required(`${path}.name`, "name is required"));
  else found.push(...invalidEach(`${path}.name`, name, names.pathSegment(name)));
  return found;
}

export function validateIngressClass({ spec }: IngressClass): FieldErrors {
  const { controller = "", parameters } = spec;
  const found: FieldErrors = [];
  if (controller.length > MAX_CONTROLLER) found.push(tooLong("spec.controller", MAX_CONTROLLER));
  found.push(...validateController(controller, "spec.controller"));
  if (parameters) found.push(...validateParameters(parameters, "spec.parameters"));
  return found;
}

export function validateIngressClassUpdate(next: IngressClass, old: IngressClass): FieldErrors {
  const fixed =
    next.spec.controller === old.spec.controller
      ? []
      : [invalid("spec.controller", next.spec.controller ?? "", IMMUTABLE)];
  return [...fixed, ...validateIngressClass(next)];
}

/** apimachinery/pkg/util/validation IsDomainPrefixedPath */
function validateController(controller: string, path: string): FieldErrors {
  if (controller === "") return [required(path)];
  const slash = controller.indexOf("/");
  const [host, rest] = [controller.slice(0, Math.max(slash, 0)), controller.slice(slash + 1)];
  if (host === "" || rest === "")
    return [invalid(path, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  return [...invalidEach(path, host, names.subdomain(host)), ...invalidEach(path, rest, names.httpPath(rest))];
}

function validateParameters(parameters: IngressClassParameters, path: string): FieldErrors {
  const found = validateReference(parameters, path);
  const { scope, namespace } = parameters;
  if (scope === undefined) return [...found, required(`${path}.scope`)];
  if (!SCOPES.includes(scope)) return [...found, notSupported(`${path}.scope`, scope, SCOPES)];
  const at = `${path}.namespace`;
  if (scope === "Cluster")
    return namespace === undefined ? found : [...found, forbidden(at, "`parameters.scope` is set to 'Cluster'")];
  if (namespace === undefined) return [...found, required(at, "`parameters.scope` is set to 'Namespace'")];
  return [...found, ...invalidEach(at, namespace, names.label(namespace))];
}
