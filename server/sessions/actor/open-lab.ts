import { BadFile, setUp, type PlacedLab } from "../../../labs/index.ts";
import { leap, SECOND, type WallTimer } from "../../sim/kernel/index.ts";
import { World } from "../../sim/world/index.ts";
import { badLab } from "./library.ts";
import { pack, unpack } from "./pack.ts";
import { turn } from "./turn.ts";
import { worldCode } from "./world-code.ts";

/** So long before now a lab is set up: setups of simulated time pass meanwhile, and what was deployed has some age. */
const SET_UP_BEFORE = 60 * SECOND;

/** A lab's world, set up in a copy of its preset's; time stands still in it. Throws Refused if the setup does not work. */
export async function makeLabWorld(placed: PlacedLab, preset: World, wall: WallTimer): Promise<World> {
  const made = preset.fork({ seed: placed.seed });
  await leap(made.kernel, wall.now() - SET_UP_BEFORE);
  try {
    await setUp(placed, made);
  } catch (error) {
    throw error instanceof BadFile ? badLab(placed.id, error) : error;
  }
  return made;
}

/** A world that was made goes on at the present time: it, and what it is built again from. */
export async function openLabWorld(
  made: World,
  wall: WallTimer,
): Promise<{ readonly world: World; readonly snapshot: Uint8Array<ArrayBuffer> }> {
  await leap(made.kernel, wall.now());
  const snapshot = await pack(made.snapshot());
  // What a restore of the snapshot is, byte for byte, but sharing most of its rows with the preset.
  return { world: made.fork({ resume: true }), snapshot };
}

/** The world that a session had when it was opened. */
export function restoreLabWorld(snapshot: Uint8Array): World {
  return World.restore(worldCode(), unpack(snapshot), { turn });
}
