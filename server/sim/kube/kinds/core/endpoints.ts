import {
  age, AGE, invalidEach, ipErrors, ipWarnings, NAME, names, required, specialIpErrors, type Column, type Endpoints, type EndpointSubset,
  type FieldErrors, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { validatePortNumber, validateProtocol } from "../pod-template/ports.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Endpoints" }, AGE];
const SHOWN = 3;

export const endpoints: Kind<Endpoints> = {
  group: "",
  version: "v1",
  kind: "Endpoints",
  plural: "endpoints",
  singular: "endpoints",
  shortNames: ["ep"],
  namespaced: true,
  registryPath: "/registry/services/endpoints",
  columns: COLUMNS,
  cells: ({ metadata, subsets = [] }, now) => [metadata.name, addresses(subsets), age(metadata.creationTimestamp, now)],
  nameRule: names.forNames(names.subdomain),
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  createOnUpdate: true,
  returnsDeleted: true,
  defaults({ subsets = [] }) {
    for (const { ports = [] } of subsets) for (const port of ports) port.protocol ??= "TCP";
  },
  // What the controller writes is in the right form (pkg/registry/core/endpoint/strategy.go endpointsWarnings).
  warnings: ({ metadata, subsets = [] }) =>
    metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller"
      ? []
      : subsets.flatMap(({ addresses: ready = [], notReadyAddresses: notReady = [] }, index) => [
          ...ready.flatMap(({ ip }, at) => ipWarnings(`subsets[${index}].addresses[${at}].ip`, ip)),
          ...notReady.flatMap(({ ip }, at) => ipWarnings(`subsets[${index}].notReadyAddresses[${at}].ip`, ip)),
        ]),
  validate: validateEndpoints,
  validateUpdate: validateEndpoints,
};

/** Ready addresses with their ports: the first three, and how many more there are. */
function addresses(subsets: readonly EndpointSubset[]): string {
  if (subsets.length === 0) return "<none>";
  const all = subsets.flatMap(({ addresses: ready = [], ports = [] }) =>
    ports.length === 0
      ? ready.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => ready.map(({ ip }) => `${ip.includes(":") ? `[${ip}]` : ip}:${port}`)),
  );
  const shown = all.slice(0, SHOWN).join(",");
  return all.length > SHOWN ? `${shown} + ${all.length - SHOWN} more...` : shown;
}

function validateEndpoints({ subsets = [] }: Endpoints): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, subset] of subsets.entries()) {
    const at = `subsets[${index}]`;
    const { addresses: ready = [], notReadyAddresses: notReady = [], ports = [] } = subset;
    if (ready.length + notReady.length === 0)
      found.push(required(at, "must specify `addresses` or `notReadyAddresses`"));
    for (const [member, list] of [
      ["addresses", ready],
      ["notReadyAddresses", notReady],
    ] as const) {
      for (const [position, { ip, hostname, nodeName }] of list.entries()) {
        const path = `${at}.${member}[${position}]`;
        found.push(...ipErrors(`${path}.ip`, ip));
        if (hostname) found.push(...invalidEach(`${path}.hostname`, hostname, names.label(hostname)));
        if (nodeName !== undefined) found.push(...invalidEach(`${path}.nodeName`, nodeName, names.subdomain(nodeName)));
        found.push(...specialIpErrors(`${path}.ip`, ip));
      }
    }
    for (const [position, { name, port, protocol, appProtocol }] of ports.entries()) {
      const path = `${at}.ports[${position}]`;
      if (!name && ports.length > 1) found.push(required(`${path}.name`));
      else if (name) found.push(...invalidEach(`${path}.name`, name, names.label(name)));
      found.push(...validatePortNumber(port, `${path}.port`), ...validateProtocol(protocol, `${path}.protocol`));
      if (appProtocol !== undefined)
        found.push(...invalidEach(`${path}.appProtocol`, appProtocol, names.qualifiedName(appProtocol)));
    }
  }
  return found;
}
