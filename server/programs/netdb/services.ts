import type { Host } from "../../sim/host/index.ts";

/** A line of /etc/services. */
export interface Service {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly aliases: readonly string[];
}

export function allServices(host: Host): Service[] {
  return (host.readText("/etc/services") ?? "").split("\n").flatMap((line) => {
    const [name, where, ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    const [, port, protocol] = /^(\d+)\/(\w+)$/.exec(where ?? "") ?? [];
    return port === undefined ? [] : [{ name: name!, port: Number(port), protocol: protocol!, aliases }];
  });
}

/** getservbyname(3); any protocol if none is given. */
export function serviceByName(host: Host, name: string, protocol?: string): Service | undefined {
  return allServices(host).find(
    (service) =>
      (service.name === name || service.aliases.includes(name)) &&
      (protocol === undefined || service.protocol === protocol),
  );
}

/** getservbyport(3) */
export function serviceByPort(host: Host, port: number, protocol?: string): Service | undefined {
  return allServices(host).find(
    (service) => service.port === port && (protocol === undefined || service.protocol === protocol),
  );
}
