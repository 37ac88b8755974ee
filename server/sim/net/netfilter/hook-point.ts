import type { Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import type { Packet } from "../walk/packet.ts";
import type { RejectWith } from "./reject-with.ts";
import type { HookName, TableName } from "./row.ts";

/** Where a packet is while rules look at it: what matches and targets may ask, and how they answer. */
export interface HookPoint {
  readonly ns: Namespace;
  hook: HookName;
  table: TableName;
  in: LinkRow | undefined;
  out: LinkRow | undefined;
  /** Set by REJECT: the answer to send. */
  reject: RejectWith | undefined;
  /** The rule that is being looked at, for extensions that keep state for each. */
  rule: number;
  /** LOG writes here. */
  log(line: string): void;
  /** Decides the connection's new source or destination (nf_nat_setup_info). */
  translate(packet: Packet, wish: NatWish): boolean;
}

/** What a NAT target asks for. Missing addresses and ports stay as they are. */
export interface NatWish {
  readonly manip: "source" | "destination";
  /** Inclusive range. */
  readonly from?: Address;
  readonly to?: Address;
  readonly minPort?: number;
  readonly maxPort?: number;
  /** Destination ports keep their distance from this one (`80-90/1000`). */
  readonly basePort?: number;
  readonly random?: boolean;
  readonly randomFully?: boolean;
  readonly persistent?: boolean;
  /** MASQUERADE: the entry goes when this link goes down. */
  readonly masqueradeLink?: number;
}
