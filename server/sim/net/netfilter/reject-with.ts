/** How REJECT answers: as `--reject-with` is printed, with the ICMP code of type 3, or a TCP reset. */
export const REJECT_WITH = {
  "icmp-net-unreachable": 0,
  "icmp-host-unreachable": 1,
  "icmp-proto-unreachable": 2,
  "icmp-port-unreachable": 3,
  "icmp-net-prohibited": 9,
  "icmp-host-prohibited": 10,
  "icmp-admin-prohibited": 13,
  "tcp-reset": -1,
} as const;

export type RejectWith = keyof typeof REJECT_WITH;
