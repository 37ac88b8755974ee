import { boot } from "../sim/world/index.ts";
import type { Time } from "../sim/kernel/index.ts";
import { CLUSTER_PRESETS, WORLD_PRESETS, type Preset } from "../sim/presets/index.ts";
import { turn } from "../sessions/actor/turn.ts";
import { worldCode } from "../sessions/actor/world-code.ts";
import { terminalOf, type OpenWorld } from "./terminal-of.ts";
import { NotSimulated, UsageError } from "./usage.ts";
import type { WorldChoice } from "./world-options.ts";

/** Boots the world that the options of a command name. */
export async function openWorld(choice: WorldChoice, start?: Time): Promise<OpenWorld> {
  if (choice.lab !== undefined) {
    // With it come the grader and all schemas, which no other world needs.
    const { openLabWorld } = await import("./labs/open-lab-world.ts");
    return openLabWorld(choice.lab, choice, start);
  }
  const { topology, terminal } = preset(choice);
  const world = await boot(worldCode(), topology, {
    seed: choice.seed,
    turn,
    ...(start === undefined ? {} : { start }),
  });
  return { world, ...terminalOf(world, topology, choice.on ?? terminal) };
}

/** The other worlds that recordings were made in (CONTRACT.md, "Which world"). */
const NOT_YET = /^(docker|bbpod\d+|controlplane|kube-node(-legacy)?|node4?|nodns|pod|raw|redblue|refuseddns|v-net)$/;

function preset({ cluster, world }: WorldChoice): Preset {
  const [presets, name, what] =
    world === undefined
      ? ([CLUSTER_PRESETS, cluster ?? "kubeadm", "cluster"] as const)
      : ([WORLD_PRESETS, world, "world"] as const);
  const found = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!found && NOT_YET.test(name)) throw new NotSimulated(`the world '${name}' is not simulated`);
  if (!found) throw new UsageError(`no ${what} '${name}'; there are ${Object.keys(presets).join(", ")}`);
  return found;
}
