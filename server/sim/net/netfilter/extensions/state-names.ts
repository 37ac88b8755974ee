import type { Tracking } from "../../conntrack/tracking.ts";
import { parameter, type Problem } from "../row.ts";

/** States of a connection as rules name them, in the order in which `conntrack` prints them. */
export const STATE_NAMES = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT"] as const;

export type StateName = (typeof STATE_NAMES)[number];

/** A list with commas, in any case. `option` is named in the complaint. */
export function readStates(option: string, text: string): StateName[] | Problem {
  const wanted = new Set<string>();
  for (const word of text.split(",")) {
    const name = word.toUpperCase();
    if (!(STATE_NAMES as readonly string[]).includes(name)) return parameter(`Bad ${option} "${word}"`);
    wanted.add(name);
  }
  return STATE_NAMES.filter((name) => wanted.has(name));
}

/** SNAT and DNAT hold for connections whose addresses or ports were really changed (xt_conntrack, state_xlate). */
export function hasState(tracking: Tracking | undefined, names: readonly StateName[]): boolean {
  const state = tracking === undefined ? "INVALID" : tracking.state;
  for (const name of names) {
    if (name === state) return true;
    if (name === "SNAT" && tracking?.row?.sourceNat) return true;
    if (name === "DNAT" && tracking?.row?.destinationNat) return true;
  }
  return false;
}
