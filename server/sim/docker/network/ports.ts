import { openSocket } from "../../net/index.ts";
import type { Engine, Refused } from "../engine.ts";
import type { BoundPort, DockerContainer, NetworkRow, PortSpec } from "../rows.ts";
import { Firewall, portRules } from "./firewall.ts";

const PROXY = "/usr/bin/docker-proxy";
export const PROXY_APPLICATION = "docker-proxy";

/** Where docker-proxy passes on what it takes: plain data of its sockets. */
export interface ProxyTarget {
  readonly address: string;
  readonly port: number;
  /** The machine's network, from which it connects. */
  readonly ns: string;
}

/** Ephemeral ports of the engine (portallocator): those of the kernel. */
const [FIRST, LAST] = [32_768, 60_999];

/** Publishes the ports of a container in a network: rules, and docker-proxy for both families. */
export function publish(
  engine: Engine,
  container: DockerContainer,
  network: NetworkRow,
  endpointId: string,
  address: string,
): BoundPort[] | Refused {
  const bound: BoundPort[] = [];
  for (const wanted of wantedPorts(engine, container)) {
    const done = bind(engine, network, address, wanted);
    if (!("error" in done)) {
      bound.push(...done);
      continue;
    }
    unpublish(engine, network, address, bound);
    return {
      error: `failed to set up container networking: driver failed programming external connectivity on endpoint ${container.name} (${endpointId}): ${done.error}`,
    };
  }
  return bound;
}

/** What is published: by `-p`, and with `-P` all that the image or `--expose` names besides. */
function wantedPorts(engine: Engine, { id, spec }: DockerContainer): readonly PortSpec[] {
  if (!spec.publishAll) return spec.ports;
  const named = new Set(spec.ports.map(({ container }) => container));
  const image = engine.runtime.source.byName(engine.task(id).image);
  const exposed = [...new Set([...(image?.config.exposedPorts ?? []), ...spec.exposed])];
  const open = exposed.filter((port) => !named.has(port));
  return [...spec.ports, ...open.map((container) => ({ container, hostIp: "", hostPort: 0 }))];
}

function bind(engine: Engine, network: NetworkRow, address: string, wanted: PortSpec): BoundPort[] | Refused {
  const [port = "", protocol = "tcp"] = wanted.container.split("/");
  const addresses = wanted.hostIp === "" ? ["0.0.0.0", "::"] : [wanted.hostIp];
  const bound: BoundPort[] = [];
  let hostPort = wanted.hostPort;
  if (hostPort === 0) hostPort = freePort(engine, protocol);
  for (const hostIp of addresses) {
    const shown = `${hostIp.includes(":") ? `[${hostIp}]` : hostIp}:${hostPort}`;
    if (isBound(engine, hostIp, hostPort, protocol)) {
      unpublish(engine, network, address, bound);
      return { error: `Bind for ${shown} failed: port is already allocated` };
    }
    const made = proxy(engine, { hostIp, hostPort, protocol, address, port: Number(port) });
    if ("error" in made) {
      unpublish(engine, network, address, bound);
      return { error: `failed to bind host port for ${shown}:${address}:${wanted.container}: ${made.error}` };
    }
    if (!hostIp.includes(":"))
      portRules(new Firewall(engine.ns), network, { protocol, hostIp, hostPort, address, port: Number(port) }, true);
    bound.push({ container: wanted.container, hostIp, hostPort, pids: [made.pid] });
  }
  return bound;
}

interface Proxied {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** The process that takes connections which no rule redirects: over lo, and IPv6. */
function proxy(
  engine: Engine,
  { hostIp, hostPort, protocol, address, port }: Proxied,
): { readonly pid: number } | Refused {
  const { machine, host, ns } = engine;
  const parent = machine.process(engine.pid!)!;
  const argv = [PROXY, "-proto", protocol, "-host-ip", hostIp, "-host-port", String(hostPort), "-container-ip", address, "-container-port", String(port), "-use-listen-fd"]; // prettier-ignore
  const pid = machine.addProcess(host, {
    host: host.name,
    ppid: parent.pid,
    pgid: parent.pgid,
    sid: parent.sid,
    uid: 0,
    gid: 0,
    groups: [0],
    umask: 0o022,
    cwd: "/",
    env: {},
    comm: "docker-proxy",
    argv,
    exe: PROXY,
  });
  const target: ProxyTarget = { address, port, ns: ns.id };
  const opened = openSocket(ns, {
    protocol: protocol === "udp" ? "udp" : "tcp",
    address: hostIp,
    port: hostPort,
    v6only: hostIp === "::",
    pid,
    application: PROXY_APPLICATION,
    args: target,
    ...(protocol === "udp" ? {} : { backlog: 4096, reuseAddress: true }),
  });
  if (opened.ok) return { pid };
  machine.endDaemon(pid, { signal: "SIGKILL" });
  return {
    error:
      opened.errno === "EADDRINUSE"
        ? "address already in use"
        : `listen ${protocol} ${hostIp}:${hostPort}: bind: cannot assign requested address`,
  };
}

/** Takes published ports back. */
export function unpublish(engine: Engine, network: NetworkRow, address: string, bound: readonly BoundPort[]): void {
  for (const { container, hostIp, hostPort, pids } of bound) {
    const [port = "", protocol = "tcp"] = container.split("/");
    if (!hostIp.includes(":"))
      portRules(new Firewall(engine.ns), network, { protocol, hostIp, hostPort, address, port: Number(port) }, false);
    for (const pid of pids) engine.machine.endDaemon(pid, { signal: "SIGKILL" });
  }
}

function isBound(engine: Engine, hostIp: string, hostPort: number, protocol: string): boolean {
  return [...engine.containers.values()].some(({ bound }) =>
    bound.some((one) => one.hostPort === hostPort && one.hostIp === hostIp && one.container.endsWith(`/${protocol}`)),
  );
}

function freePort(engine: Engine, protocol: string): number {
  const taken = new Set(
    [...engine.ns.sockets.values()].filter((one) => one.protocol === protocol).map(({ port }) => port),
  );
  for (let port = FIRST; port <= LAST; port++) if (!taken.has(port)) return port;
  return 0;
}
