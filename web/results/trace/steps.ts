import type { PacketTrace } from "../../../grader/trace.ts";

/** A stop of a packet's way, or of its answer's. */
export interface StopAt {
  readonly way: number;
  readonly hop: number;
}

/** To the neighbour, to the ends of the way that one is on, or to the stop that decided. */
export type Step = "on" | "back" | "first" | "last" | "decided";

/** Where a step leads. Behind the last stop of a way the answer's begins; at the ends of all it leads nowhere. */
export function stepFrom(ways: readonly PacketTrace[], { way, hop }: StopAt, step: Step, decided: StopAt): StopAt {
  const lastOf = (at: number): number => ways[at]!.hops.length - 1;
  switch (step) {
    case "on":
      if (hop < lastOf(way)) return { way, hop: hop + 1 };
      return way < ways.length - 1 ? { way: way + 1, hop: 0 } : { way, hop };
    case "back":
      if (hop > 0) return { way, hop: hop - 1 };
      return way > 0 ? { way: way - 1, hop: lastOf(way - 1) } : { way, hop };
    case "first":
      return { way, hop: 0 };
    case "last":
      return { way, hop: lastOf(way) };
    case "decided":
      return decided;
  }
}
