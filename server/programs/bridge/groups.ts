import { addressesOf, parseIPv6, readSysctl, type LinkRow, type Namespace } from "../../sim/net/index.ts";

/** The multicast MAC addresses that a link listens to, in the order in which they were added (struct net_device mc). */
export function multicastAddresses(ns: Namespace, link: LinkRow): string[] {
  if (link.kind === "loopback" || link.kind === "vxlan") return [];
  const groups = ["33:33:00:00:00:01"];
  if (link.kind === "bridge" && link.activated) groups.push("01:00:5e:00:00:6a", "33:33:00:00:00:6a");
  if (link.up) groups.push("01:00:5e:00:00:01");
  for (const row of addressesOf(ns, link.index)) {
    if (row.family !== 6) continue;
    const group = solicitedNode(row.local);
    if (!groups.includes(group)) groups.push(group);
  }
  return groups;
}

/** 33:33:ff and the last three bytes of an IPv6 address (RFC 4291, solicited-node multicast). */
function solicitedNode(local: string): string {
  const low = Number(parseIPv6(local)! & 0xff_ffffn);
  return `33:33:ff:${[16, 8, 0].map((shift) => ((low >> shift) & 0xff).toString(16).padStart(2, "0")).join(":")}`;
}

export function hasIpv6(ns: Namespace, link: LinkRow): boolean {
  const result = readSysctl(ns, `net/ipv6/conf/${link.name}/disable_ipv6`);
  return result.ok && result.value === "0";
}
