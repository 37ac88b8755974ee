import { boot } from "../sim/world/index.ts";
import { exitCode, MemoryOutput } from "../sim/host/index.ts";
import { decode, run, type Time } from "../sim/kernel/index.ts";
import { CLUSTER_PRESETS, RECORDED, RECORDED_TOPOLOGY, WORLD_PRESETS, type Preset } from "../sim/presets/index.ts";
import { Detached } from "../sessions/actor/detached.ts";
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
  if (choice.world !== undefined && Object.hasOwn(RECORDED, choice.world))
    return openRecorded(choice.world, choice, start);
  const { topology, terminal } = preset(choice);
  const world = await boot(worldCode(), topology, {
    seed: choice.seed,
    turn,
    ...(start === undefined ? {} : { start }),
  });
  return { world, ...terminalOf(world, topology, choice.on ?? terminal) };
}

/** A world that transcripts were recorded in: the bare machine, and what the recorder did to it. */
async function openRecorded(name: string, choice: WorldChoice, start?: Time): Promise<OpenWorld> {
  const world = await boot(worldCode(), RECORDED_TOPOLOGY, {
    seed: choice.seed,
    turn,
    ...(start === undefined ? {} : { start }),
  });
  const open = { world, ...terminalOf(world, RECORDED_TOPOLOGY, choice.on ?? RECORDED_TOPOLOGY.machines[0]!.name) };
  await RECORDED[name]!(world, async (script) => {
    const output = new MemoryOutput(65_536);
    const bash = new Detached(world, open.host, open.user, ["-e", "-c", script], { stdout: output, stderr: output });
    await run(world.kernel, () => bash.ended !== undefined);
    if (!bash.ended || exitCode(bash.ended) !== 0) throw new Error(`the world ${name}: ${decode(output.take())}`);
  });
  return open;
}

/** Worlds that cannot be had yet. */
const NOT_YET = /^kubeadm-(?:.*-)?(?:cilium|nftables|bgp|ha)(?:-|$)/;

function preset({ cluster, world }: WorldChoice): Preset {
  // The worlds without a cluster are presets, too.
  if (cluster !== undefined && !Object.hasOwn(CLUSTER_PRESETS, cluster) && Object.hasOwn(WORLD_PRESETS, cluster))
    return WORLD_PRESETS[cluster]!;
  const [presets, name, what] =
    world === undefined
      ? ([CLUSTER_PRESETS, cluster ?? "kubeadm", "cluster"] as const)
      : ([WORLD_PRESETS, world, "world"] as const);
  const found = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!found && NOT_YET.test(name)) throw new NotSimulated(`the ${what} '${name}' is not simulated`);
  const names = [...Object.keys(presets), ...(presets === WORLD_PRESETS ? Object.keys(RECORDED) : [])];
  if (!found) throw new UsageError(`no ${what} '${name}'; there are ${names.join(", ")}`);
  return found;
}
