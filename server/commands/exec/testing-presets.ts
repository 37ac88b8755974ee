import { turn } from "../../sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { boot, type World } from "../../sim/world/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";

const booted = new Map<string, Promise<World>>();

/** A fork of a preset of clusters, each of which is booted once for all tests of a run. */
export async function freshPreset(name: string): Promise<World> {
  let world = booted.get(name);
  if (!world) booted.set(name, (world = boot(worldCode(), CLUSTER_PRESETS[name]!.topology, { seed: 1, turn })));
  return (await world).fork({ seed: 1 });
}
