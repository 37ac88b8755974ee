import {
  age, AGE, duplicate, IMMUTABLE, invalid, invalidEach, ipErrors, ipWarnings, isIpv6, NAME, names, notSupported, required, sameJson, specialIpErrors, tooMany,
  type Column, type Draft, type Endpoint, type EndpointPort, type EndpointSlice, type FieldErrors, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { PROTOCOLS } from "../pod-template/ports.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "AddressType" }, { name: "Ports" }, { name: "Endpoints" }, AGE];
const SHOWN = 3;
const TYPES = ["FQDN", "IPv4", "IPv6"];
const MAX_ENDPOINTS = 1_000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_ZONES = 8;

export const endpointSlices: Kind<EndpointSlice> = {
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  singular: "endpointslice",
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, addressType, ports, endpoints }, now) => [
    metadata.name,
    addressType,
    firstOf((ports ?? []).map(portText)),
    firstOf((endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])),
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  defaults({ ports }) {
    for (const port of ports ?? []) {
      port.name ??= "";
      port.protocol ??= "TCP";
    }
  },
  prepareCreate(slice) {
    slice.metadata.generation = 1;
    dropDisabledFields(slice);
  },
  prepareUpdate(slice, old) {
    dropDisabledFields(slice);
    const content = ({
      addressType,
      endpoints,
      ports,
      metadata,
    }: Pick<EndpointSlice, "addressType" | "endpoints" | "ports"> & { metadata: { labels?: unknown } }): unknown => [
      addressType,
      endpoints,
      ports,
      metadata.labels,
    ];
    if (!sameJson(content(slice), content(old))) slice.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateSlice,
  warnings: sliceWarnings,
  validateUpdate(next, old) {
    const fixed = next.addressType === old.addressType ? [] : [invalid("addressType", next.addressType, IMMUTABLE)];
    return [...validateSlice(next), ...fixed];
  },
};

/** PreferSameTrafficDistribution is off in v1.33, and v1 has no topology (pkg/registry/discovery/endpointslice/strategy.go). */
function dropDisabledFields({ endpoints }: Draft<EndpointSlice>): void {
  for (const endpoint of endpoints ?? []) {
    delete endpoint.hints?.forNodes;
    delete endpoint.deprecatedTopology;
  }
}

/** What the two controllers write is in the right form. */
const CONTROLLERS = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

function sliceWarnings({ metadata, addressType, endpoints }: EndpointSlice): string[] {
  if (addressType === "FQDN") return ["spec.addressType: FQDN endpoints are deprecated"];
  if (CONTROLLERS.includes(metadata.labels?.["endpointslice.kubernetes.io/managed-by"] ?? "")) return [];
  return (endpoints ?? []).flatMap(({ addresses }, index) =>
    (addresses ?? []).flatMap((address, at) => ipWarnings(`endpoints[${index}].addresses[${at}]`, address)),
  );
}

function portText({ port, name }: EndpointPort): string {
  return port === undefined ? (name ?? "*") : String(port);
}

/** The first three, and how many more there are. */
function firstOf(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN).join(",");
  return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown || "<unset>";
}

/** pkg/apis/discovery/validation */
function validateSlice({ addressType, endpoints, ports }: EndpointSlice): FieldErrors {
  const found: FieldErrors = [];
  if (!addressType) found.push(required("addressType"));
  else if (!TYPES.includes(addressType)) found.push(notSupported("addressType", addressType, TYPES));
  if ((endpoints?.length ?? 0) > MAX_ENDPOINTS) found.push(tooMany("endpoints", endpoints!.length, MAX_ENDPOINTS));
  else
    for (const [index, endpoint] of (endpoints ?? []).entries())
      found.push(...validateEndpoint(endpoint, addressType, `endpoints[${index}]`));
  if ((ports?.length ?? 0) > MAX_PORTS) return [...found, tooMany("ports", ports!.length, MAX_PORTS)];
  const seen = new Set<string>();
  for (const [index, port] of (ports ?? []).entries()) found.push(...validateSlicePort(port, seen, `ports[${index}]`));
  return found;
}

function validateEndpoint(endpoint: Endpoint, type: string, path: string): FieldErrors {
  const { addresses, hostname, nodeName, hints } = endpoint;
  const found: FieldErrors = [];
  if (!addresses?.length) found.push(required(`${path}.addresses`, "must contain at least 1 address"));
  else if (addresses.length > MAX_ADDRESSES) found.push(tooMany(`${path}.addresses`, addresses.length, MAX_ADDRESSES));
  for (const [index, address] of (addresses ?? []).entries())
    found.push(...validateAddress(address, type, `${path}.addresses[${index}]`));
  if (nodeName !== undefined) found.push(...invalidEach(`${path}.nodeName`, nodeName, names.subdomain(nodeName)));
  if (hostname !== undefined) found.push(...invalidEach(`${path}.hostname`, hostname, names.label(hostname)));
  return [...found, ...validateHints(hints?.forZones ?? [], `${path}.hints.forZones`)];
}

function validateAddress(address: string, type: string, path: string): FieldErrors {
  if (type === "FQDN") return validateDomain(address, path);
  if (type !== "IPv4" && type !== "IPv6") return [];
  const problems = ipErrors(path, address);
  if (problems.length > 0) return problems;
  const family = isIpv6(address) === (type === "IPv6") ? [] : [invalid(path, address, `must be an ${type} address`)];
  return [...family, ...specialIpErrors(path, address)];
}

/** apimachinery/pkg/util/validation IsFullyQualifiedDomainName */
function validateDomain(address: string, path: string): FieldErrors {
  if (address === "") return [required(path)];
  const name = address.replace(/\.$/, "");
  const problems = names.subdomain(name);
  if (problems.length > 0) return [invalid(path, name, problems.join(","))];
  if (!name.includes("."))
    return [invalid(path, name, "should be a domain with at least two segments separated by dots")];
  const long = name.split(".").find((label) => names.label(label).length > 0);
  return long === undefined ? [] : [invalid(path, long, names.label(long).join(","))];
}

function validateHints(zones: readonly { readonly name: string }[], path: string): FieldErrors {
  if (zones.length > MAX_ZONES) return [tooMany(path, zones.length, MAX_ZONES)];
  return zones.flatMap(({ name }, index) => {
    const at = `${path}[${index}].name`;
    const twice = zones.findIndex((zone) => zone.name === name) < index ? [duplicate(at, name)] : [];
    return [...twice, ...invalidEach(at, name, names.labelValue(name))];
  });
}

function validateSlicePort(
  { name = "", protocol, appProtocol }: EndpointPort,
  seen: Set<string>,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  if (name !== "") found.push(...invalidEach(`${path}.name`, name, names.label(name)));
  if (seen.has(name)) found.push(duplicate(`${path}.name`, name));
  seen.add(name);
  if (!protocol) found.push(required(`${path}.protocol`));
  else if (!PROTOCOLS.includes(protocol)) found.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  if (appProtocol !== undefined)
    found.push(...invalidEach(`${path}.appProtocol`, appProtocol, names.qualifiedName(appProtocol)));
  return found;
}
