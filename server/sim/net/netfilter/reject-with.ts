/** How REJECT answers: as `--reject-with` is printed, with the code of an ICMP (type 3) or ICMPv6 (type 1) error, or a TCP reset. */
export const REJECT_WITH = {
  "icmp-net-unreachable": 0,
  "icmp-host-unreachable": 1,
  "icmp-proto-unreachable": 2,
  "icmp-port-unreachable": 3,
  "icmp-net-prohibited": 9,
  "icmp-host-prohibited": 10,
  "icmp-admin-prohibited": 13,
  "icmp6-no-route": 0,
  "icmp6-adm-prohibited": 1,
  "icmp6-addr-unreachable": 3,
  "icmp6-port-unreachable": 4,
  "icmp6-policy-fail": 5,
  "icmp6-reject-route": 6,
  "tcp-reset": -1,
} as const;

export type RejectWith = keyof typeof REJECT_WITH;
