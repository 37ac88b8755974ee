import { boot, type Topology, type World } from "../sim/world/index.ts";
import type { Host, User } from "../sim/host/index.ts";
import type { Time } from "../sim/kernel/index.ts";
import { CLUSTER_PRESETS, WORLD_PRESETS, type Preset } from "../sim/presets/index.ts";
import { worldCode } from "../sessions/world-code.ts";
import { openLab } from "../../labs/index.ts";
import { readLab } from "./labs/catalogue.ts";
import { presetWorld } from "./labs/presets.ts";
import { BadInput, UsageError } from "./usage.ts";
import type { WorldChoice } from "./world-options.ts";

/** A world of a command, and where its terminal starts. */
export interface OpenWorld {
  readonly world: World;
  readonly host: Host;
  readonly user: User;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Boots the world that the options of a command name. */
export async function openWorld(choice: WorldChoice, start?: Time): Promise<OpenWorld> {
  if (choice.lab !== undefined) return openLabWorld(choice.lab, choice, start);
  const { topology, terminal } = preset(choice);
  const world = await boot(worldCode(), topology, {
    seed: choice.seed,
    turn,
    ...(start === undefined ? {} : { start }),
  });
  return { world, ...terminalOf(world, topology, choice.on ?? terminal) };
}

/** A lab's world, set up, with the lab's terminal unless another host is wanted. */
async function openLabWorld(id: string, { seed, on }: WorldChoice, start: Time | undefined): Promise<OpenWorld> {
  const placed = readLab(id).place(seed);
  const { cluster, terminal } = placed.lab;
  const world = await openLab(placed, await presetWorld(cluster, start));
  const { topology } = CLUSTER_PRESETS[cluster]!;
  if (on !== undefined) return { world, ...terminalOf(world, topology, on) };
  const { host } = terminalOf(world, topology, terminal.host);
  const user = host.users.byName(terminal.user);
  if (!user) throw new BadInput(`lab ${id}: ${terminal.host} has no user ${terminal.user}`);
  return { world, host, user };
}

function preset({ cluster, world }: WorldChoice): Preset {
  const [presets, name, what] =
    world === undefined
      ? ([CLUSTER_PRESETS, cluster ?? "kubeadm", "cluster"] as const)
      : ([WORLD_PRESETS, world, "world"] as const);
  const found = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!found) throw new UsageError(`no ${what} '${name}'; there are ${Object.keys(presets).join(", ")}`);
  return found;
}

function terminalOf(world: World, { machines }: Topology, name: string): { host: Host; user: User } {
  const machine = machines.find((candidate) => candidate.name === name && candidate.profile !== "appliance");
  if (!machine) {
    const names = machines.filter(({ profile }) => profile !== "appliance").map((candidate) => candidate.name);
    throw new UsageError(`no host '${name}' to log in to; there are ${names.join(", ")}`);
  }
  const { host } = world.hosts.machine(name);
  return { host, user: host.users.byName("root")! };
}
