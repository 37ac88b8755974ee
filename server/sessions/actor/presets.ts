import { join } from "node:path";
import { boot, START, type World } from "../../sim/world/index.ts";
import { DAY, type Time } from "../../sim/kernel/index.ts";
import { BASE, PRESETS } from "../../sim/presets/index.ts";
import { BASE_PRESET } from "./place-base.ts";
import { PresetSnapshots } from "./preset-snapshots.ts";
import { turn } from "./turn.ts";
import { worldCode } from "./world-code.ts";

/** All labs of a preset begin as copies of one world, which is booted once; their seeds make them differ from there. */
const BOOT_SEED = 1;

/** Where worlds of the usual time are kept, beside the sources. */
const USUAL = new PresetSnapshots(join(import.meta.dirname, "../../../.cache/presets"));

const booted = new Map<string, Promise<World>>();

/** The booted world of a preset, at `start` or at the usual time. Nothing may happen in it: fork it. */
export function presetWorld(name: string, start?: Time): Promise<World> {
  const key = `${name} ${start ?? ""}`;
  let world = booted.get(key);
  if (!world) booted.set(key, (world = start === undefined ? usualWorld(name) : bootPreset(name, start)));
  return world;
}

async function usualWorld(name: string): Promise<World> {
  const kept = USUAL.read(name, (now) => now === START);
  if (kept) return kept;
  const world = await bootPreset(name, START);
  await USUAL.write(name, world);
  return world;
}

/**
 * The world of a preset at some time on the day before `start`, from the folder; or at `start`, booted, and written to the
 * folder meanwhile.
 */
export async function recentWorld(name: string, start: Time, snapshots: PresetSnapshots): Promise<World> {
  const kept = snapshots.read(name, (now) => now <= start && now > start - DAY);
  if (kept) return kept;
  const world = await bootPreset(name, start);
  // Nobody waits for that.
  void snapshots.write(name, world);
  return world;
}

function bootPreset(name: string, start: Time): Promise<World> {
  const topology = name === BASE_PRESET ? BASE : Object.hasOwn(PRESETS, name) ? PRESETS[name]!.topology : undefined;
  if (!topology) throw new Error(`no preset ${name}`);
  return boot(worldCode(), topology, { seed: BOOT_SEED, turn, start });
}
