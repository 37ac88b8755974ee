import { grade, type Report } from "../../../grader/index.ts";
import { openLab, type PlacedLab } from "../../../labs/index.ts";
import type { World } from "../../sim/world/index.ts";
import type { KeptWorld, LabText } from "../protocol/index.ts";
import { labText } from "./lab-text.ts";
import { restoreLabWorld } from "./open-lab.ts";
import { presetWorld } from "./presets.ts";
import { Refused } from "./refused.ts";

/**
 * Grades a world that was kept with a lab as its files are now. Throws Refused if the lab draws other variants now: its
 * checks would ask for what this cluster never had.
 */
export async function regradeWorld(
  placed: PlacedLab,
  { snapshot, values }: KeptWorld,
  answers: Readonly<Record<string, string>>,
  hints: Readonly<Record<string, number>>,
): Promise<{ readonly report: Report; readonly lab: LabText }> {
  const others = Object.entries(placed.values).filter(
    ([name, value]) => JSON.stringify(values[name]) !== JSON.stringify(value),
  );
  if (others.length > 0)
    throw new Refused(
      "bad-lab",
      `The lab '${placed.id}' draws other variants now (${others.map(([name]) => name).join(", ")}): this cluster was set up with those of an older version, so it cannot be graded with the new one. The report that there is stays.`,
    );
  const lab = labText(placed);
  const cost = lab.tasks.flatMap((task) => task.hints.slice(0, hints[task.id] ?? 0));
  const read = cost.reduce((sum, hint) => sum + hint.costs, 0);
  const opened = async (): Promise<World> => openLab(placed, await presetWorld(placed.lab.preset));
  return { report: await grade(restoreLabWorld(snapshot), placed.lab, { answers, hints: read, opened }), lab };
}
