import { boot, type World } from "../../sim/world/index.ts";
import type { Time } from "../../sim/kernel/index.ts";
import { PRESETS } from "../../sim/presets/index.ts";
import { turn } from "./turn.ts";
import { worldCode } from "./world-code.ts";

/** All labs of a preset begin as copies of one world, which is booted once; their seeds make them differ from there. */
const BOOT_SEED = 1;

const booted = new Map<string, Promise<World>>();

/** The booted world of a preset, at `start` or at the usual time. Nothing may happen in it: fork it. */
export function presetWorld(name: string, start?: Time): Promise<World> {
  const key = `${name} ${start ?? ""}`;
  let world = booted.get(key);
  if (!world) {
    const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
    if (!preset) throw new Error(`no preset ${name}`);
    const at = start === undefined ? {} : { start };
    booted.set(key, (world = boot(worldCode(), preset.topology, { seed: BOOT_SEED, turn, ...at })));
  }
  return world;
}
