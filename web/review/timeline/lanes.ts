import type { CheckLane, TypedCommand } from "../../../server/sessions/protocol/index.ts";
import { firstAfter } from "../player/course.ts";

/** How one check stood, from a moment until the next one. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly outcome: "pass" | "fail" | "broke";
}

/** Outputs that come so soon one after the other belong together; and how long they are followed. */
const TOGETHER = 250;
const LONGEST = 3_000;

/**
 * When the work of each command was to be seen: its shell was back and had printed what there was to print. Of one that
 * did not end, when the next one came in its terminal. `printed` are the times of outputs, in order.
 */
export function stopsOf(commands: readonly TypedCommand[], printed: readonly number[]): number[] {
  return commands.map(({ at, ended, terminal, next: typed }, index) => {
    const next = commands.slice(index + 1).find((other) => other.terminal === terminal)?.at ?? Infinity;
    const done = Math.min(ended ?? Infinity, next);
    if (done === Infinity) return at;
    let stop = done;
    for (let each = firstAfter(printed, done); each < printed.length; each++) {
      const moment = printed[each]!;
      if (moment - stop > TOGETHER || moment - done > LONGEST || moment >= (typed ?? next)) break;
      stop = moment;
    }
    return stop;
  });
}

/** A check's stretches, as long as the outcome stays the same. */
export function stretchesOf(
  { moments }: CheckLane,
  key: string,
  stops: readonly number[],
  from: number,
  until: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  for (const moment of moments) {
    const outcome = moment.outcomes[key];
    if (outcome === undefined) continue;
    const start = moment.commands === 0 ? from : Math.min(moment.at, stops[moment.commands - 1] ?? moment.at);
    const last = stretches.at(-1);
    if (last?.outcome === outcome) continue;
    if (last) stretches[stretches.length - 1] = { ...last, until: start };
    stretches.push({ from: last ? start : from, until, outcome });
  }
  return stretches;
}
