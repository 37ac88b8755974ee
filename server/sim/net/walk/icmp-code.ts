/** ICMP type 3. */
export const UNREACHABLE_TYPE = 3;

/** Codes of ICMP type 3 that are not REJECT's. */
export const CODE = {
  net: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragmentation: 4,
  filtered: 13,
} as const;
