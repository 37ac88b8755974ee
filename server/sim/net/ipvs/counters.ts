import type { Namespace } from "../namespace.ts";
import type { Rows } from "../rows.ts";
import type { Packet } from "../walk/packet.ts";
import { NO_TRAFFIC, type IpvsConnectionRow, type IpvsCounters } from "./row.ts";

/** Traffic by service key, and by that with a real server behind it. */
export function countersOf(ns: Namespace): Rows<string, IpvsCounters> {
  return ns.quietRows("ipvs/counters");
}

export function countConnection(ns: Namespace, row: IpvsConnectionRow): void {
  add(ns, row, { ...NO_TRAFFIC, conns: 1 });
}

/** Counts a packet of a client, or of a real server to it. */
export function countTraffic(ns: Namespace, row: IpvsConnectionRow, packet: Packet, out: boolean): void {
  const { segments, bytes } = packet;
  add(
    ns,
    row,
    out
      ? { ...NO_TRAFFIC, outPackets: segments, outBytes: bytes }
      : { ...NO_TRAFFIC, inPackets: segments, inBytes: bytes },
  );
}

function add(ns: Namespace, { service, real, realPort }: IpvsConnectionRow, more: IpvsCounters): void {
  const counters = countersOf(ns);
  for (const key of [service, `${service} ${real} ${realPort}`]) {
    const old = counters.get(key) ?? NO_TRAFFIC;
    counters.set(key, {
      conns: old.conns + more.conns,
      inPackets: old.inPackets + more.inPackets,
      inBytes: old.inBytes + more.inBytes,
      outPackets: old.outPackets + more.outPackets,
      outBytes: old.outBytes + more.outBytes,
    });
  }
}
