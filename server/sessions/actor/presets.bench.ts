import { cpu, median, type Bench } from "../../sim/kernel/bench.ts";
import { World } from "../../sim/world/index.ts";
import { pack, unpack } from "./pack.ts";
import { presetWorld } from "./presets.ts";
import { turn } from "./turn.ts";
import { worldCode } from "./world-code.ts";

/** What labs begin with, and one with nearly everything. */
const NAMES = [
  "linux",
  "docker",
  "kubeadm",
  "kubeadm-nocni",
  "kubeadm-weave",
  "kubeadm-calico",
  "kubeadm-3node",
  "kubeadm-ingress",
  "kubeadm-gateway",
  "kubeadm-metallb",
  "kubeadm-calico-ipvs-ingress-gateway-metallb-3node",
];

/** From the bytes of a preset's snapshot to a world of one's own, in processor time: the preset that takes longest. */
export function presetBenches(): Bench[] {
  return [
    {
      name: "preset.restore",
      unit: "ms",
      bar: 50,
      async run() {
        const all: { readonly name: string; readonly took: number }[] = [];
        for (const name of NAMES) {
          const packed = await pack((await presetWorld(name)).snapshot());
          const times: number[] = [];
          for (let round = 0; round < 9; round++) {
            const before = cpu();
            World.restore(worldCode(), unpack(packed), { turn }).fork({ seed: round });
            times.push(cpu() - before);
          }
          all.push({ name, took: median(times) });
        }
        all.sort((a, b) => b.took - a.took);
        return {
          value: all[0]!.took,
          detail: all.map(({ name, took }) => `${name} ${took.toFixed(0)}`).join(", "),
        };
      },
    },
  ];
}
