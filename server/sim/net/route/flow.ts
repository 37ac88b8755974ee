import type { Address } from "../ip.ts";

/** What a routing decision depends on (struct flowi4). Links by index, 0 for any. */
export interface Flow {
  destination: Address;
  source: Address | undefined;
  iif: number;
  oif: number;
  mark: number;
  protocol: number;
  sport: number;
  dport: number;
  uid: number;
  /** Type of service, without the bits of ECN. */
  tos: number;
  /** Multipath looks at ports too. */
  ports: boolean;
  /** Routes that reach farther than this scope don't count: how the kernel looks for a gateway's own way. */
  minScope: number;
}

export function flow(destination: Address, fields: Partial<Flow> = {}): Flow {
  return {
    destination,
    source: undefined,
    iif: 0,
    oif: 0,
    mark: 0,
    protocol: 0,
    sport: 0,
    dport: 0,
    uid: 0,
    tos: 0,
    ports: false,
    minScope: 0,
    ...fields,
  };
}
