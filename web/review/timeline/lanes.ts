import type { CheckLane, TypedCommand } from "../../../server/sessions/protocol/index.ts";

/** How one check stood, from a moment until the next one. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly outcome: "pass" | "fail" | "broke";
}

/**
 * When the work of each command was to be seen: what it printed was recorded, or at least its shell was back. Of one that
 * did not end, when the next one came in its terminal.
 */
export function stopsOf(commands: readonly TypedCommand[]): number[] {
  return commands.map(({ at, ended, terminal, shown }, index) => {
    if (ended !== null) return Math.max(ended, shown ?? ended);
    return commands.slice(index + 1).find((other) => other.terminal === terminal)?.at ?? at;
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
