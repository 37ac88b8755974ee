import type { ConntrackRow } from "./row.ts";

export type ConnectionState = "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED";

/** What connection tracking knows of a packet while it is in a namespace (nfct, ctinfo). Changed in place with the packet. */
export interface Tracking {
  /** None for INVALID and UNTRACKED. */
  row: ConntrackRow | undefined;
  readonly state: ConnectionState;
  /** It goes the way of answers. */
  readonly reply: boolean;
  /** The first packet of a flow that is not in the table yet: it gets there when the packet leaves or is delivered. */
  fresh: boolean;
  /** Whether the table `nat` was asked for each of the two translations. */
  sourceDecided: boolean;
  destinationDecided: boolean;
}

/** Shared by all packets that NOTRACK let through: nothing on it ever changes. */
export const UNTRACKED: Tracking = {
  row: undefined,
  state: "UNTRACKED",
  reply: false,
  fresh: false,
  sourceDecided: true,
  destinationDecided: true,
};

export const INVALID: Tracking = { ...UNTRACKED, state: "INVALID" };
