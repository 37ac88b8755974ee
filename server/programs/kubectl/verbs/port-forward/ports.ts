import type { Pod, Service } from "../../../../sim/kube/api/index.ts";
import { GoError } from "../../errors/go-error.ts";

/** A port here and the pod's port that it stands for. */
export interface ForwardedPort {
  readonly local: number;
  readonly remote: number;
}

/** `8080:80`, `80` or `:80` as two words. */
export function splitPort(port: string): readonly [local: string, remote: string] {
  const [local = "", remote] = port.split(":");
  return [local, remote ?? local];
}

/** Ports of a service as those of its pod; throws what the service does not have (kubectl pkg/cmd/portforward translateServicePortToTargetPort). */
export function servicePorts(ports: readonly string[], { metadata, spec }: Service, pod: Pod): string[] {
  return ports.map((port) => {
    const [given, remote] = splitPort(port);
    const isNumber = /^\d+$/.test(remote);
    const found = (spec.ports ?? []).find((one) => (isNumber ? one.port === Number(remote) : one.name === remote));
    if (!found)
      throw new GoError(
        isNumber
          ? `Service ${metadata.name} does not have a service port ${remote}`
          : `Service '${metadata.name}' does not have a named port '${remote}'`,
      );
    const local = given === remote ? String(found.port) : given;
    const headless = spec.clusterIP === "None";
    const target = headless ? found.port : (found.targetPort ?? found.port);
    return `${local}:${typeof target === "number" ? target : containerPort(pod, target)}`;
  });
}

/** Ports of a pod, by name or number. */
export function podPorts(ports: readonly string[], pod: Pod): string[] {
  return ports.map((port) => {
    const [given, remote] = splitPort(port);
    const number = /^\d+$/.test(remote) ? Number(remote) : containerPort(pod, remote);
    return `${given === remote ? String(number) : given}:${number}`;
  });
}

function containerPort({ metadata, spec }: Pod, name: string): number {
  const all = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports = [] }) => ports);
  const found = all.find((port) => port.name === name);
  if (!found) throw new GoError(`Pod '${metadata.name}' does not have a named port '${name}'`);
  return found.containerPort;
}

/** client-go tools/portforward parsePorts */
export function parsePorts(ports: readonly string[]): ForwardedPort[] {
  return ports.map((port) => {
    const parts = port.split(":");
    if (parts.length > 2) throw new GoError(`invalid port format '${port}'`);
    const [localText, remoteText] = splitPort(port);
    const number = (what: string, text: string): number => {
      if (text === "" && what === "local") return 0;
      const problem = !/^\d+$/.test(text) ? "invalid syntax" : Number(text) > 65_535 ? "value out of range" : undefined;
      if (problem !== undefined)
        throw new GoError(
          `error parsing ${what} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`,
        );
      return Number(text);
    };
    const local = number("local", localText);
    const remote = number("remote", remoteText);
    if (remote === 0) throw new GoError("remote port must be > 0");
    return { local, remote };
  });
}
