import type { PlacedLab } from "../../../labs/index.ts";
import { MINUTE, type Time, type WallTimer } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";

/** How old a world may be that was made ahead: what its setup left behind (events, ages) must still look fresh. */
const FRESH = 10 * MINUTE;
const MOST = 16;

interface Ahead {
  readonly lab: string;
  readonly seed: number;
  /** Its files may have changed since. */
  readonly source: PlacedLab["source"];
  readonly at: Time;
  readonly made: Promise<World>;
}

export interface Maker {
  place(lab: string, seed: number): PlacedLab;
  make(placed: PlacedLab): Promise<World>;
}

/** Worlds of labs that are likely to be opened soon, made one after another while the worker has nothing else to do. */
export class WorldsAhead {
  readonly #maker: Maker;
  readonly #wall: WallTimer;
  #made: readonly Ahead[] = [];
  #making: Promise<void> = Promise.resolve();

  constructor(maker: Maker, wall: WallTimer) {
    this.#maker = maker;
    this.#wall = wall;
  }

  prepare(labs: readonly { readonly lab: string; readonly seed: number }[]): void {
    for (const order of labs) this.#making = this.#making.then(() => this.#prepare(order.lab, order.seed));
  }

  /** The world of a lab, made ahead or now. */
  async take(placed: PlacedLab): Promise<World> {
    const found = this.#made.find((each) => this.#fits(each, placed));
    if (!found) return this.#maker.make(placed);
    this.#made = this.#made.filter((each) => each !== found);
    return found.made;
  }

  async #prepare(lab: string, seed: number): Promise<void> {
    try {
      const placed = this.#maker.place(lab, seed);
      if (this.#made.some((each) => this.#fits(each, placed))) return;
      const made = this.#maker.make(placed);
      const ahead = { lab, seed, source: placed.source, at: this.#wall.now(), made };
      this.#made = [ahead, ...this.#made.filter((each) => each.lab !== lab)].slice(0, MOST);
      await made.catch(() => (this.#made = this.#made.filter((each) => each !== ahead)));
    } catch {
      // Whoever opens it hears why it cannot be made.
    }
  }

  #fits({ lab, seed, source, at }: Ahead, placed: PlacedLab): boolean {
    const same = lab === placed.id && seed === placed.seed && source === placed.source;
    return same && this.#wall.now() - at < FRESH;
  }
}
