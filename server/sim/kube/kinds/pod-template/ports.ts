import {
  duplicate,
  invalid,
  invalidEach,
  names,
  notSupported,
  required,
  type Container,
  type ContainerPort,
  type FieldErrors,
  type IntOrString,
} from "../../api/index.ts";

export const PROTOCOLS = ["SCTP", "TCP", "UDP"];

export function validatePortNumber(port: number, path: string): FieldErrors {
  return invalidEach(path, port, names.portNumber(port));
}

/** A port by number or by name (ValidatePortNumOrName). */
export function validatePort(port: IntOrString, path: string): FieldErrors {
  return typeof port === "number" ? validatePortNumber(port, path) : invalidEach(path, port, names.portName(port));
}

export function validateProtocol(protocol: string | undefined, path: string): FieldErrors {
  if (!protocol) return [required(path)];
  return PROTOCOLS.includes(protocol) ? [] : [notSupported(path, protocol, PROTOCOLS)];
}

export function validateContainerPorts(ports: readonly ContainerPort[], path: string): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${path}[${index}]`;
    if (port.name) {
      const messages = names.portName(port.name);
      if (messages.length > 0) found.push(...invalidEach(`${at}.name`, port.name, messages));
      else if (seen.has(port.name)) found.push(duplicate(`${at}.name`, port.name));
      else seen.add(port.name);
    }
    if (port.containerPort === 0) found.push(required(`${at}.containerPort`));
    else found.push(...validatePortNumber(port.containerPort, `${at}.containerPort`));
    if (port.hostPort) found.push(...validatePortNumber(port.hostPort, `${at}.hostPort`));
    found.push(...validateProtocol(port.protocol, `${at}.protocol`));
  }
  return found;
}

/** Ports of the host that two containers want (AccumulateUniqueHostPorts). */
export function validateHostPorts(containers: readonly Container[], path: string): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [at, { hostPort, hostIP = "", protocol = "" }] of (container.ports ?? []).entries()) {
      if (!hostPort) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (seen.has(key)) found.push(duplicate(`${path}[${index}].ports[${at}].hostPort`, key));
      seen.add(key);
    }
  }
  return found;
}

/** On the host's network a container's port is the host's. */
export function validateHostNetworkPorts(containers: readonly Container[], path: string, isPod: boolean): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, container] of containers.entries()) {
    for (const [at, { hostPort = 0, containerPort }] of (container.ports ?? []).entries()) {
      if ((isPod || hostPort !== 0) && hostPort !== containerPort)
        found.push(
          invalid(
            `${path}[${index}].ports[${at}].hostPort`,
            hostPort,
            "must match `containerPort` when `hostNetwork` is true",
          ),
        );
    }
  }
  return found;
}
