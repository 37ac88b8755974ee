import { address } from "../ip.ts";
import { inverse } from "../conntrack/flows.ts";
import { toTuple } from "../conntrack/row.ts";
import { UNTRACKED } from "../conntrack/tracking.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "../route/address-type.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import type { Packet } from "../walk/packet.ts";
import type { IpvsConnectionRow } from "./row.ts";

/**
 * Turns a packet to its real server. Connection tracking follows if net.ipv4.vs.conntrack says so (ip_vs_update_conntrack);
 * otherwise it lets the packet be from here on (ip_vs_notrack). True if the real server is this machine itself.
 */
export function turnToReal(ns: Namespace, packet: Packet, row: IpvsConnectionRow): boolean {
  packet.dst = address(row.real);
  packet.dport = row.realPort;
  packet.balanced = true;
  const { tracking } = packet;
  if (configurationOf(ns).number("net/ipv4/vs/conntrack") === 0) packet.tracking = UNTRACKED;
  else if (tracking?.row && tracking.fresh && !tracking.reply) {
    const wanted = {
      ...inverse(tracking.row.protocol, tracking.row.reply),
      dst: toTuple(packet.dst),
      dport: packet.dport,
    };
    tracking.row = { ...tracking.row, reply: inverse(tracking.row.protocol, wanted) };
  }
  return isLocal(ns, packet.dst);
}

/** `IPVS tcp 10.96.0.1:80 to 10.244.1.5:8080`. */
export function balanceWords(row: IpvsConnectionRow): string {
  const end = (address: string, port: number): string =>
    address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  return `IPVS ${row.service.split(" ")[0]!} ${end(row.virtual, row.virtualPort)} to ${end(row.real, row.realPort)}`;
}
