import type { CheckLane, TypedCommand } from "../../../server/sessions/protocol/index.ts";

/** How one check stood, from a moment until the next one. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly outcome: "pass" | "fail" | "broke";
}

/** When a command's work was to be seen: its shell was back, or the next command came. */
export function doneAt(commands: readonly TypedCommand[], index: number): number {
  const command = commands[index]!;
  const next = commands.slice(index + 1).find(({ terminal }) => terminal === command.terminal)?.at ?? Infinity;
  return Math.min(command.ended ?? Infinity, next) === Infinity ? command.at : Math.min(command.ended ?? next, next);
}

/** A check's stretches, as long as the outcome stays the same. */
export function stretchesOf(
  { moments }: CheckLane,
  key: string,
  commands: readonly TypedCommand[],
  from: number,
  until: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  for (const moment of moments) {
    const outcome = moment.outcomes[key];
    if (outcome === undefined) continue;
    const start = moment.commands === 0 ? from : Math.min(moment.at, doneAt(commands, moment.commands - 1));
    const last = stretches.at(-1);
    if (last?.outcome === outcome) continue;
    if (last) stretches[stretches.length - 1] = { ...last, until: start };
    stretches.push({ from: last ? start : from, until, outcome });
  }
  return stretches;
}
