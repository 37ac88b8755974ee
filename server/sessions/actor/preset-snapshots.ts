import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import type { Time } from "../../sim/kernel/index.ts";
import { World } from "../../sim/world/index.ts";
import { pack, unpack } from "./pack.ts";
import { programHash } from "./program-hash.ts";
import { turn } from "./turn.ts";
import { worldCode } from "./world-code.ts";

/** Files that nobody has written for so many milliseconds are of programs that are gone. */
const OLD = 14 * 24 * 3600 * 1000;

/**
 * Booted presets as files of a folder: one of them is there in a thirtieth of the time that booting it takes, and is the
 * same, byte for byte. They are named after the program that wrote them, so that another one does not read them. What is
 * missing, damaged or cannot be written costs the time to boot, and nothing else.
 */
export class PresetSnapshots {
  readonly #folder: string;
  readonly #program: () => string;

  constructor(folder: string, program = programHash) {
    this.#folder = folder;
    this.#program = program;
  }

  /** The world of a preset, if there is one whose clock stands at a time that is `wanted`. */
  read(preset: string, wanted: (now: Time) => boolean): World | undefined {
    try {
      const snapshot = unpack(readFileSync(this.#file(preset)));
      return wanted(snapshot.now) ? World.restore(worldCode(), snapshot, { turn }) : undefined;
    } catch {
      return undefined;
    }
  }

  async write(preset: string, world: World): Promise<void> {
    try {
      const packed = await pack(world.snapshot());
      mkdirSync(this.#folder, { recursive: true });
      const file = this.#file(preset);
      // Others may read it now, or write it as well.
      const written = `${file}.${process.pid}-${threadId}`;
      writeFileSync(written, packed);
      renameSync(written, file);
      this.#tidy();
    } catch {
      // The disk may be full, or somebody else's: then it is booted next time.
    }
  }

  #file(preset: string): string {
    return join(this.#folder, `${preset}.${this.#program()}.zst`);
  }

  #tidy(): void {
    const now = statSync(this.#folder).mtimeMs;
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (now - statSync(path).mtimeMs > OLD) rmSync(path, { force: true });
    }
  }
}
