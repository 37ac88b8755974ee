import type { VxlanLink } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { ok, type Result } from "../errno.ts";
import type { SocketRow } from "./row.ts";
import { openSocket } from "./sockets.ts";

/**
 * A vxlan that is up receives on a UDP socket of the kernel, shared with others of the same port (vxlan_sock_add). EADDRINUSE if
 * a program has the port.
 */
export function openTunnelSocket(ns: Namespace, link: VxlanLink): Result {
  for (const socket of ns.sockets.values()) if (isTunnelSocket(socket, link)) return ok();
  const opened = openSocket(ns, { protocol: "udp", address: "0.0.0.0", port: link.dstport });
  return opened.ok ? ok() : opened;
}

export function closeTunnelSocket(ns: Namespace, link: VxlanLink): void {
  for (const other of ns.links.values())
    if (other.kind === "vxlan" && other.up && other.dstport === link.dstport) return;
  for (const socket of ns.sockets.values()) if (isTunnelSocket(socket, link)) ns.sockets.delete(socket.id);
}

function isTunnelSocket({ protocol, pid, port, application }: SocketRow, link: VxlanLink): boolean {
  return protocol === "udp" && pid === undefined && application === undefined && port === link.dstport;
}
