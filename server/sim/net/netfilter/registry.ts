import type { MatchExtension, TargetExtension } from "./extension.ts";
import { addrtype } from "./extensions/addrtype.ts";
import { comment } from "./extensions/comment.ts";
import { connmark } from "./extensions/connmark.ts";
import { conntrack } from "./extensions/conntrack.ts";
import { DNAT } from "./extensions/dnat.ts";
import { icmp } from "./extensions/icmp.ts";
import { icmp6 } from "./extensions/icmp6.ts";
import { ipvs } from "./extensions/ipvs.ts";
import { length } from "./extensions/length.ts";
import { NFLOG } from "./extensions/nflog.ts";
import { owner } from "./extensions/owner.ts";
import { pkttype } from "./extensions/pkttype.ts";
import { rpfilter } from "./extensions/rpfilter.ts";
import { SET, set } from "./extensions/set.ts";
import { CHECKSUM, TCPMSS } from "./extensions/tcpmss.ts";
import { HL, hl, TTL, ttl } from "./extensions/ttl.ts";
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
  hl,
  icmp,
  icmp6,
  iprange,
  ipvs,
  length,
  limit,
  mac,
  mark,
  multiport,
  nfacct,
  owner,
  physdev,
  pkttype,
  recent,
  rpfilter,
  sctp,
  set,
  state,
  statistic,
  tcp,
  ttl,
  udp,
]);

export const TARGETS: ReadonlyMap<string, TargetExtension> = byName([
  CHECKSUM,
  CONNMARK,
  CT,
  DNAT,
  HL,
  LOG,
  MARK,
  MASQUERADE,
  NFLOG,
  NOTRACK,
  REDIRECT,
  REJECT,
  SET,
  SNAT,
  TCPMSS,
  TTL,
]);

/** Extensions that iptables 1.8.9 has and that are not simulated. */
export const UNSIMULATED: ReadonlySet<string> = new Set(
  (
    "ah bpf cgroup cluster connbytes connlabel connlimit cpu dccp devgroup dscp ecn esp hashlimit helper ipcomp ipv6header " +
    "ipvs osf policy quota rateest realm socket srh string tcpmss time tos " +
    "u32 AUDIT CLASSIFY CLUSTERIP CONNSECMARK DSCP ECN HMARK IDLETIMER LED MIRROR NETMAP NFQUEUE QUEUE " +
    "RATEEST SECMARK SYNPROXY TCPOPTSTRIP TEE TOS TPROXY TRACE ULOG"
  ).split(" "),
);
