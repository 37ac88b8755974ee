import type { MatchExtension, TargetExtension } from "./extension.ts";
import { addrtype } from "./extensions/addrtype.ts";
import { comment } from "./extensions/comment.ts";
import { connmark } from "./extensions/connmark.ts";
import { conntrack } from "./extensions/conntrack.ts";
import { DNAT } from "./extensions/dnat.ts";
import { icmp } from "./extensions/icmp.ts";
import { iprange } from "./extensions/iprange.ts";
import { limit } from "./extensions/limit.ts";
import { LOG } from "./extensions/log.ts";
import { mac } from "./extensions/mac.ts";
import { mark } from "./extensions/mark.ts";
import { MASQUERADE } from "./extensions/masquerade.ts";
import { multiport } from "./extensions/multiport.ts";
import { nfacct } from "./extensions/nfacct.ts";
import { CT, NOTRACK } from "./extensions/notrack.ts";
import { physdev } from "./extensions/physdev.ts";
import { recent } from "./extensions/recent.ts";
import { REDIRECT } from "./extensions/redirect.ts";
import { REJECT } from "./extensions/reject.ts";
import { sctp } from "./extensions/sctp.ts";
import { CONNMARK } from "./extensions/set-connmark.ts";
import { MARK } from "./extensions/set-mark.ts";
import { SNAT } from "./extensions/snat.ts";
import { state } from "./extensions/state.ts";
import { statistic } from "./extensions/statistic.ts";
import { tcp } from "./extensions/tcp.ts";
import { udp } from "./extensions/udp.ts";

function byName<E extends { readonly name: string }>(extensions: readonly E[]): ReadonlyMap<string, E> {
  return new Map(extensions.map((extension) => [extension.name, extension]));
}

export const MATCHES: ReadonlyMap<string, MatchExtension> = byName([
  addrtype,
  comment,
  connmark,
  conntrack,
  icmp,
  iprange,
  limit,
  mac,
  mark,
  multiport,
  nfacct,
  physdev,
  recent,
  sctp,
  state,
  statistic,
  tcp,
  udp,
]);

export const TARGETS: ReadonlyMap<string, TargetExtension> = byName([
  CONNMARK,
  CT,
  DNAT,
  LOG,
  MARK,
  MASQUERADE,
  NOTRACK,
  REDIRECT,
  REJECT,
  SNAT,
]);

/** Extensions that iptables 1.8.9 has and that are not simulated. */
export const UNSIMULATED: ReadonlySet<string> = new Set(
  (
    "ah bpf cgroup cluster connbytes connlabel connlimit cpu dccp devgroup dscp ecn esp hashlimit helper ipcomp ipv6header " +
    "ipvs length osf owner pkttype policy quota rateest realm rpfilter set socket srh string tcpmss time tos ttl " +
    "u32 AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED MIRROR NETMAP NFLOG NFQUEUE QUEUE " +
    "RATEEST SECMARK SET SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG"
  ).split(" "),
);
