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
import { AUDIT, CLASSIFY } from "./extensions/classify.ts";
import { connlimit } from "./extensions/connlimit.ts";
import { devgroup } from "./extensions/devgroup.ts";
import { DSCP, dscp } from "./extensions/dscp.ts";
import { ECN, ecn } from "./extensions/ecn.ts";
import { hashlimit } from "./extensions/hashlimit.ts";
import { NETMAP } from "./extensions/netmap.ts";
import { NFQUEUE } from "./extensions/nfqueue.ts";
import { quota } from "./extensions/quota.ts";
import { socket } from "./extensions/socket.ts";
import { string } from "./extensions/string.ts";
import { tcpmss } from "./extensions/tcpmss-match.ts";
import { time } from "./extensions/time.ts";
import { TOS, tos } from "./extensions/tos.ts";
import { u32 } from "./extensions/u32.ts";
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
  connlimit,
  connmark,
  conntrack,
  devgroup,
  dscp,
  ecn,
  hashlimit,
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
  quota,
  recent,
  rpfilter,
  sctp,
  set,
  socket,
  state,
  statistic,
  string,
  tcp,
  tcpmss,
  time,
  tos,
  ttl,
  u32,
  udp,
]);

export const TARGETS: ReadonlyMap<string, TargetExtension> = byName([
  AUDIT,
  CHECKSUM,
  CLASSIFY,
  CONNMARK,
  CT,
  DNAT,
  DSCP,
  ECN,
  HL,
  LOG,
  MARK,
  MASQUERADE,
  NETMAP,
  NFLOG,
  NFQUEUE,
  NOTRACK,
  REDIRECT,
  REJECT,
  SET,
  SNAT,
  TCPMSS,
  TOS,
  TTL,
]);

/** Extensions that iptables 1.8.9 has and that are not simulated. */
export const UNSIMULATED: ReadonlySet<string> = new Set(
  (
    "ah bpf cgroup cluster connbytes connlabel cpu dccp esp frag helper hbh dst eui64 ipcomp ipv6header ipvs mh osf policy " +
    "rateest realm rt srh CLUSTERIP CONNSECMARK DNPT HMARK IDLETIMER LED MIRROR QUEUE RATEEST SECMARK SNPT SYNPROXY TCPOPTSTRIP " +
    "TEE TPROXY TRACE ULOG"
  ).split(" "),
);
