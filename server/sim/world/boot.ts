import { DAY, fromCalendar, HOUR, leap, MINUTE, type KernelOptions, type Time } from "../kernel/index.ts";
import { forgetEnded } from "../net/index.ts";
import { bootCluster } from "./boot-cluster.ts";
import { bootMachine } from "./boot-machine.ts";
import type { Topology } from "./topology.ts";
import { World, type WorldCode } from "./world.ts";

/** When the clock of a world starts, if nothing else is said: the same day for all, so that the same seed gives the same bytes. */
export const START: Time = fromCalendar(2026, 11, 21, 10);

export interface BootOptions extends Pick<KernelOptions, "turn" | "limits"> {
  readonly seed: number;
  /** Where the clock stands when the world is handed over; `START` if absent. */
  readonly start?: Time;
}

/** How long ago the clusters of a world were made, and machines without a cluster were booted. */
const CLUSTER_AGE = 5 * DAY + 10 * MINUTE;
const MACHINE_AGE = 2 * HOUR;

/** Boots a world: its machines, then its clusters, which are some days old when it is handed over. */
export async function boot(code: WorldCode, topology: Topology, options: BootOptions): Promise<World> {
  const { start = START, ...kernel } = options;
  const age = topology.clusters.length > 0 ? CLUSTER_AGE : MACHINE_AGE;
  const world = World.create(code, { ...kernel, now: start - age });
  for (const { name, latency } of topology.networks) world.network.segment(name, latency);
  for (const machine of topology.machines) bootMachine(world, topology, machine);
  for (const cluster of topology.clusters) await bootCluster(world, topology, cluster);
  await leap(world.kernel, start);
  // What it left behind on the way and days have made meaningless.
  for (const cluster of world.clusters.list()) cluster.api.store.compact();
  for (const id of world.network.namespaces.keys()) forgetEnded(world.network.namespace(id));
  return world;
}
