import { cpu, median, turn, type Bench } from "../kernel/bench.ts";
import { boot, type WorldCode } from "../world/index.ts";
import { kubeadm } from "./kubeadm.ts";

/** Booting the preset `kubeadm` from nothing: two nodes with everything on them, in processor time. */
export function clusterBoot(code: WorldCode): Bench {
  return {
    name: "cluster.boot",
    unit: "ms",
    bar: 300,
    async run() {
      const times: number[] = [];
      for (let round = 0; round < 12; round++) {
        const before = cpu();
        await boot(code, kubeadm, { seed: 1, turn });
        times.push(cpu() - before);
      }
      // The first ones are the warm-up of the machine that compiles this code.
      return median(times.slice(6));
    },
  };
}
