import type { Packet } from "../walk/packet.ts";
import type { Place } from "./evaluate-expression.ts";
import type { Verdict } from "./row.ts";

/** The rule does not fit: its other statements are left out. */
export const BREAK = { verdict: "break" } as const;
/** A statement that leaves the packet to the next one. */
export const NEXT = undefined;

export type StepResult = typeof BREAK | Verdict | undefined;
export type Step = (packet: Packet, place: Place) => StepResult;
