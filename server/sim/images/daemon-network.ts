import { attempt, Errno as HostErrno, type DaemonProcess, type Hosts } from "../host/index.ts";
import {
  mayBindPort,
  namespaceOf,
  openSocket,
  placeOf,
  type Application,
  type Context,
  type Errno,
  type SocketRow,
} from "../net/index.ts";

/** A daemon's code behind its sockets. It is bound to a world by its name (`bindImages`). */
export interface Service {
  readonly name: string;
  application(hosts: Hosts): Application;
}

export interface ListenSpec {
  readonly protocol?: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  readonly v6only?: boolean;
  readonly backlog?: number;
  readonly reuseAddress?: boolean;
  /** The program's file bears CAP_NET_BIND_SERVICE, which counts as far as the container may have it. */
  readonly mayBind?: boolean;
  /** Plain data for the service, beside the daemon's pid. */
  readonly with?: Readonly<Record<string, unknown>>;
}

interface ServiceArgs {
  readonly pid: number;
}

/** Opens a socket that the service answers on (bind(2), listen(2)), or tells why it cannot. */
export function listen(self: DaemonProcess, service: Service, spec: ListenSpec): SocketRow | Errno {
  const ns = namespaceOf(self);
  const {
    protocol = "tcp",
    address,
    port,
    v6only,
    backlog = 4096,
    reuseAddress = true,
    mayBind = false,
    with: rest,
  } = spec;
  const able = mayBind && !self.host.lacks("NET_BIND_SERVICE");
  if (!able && !mayBindPort(self, ns, port)) return "EACCES";
  const result = openSocket(ns, {
    protocol,
    address,
    port,
    ...(protocol === "tcp" ? { backlog } : {}),
    ...(v6only === undefined ? {} : { v6only }),
    reuseAddress,
    pid: self.pid,
    uid: self.uid,
    application: service.name,
    args: { ...rest, pid: self.pid } satisfies ServiceArgs,
  });
  return result.ok ? result.value : result.errno;
}

/** The same for a socket in the file system. EADDRINUSE if the name is taken. */
export function listenUnix(self: DaemonProcess, service: Service, path: string, backlog: number): SocketRow | Errno {
  const made = attempt(() => self.host.files.mknod(path, { type: "socket", mode: 0o666 }, self));
  if (made instanceof HostErrno) return made.code === "EEXIST" ? "EADDRINUSE" : made.code;
  const place = placeOf(self.host, path, self);
  const args = { pid: self.pid } satisfies ServiceArgs;
  const result = openSocket(namespaceOf(self), {
    protocol: "unix",
    address: path,
    port: 0,
    backlog,
    pid: self.pid,
    uid: self.uid,
    application: service.name,
    args,
    ...(place === undefined ? {} : { place }),
  });
  return result.ok ? result.value : result.errno;
}

/** The daemon whose socket a client has reached. */
export function daemonOf(hosts: Hosts, context: Context): DaemonProcess | undefined {
  const { pid } = context.args as ServiceArgs;
  return hosts.machine(context.ns.machine).daemon(pid)?.self;
}
