import { programNames } from "../../programs/registry.ts";
import type { PresetSnapshots } from "./preset-snapshots.ts";
import { presetWorld, recentWorld } from "./presets.ts";
import { worldCode } from "./world-code.ts";
import { MINUTE, type WallTimer } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";

/** Worlds are booted so long before now that the labs of the first minutes can be set up before now as well. */
const EARLIER = 5 * MINUTE;

/**
 * The booted world of a preset, a little before the time when it was first asked for: labs are copies of it that leap to theirs. All
 * programs are loaded with it, so that a session's first use of one is like any other, and its replay too.
 */
export class WarmWorlds {
  readonly #wall: WallTimer;
  readonly #snapshots: PresetSnapshots | undefined;
  readonly #booted = new Map<string, Promise<World>>();

  /** `snapshots`: where booted worlds are kept for the next worker, if anywhere. */
  constructor(wall: WallTimer, snapshots?: PresetSnapshots) {
    this.#wall = wall;
    this.#snapshots = snapshots;
  }

  preset(name: string): Promise<World> {
    let world = this.#booted.get(name);
    if (!world) this.#booted.set(name, (world = this.#boot(name)));
    return world;
  }

  async #boot(name: string): Promise<World> {
    await Promise.all(programNames().map(async (program) => worldCode().programs.find(program)));
    const start = this.#wall.now() - EARLIER;
    return this.#snapshots ? recentWorld(name, start, this.#snapshots) : presetWorld(name, start);
  }
}
