import type { VxlanLink } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { nextSocketId } from "./sockets.ts";

/** A vxlan that is up receives on a UDP socket of the kernel, shared with others of the same port (vxlan_sock_add). */
export function openTunnelSocket(ns: Namespace, link: VxlanLink): void {
  for (const socket of ns.sockets.values()) if (isTunnelSocket(socket.pid, socket.port, link)) return;
  const id = nextSocketId(ns);
  ns.sockets.set(id, {
    id,
    protocol: "udp",
    family: 4,
    v6only: false,
    address: "0.0.0.0",
    port: link.dstport,
    state: "unconnected",
    backlog: 0,
    uid: 0,
    inode: 0,
    reuseAddress: false,
    reusePort: false,
  });
}

export function closeTunnelSocket(ns: Namespace, link: VxlanLink): void {
  for (const other of ns.links.values())
    if (other.kind === "vxlan" && other.up && other.dstport === link.dstport) return;
  for (const socket of [...ns.sockets.values()])
    if (isTunnelSocket(socket.pid, socket.port, link)) ns.sockets.delete(socket.id);
}

function isTunnelSocket(pid: number | undefined, port: number, link: VxlanLink): boolean {
  return pid === undefined && port === link.dstport;
}
