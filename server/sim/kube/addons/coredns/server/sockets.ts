import type { DaemonProcess } from "../../../../host/index.ts";
import { closeSocket, namespaceOf, openSocket, socketsOf, type Errno } from "../../../../net/index.ts";
import type { HealthConfig } from "../plugins/health.ts";
import type { HttpAddress } from "../plugins/http-address.ts";
import { serverName, type InstanceConfig } from "./instance.ts";

export const DNS_SERVER = "coredns";
export const HEALTH_SERVER = "coredns/health";
export const READY_SERVER = "coredns/ready";
export const METRICS_SERVER = "coredns/metrics";

/** What the rows of its sockets hold. */
export interface CoreDnsSocket {
  readonly pid: number;
  /** `dns://:53` */
  readonly server: string;
}

interface Wanted {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  readonly application: string;
  readonly server: string;
}

const WORDS: Partial<Record<Errno, string>> = {
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  EACCES: "permission denied",
};

/** The sockets of the plugins that serve HTTP. */
export function pluginSockets({ blocks }: InstanceConfig): Wanted[] {
  return blocks.flatMap(({ plugins }) =>
    plugins.flatMap(({ name, config }): Wanted[] => {
      if (name === "health") return [http((config as HealthConfig).address, HEALTH_SERVER)];
      if (name === "ready") return [http(config as HttpAddress, READY_SERVER)];
      if (name === "prometheus") return [http(config as HttpAddress, METRICS_SERVER)];
      return [];
    }),
  );
}

/** The sockets of the DNS servers: one for each address and protocol. */
export function serverSockets({ blocks }: InstanceConfig): Wanted[] {
  return blocks.flatMap(({ addresses, listen }) =>
    addresses.flatMap(({ transport, port }) =>
      listen.flatMap((address) => {
        const server = serverName(transport, address, port);
        const common = { address, port: Number(port), application: DNS_SERVER, server };
        return [
          { ...common, protocol: "tcp" as const },
          { ...common, protocol: "udp" as const },
        ];
      }),
    ),
  );
}

function http({ host, port }: HttpAddress, application: string): Wanted {
  return { protocol: "tcp", address: host === "localhost" ? "127.0.0.1" : host, port, application, server: "" };
}

/** Opens those that are not open yet; the first error in Go's words. */
export function openSockets(self: DaemonProcess, wanted: readonly Wanted[]): string | undefined {
  const ns = namespaceOf(self);
  const open = new Set(
    socketsOf(ns, self.pid).sockets.map((row) => key({ ...row, application: row.application ?? "" })),
  );
  for (const spec of wanted) {
    const address = spec.address === "" ? "::" : spec.address;
    if (open.has(key({ ...spec, address }))) continue;
    open.add(key({ ...spec, address }));
    const args: CoreDnsSocket = { pid: self.pid, server: spec.server };
    const opened = openSocket(ns, {
      protocol: spec.protocol,
      address,
      port: spec.port,
      ...(spec.protocol === "tcp" ? { backlog: 4096 } : {}),
      ...(spec.address === "" ? { v6only: false } : {}),
      reuseAddress: spec.protocol === "tcp",
      pid: self.pid,
      uid: self.uid,
      application: spec.application,
      args,
    });
    if (opened.ok) continue;
    const shown = spec.address.includes(":") ? `[${spec.address}]` : spec.address;
    return `listen ${spec.protocol} ${shown}:${spec.port}: bind: ${WORDS[opened.errno] ?? opened.errno.toLowerCase()}`;
  }
  return undefined;
}

/** Closes the sockets of the process that are not among those. */
export function closeOtherSockets(self: DaemonProcess, wanted: readonly Wanted[]): void {
  const ns = namespaceOf(self);
  const kept = new Set(wanted.map((spec) => key({ ...spec, address: spec.address === "" ? "::" : spec.address })));
  for (const row of socketsOf(ns, self.pid).sockets)
    if (!kept.has(key({ ...row, application: row.application ?? "" }))) closeSocket(ns, row.id);
}

function key(spec: { protocol: string; address: string; port: number; application: string }): string {
  return `${spec.protocol} ${spec.address} ${spec.port} ${spec.application}`;
}
