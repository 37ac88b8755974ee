import type { Service } from "../../api/index.ts";

/** The variables that tell of Services (pkg/kubelet/envvars/envvars.go FromServices). */
export function serviceVariables(services: readonly Service[]): [name: string, value: string][] {
  return services.flatMap((service) => {
    const { clusterIP = "", ports = [] } = service.spec;
    const prefix = variableName(service.metadata.name);
    const [first] = ports;
    if (!first) return [];
    const variables: [string, string][] = [
      [`${prefix}_SERVICE_HOST`, clusterIP],
      [`${prefix}_SERVICE_PORT`, String(first.port)],
    ];
    for (const { name, port } of ports)
      if (name) variables.push([`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port)]);
    for (const [index, { port, protocol = "TCP" }] of ports.entries()) {
      const host = clusterIP.includes(":") ? `[${clusterIP}]` : clusterIP;
      const url = `${protocol.toLowerCase()}://${host}:${port}`;
      if (index === 0) variables.push([`${prefix}_PORT`, url]);
      const portPrefix = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
      variables.push(
        [portPrefix, url],
        [`${portPrefix}_PROTO`, protocol.toLowerCase()],
        [`${portPrefix}_PORT`, String(port)],
        [`${portPrefix}_ADDR`, clusterIP],
      );
    }
    return variables;
  });
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

/** Services that Pods of a namespace see: those of the namespace if it wants them, and always that of the API. */
export function linkedServices(
  own: readonly Service[],
  apiService: Service | undefined,
  enabled: boolean,
): readonly Service[] {
  const chosen = new Map<string, Service>();
  const set = ({ spec }: Service): boolean =>
    spec.clusterIP !== undefined && spec.clusterIP !== "" && spec.clusterIP !== "None";
  if (apiService && set(apiService)) chosen.set(apiService.metadata.name, apiService);
  if (enabled) for (const service of own) if (set(service)) chosen.set(service.metadata.name, service);
  return [...chosen.values()];
}
