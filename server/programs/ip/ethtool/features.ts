import type { LinkRow } from "../../../sim/net/index.ts";

/** What `ethtool -k` tells of, in its order; those behind `>` belong to the one before them (ethtool features.c). */
const NAMES = `rx-checksumming tx-checksumming >tx-checksum-ipv4 >tx-checksum-ip-generic >tx-checksum-ipv6
  >tx-checksum-fcoe-crc >tx-checksum-sctp scatter-gather >tx-scatter-gather >tx-scatter-gather-fraglist
  tcp-segmentation-offload >tx-tcp-segmentation >tx-tcp-ecn-segmentation >tx-tcp-mangleid-segmentation
  >tx-tcp6-segmentation >tx-tcp-accecn-segmentation generic-segmentation-offload generic-receive-offload
  large-receive-offload rx-vlan-offload tx-vlan-offload ntuple-filters receive-hashing highdma rx-vlan-filter
  vlan-challenged tx-gso-robust tx-fcoe-segmentation tx-gre-segmentation tx-gre-csum-segmentation
  tx-ipxip4-segmentation tx-ipxip6-segmentation tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation
  tx-gso-partial tx-tunnel-remcsum-segmentation tx-sctp-segmentation tx-esp-segmentation tx-udp-segmentation
  tx-gso-list tx-nocache-copy loopback rx-fcs rx-all tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse
  rx-vlan-stag-filter l2-fwd-offload hw-tc-offload esp-hw-offload esp-tx-csum-hw-offload
  rx-udp_tunnel-port-offload tls-hw-tx-offload tls-hw-rx-offload rx-gro-hw tls-hw-record rx-gro-list
  macsec-hw-offload rx-udp-gro-forwarding hsr-tag-ins-offload hsr-tag-rm-offload hsr-fwd-offload
  hsr-dup-offload`.split(/\s+/);

/** For each: on, off, `P` on and `.` off for good, `r` off though asked for: as Linux 6.18's drivers have them. */
const STATES: Readonly<Partial<Record<LinkRow["kind"], string>>> = {
  loopback: "P+.P..P+PP++++++++.....P.P..........+.++.P..............-.-....",
  veth: "++.+..+++++++++++-.++..+....++++++..+.++-...++..........-.-....",
  bridge: ".+.+...+++++++++++..+..+..++++++++++++++-...+...........-.-....",
  vxlan: "++.+...+++++++++++..................+.++-...............-.-....",
  macvlan: "P+.P...+PP+PPPPP+r-....P..P.PPPPPP..P.PP-...............-.-....",
  tun: ".-.r...+++-rr-r.++..+...........rr....r.-...+...........-.-....",
  ifb: ".+.+...+++++++++++..+..+....++++++..+.++-...+...........-.-....",
};

const WORDS: Readonly<Record<string, string>> = {
  "+": "on",
  "-": "off",
  P: "on [fixed]",
  ".": "off [fixed]",
  r: "off [requested on]",
};

/** The lines of `ethtool -k` for a kind of link; undefined where its driver is not simulated. */
export function features(link: LinkRow): string | undefined {
  const states = STATES[link.kind];
  if (states === undefined) return undefined;
  const lines = NAMES.map((name, at) => `${name.replace(">", "\t")}: ${WORDS[states[at]!]!}\n`);
  return `Features for ${link.name}:\n${lines.join("")}`;
}
