import { capable, type Capability } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import { configurationOf } from "../sysctl/configuration.ts";

interface Binder {
  readonly uid: number;
  readonly host: { lacks(capability: Capability): boolean };
}

/** Low ports are for who has CAP_NET_BIND_SERVICE; where they end the namespace says (inet_port_requires_bind_service). */
export function mayBindPort(process: Binder, ns: Namespace, port: number): boolean {
  if (port === 0 || port >= configurationOf(ns).number("net/ipv4/ip_unprivileged_port_start")) return true;
  return capable(process, "NET_BIND_SERVICE");
}

/**
 * May the process send ICMP echoes: over a raw socket (CAP_NET_RAW), or as a member of a group that net.ipv4.ping_group_range
 * lets use sockets of their own?
 */
export function mayPing(
  process: Binder & { readonly gid: number; readonly groups: readonly number[] },
  ns: Namespace,
): boolean {
  if (capable(process, "NET_RAW")) return true;
  const [low = 1, high = 0] = configurationOf(ns).text("net/ipv4/ping_group_range").split("\t").map(Number);
  return [process.gid, ...process.groups].some((group) => group >= low && group <= high);
}
