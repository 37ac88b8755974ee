import { grade } from "../../../../grader/index.ts";
import type { CheckLane, CheckMoment } from "../../protocol/index.ts";
import { milliseconds } from "./commands.ts";
import type { Course } from "./course.ts";

/** How the checks stood at each moment behind a command. `turn` waits until nobody has something more urgent. */
export async function readChecks(course: Course, turn: () => Promise<void>): Promise<CheckLane> {
  const { lab } = course.placed;
  const checks = lab.tasks.flatMap((task) => task.checks.map(({ id, says }) => ({ id, task: task.id, says })));
  const judged = new Set(checks.map(({ id, task }) => `${task}/${id}`));
  const { timeline, moments } = await course.read();
  const lane: CheckMoment[] = [];
  for (const { at, commands, world } of moments) {
    await turn();
    const { results } = await grade(world, lab);
    const outcomes = results
      .map(({ task, id, outcome }) => [`${task}/${id}`, outcome] as const)
      .filter(([key]) => judged.has(key));
    lane.push({ at: milliseconds(at), commands, outcomes: Object.fromEntries(outcomes) });
  }
  return { checks, moments: lane, of: Math.max(moments.length, timeline.commands.length) };
}
