import { PRESETS } from "../../sim/presets/index.ts";
import type { Time } from "../../sim/kernel/index.ts";
import { openLab } from "../../../labs/index.ts";
import { terminalOf, type OpenWorld } from "../terminal-of.ts";
import { BadInput } from "../usage.ts";
import type { WorldChoice } from "../world-options.ts";
import { readLab } from "./catalogue.ts";
import { presetWorld } from "../../sessions/actor/presets.ts";

/** A lab's world, set up, with the lab's terminal unless another host is wanted. */
export async function openLabWorld(id: string, { seed, on }: WorldChoice, start: Time | undefined): Promise<OpenWorld> {
  const placed = readLab(id).place(seed);
  const { preset, terminal } = placed.lab;
  const world = await openLab(placed, await presetWorld(preset, start));
  const { topology } = PRESETS[preset]!;
  if (on !== undefined) return { world, ...terminalOf(world, topology, on) };
  const { host } = terminalOf(world, topology, terminal.host);
  const user = host.users.byName(terminal.user);
  if (!user) throw new BadInput(`lab ${id}: ${terminal.host} has no user ${terminal.user}`);
  return { world, host, user };
}
