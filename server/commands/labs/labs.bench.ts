import { grade, type Graded } from "../../../grader/index.ts";
import { openLab } from "../../../labs/index.ts";
import { cpu, median, type Bench } from "../../sim/kernel/bench.ts";
import { readLab, readLabs } from "./catalogue.ts";
import { presetWorld } from "../../sessions/actor/presets.ts";
import { proveAll } from "./verify/crew.ts";
import { unitsOf } from "./verify/units.ts";

const LAB = "lost-endpoints";
const CHECKS = 10;
const SEEDS = 5;

/** What labs cost: to open, to grade ten checks of traffic, and to prove all of them with some seeds, as `labs verify` does. */
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
      bar: 60_000,
      async run() {
        const units = readLabs().flatMap((source) => unitsOf(source, SEEDS));
        const [start, before] = [performance.now(), process.cpuUsage()];
        let cases = 0;
        for await (const { proved } of proveAll(units)) {
          if ("problems" in proved) throw new Error(proved.problems.join("\n"));
          const wrong = proved.rows.find(({ holds }) => !holds);
          if (wrong) throw new Error(`${wrong.id}: ${wrong.case} with seed ${wrong.seed} does not hold`);
          cases += proved.rows.length;
        }
        const value = performance.now() - start;
        const { user, system } = process.cpuUsage(before);
        const each = (user + system) / 1000 / cases;
        return { value, detail: `${cases} cases, ${each.toFixed(0)} ms of processor time each` };
      },
    },
  ];
}

/** The checks of a lab's first task that ask at once, over and over: a script that makes Pods anew takes as long as it takes. */
function tenChecks({ id, title, tasks }: Graded): Graded {
  const checks = tasks[0]!.checks.filter((check) => !("run" in check && check.run));
  const ten = Array.from({ length: CHECKS }, (_, at) => ({
    ...checks[at % checks.length]!,
    id: `check-${at}`,
    needs: [],
  }));
  return { id, title, tasks: [{ id: "all", checks: ten, questions: [] }] };
}
