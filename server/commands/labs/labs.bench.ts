import { grade, type Graded } from "../../../grader/index.ts";
import { openLab } from "../../../labs/index.ts";
import { cpu, median, type Bench } from "../../sim/kernel/bench.ts";
import { readLab } from "./catalogue.ts";
import { presetWorld } from "../../sessions/actor/presets.ts";
import { verifySeed } from "./verify/prove.ts";

const LAB = "lost-endpoints";
const CHECKS = 10;

/** What labs cost: to open, to grade ten checks of traffic, and to prove one with one seed. */
export function labBenches(): Bench[] {
  return [
    {
      name: "lab.open",
      unit: "ms",
      async run() {
        const preset = await presetWorld("kubeadm");
        const times: number[] = [];
        for (let seed = 1; seed <= 8; seed++) {
          const placed = readLab(LAB).place(seed);
          const before = cpu();
          await openLab(placed, preset);
          times.push(cpu() - before);
        }
        return median(times);
      },
    },
    {
      name: "grade.10",
      unit: "ms",
      bar: 50,
      async run() {
        const placed = readLab(LAB).place(1);
        const world = await openLab(placed, await presetWorld("kubeadm"));
        const times: number[] = [];
        for (let count = 0; count < 12; count++) {
          const before = cpu();
          await grade(world, tenChecks(placed.lab));
          times.push(cpu() - before);
        }
        return median(times);
      },
    },
    {
      name: "labs.verify",
      unit: "ms",
      async run() {
        await presetWorld("kubeadm");
        const before = cpu();
        for await (const { holds, case: name } of verifySeed(readLab(LAB), 1))
          if (!holds) throw new Error(`${LAB}: ${name} does not hold`);
        return cpu() - before;
      },
    },
  ];
}

/** The checks of a lab's first task, over and over. */
function tenChecks({ id, title, tasks }: Graded): Graded {
  const { checks } = tasks[0]!;
  const ten = Array.from({ length: CHECKS }, (_, at) => ({
    ...checks[at % checks.length]!,
    id: `check-${at}`,
    needs: [],
  }));
  return { id, title, tasks: [{ id: "all", checks: ten, questions: [] }] };
}
