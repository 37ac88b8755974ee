import type { PlacedLab } from "../../../labs/index.ts";
import { MINUTE, type Time, type WallTimer } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";
import { turn } from "./turn.ts";
import type { Turns } from "./turns.ts";

/** How old a world may be that was made ahead: what its setup left behind (events, ages) must still look fresh. */
const FRESH = 10 * MINUTE;
const MOST = 20;

interface Ahead {
  readonly lab: string;
  readonly seed: number;
  /** Its files may have changed since. */
  readonly source: PlacedLab["source"];
  readonly at: Time;
  readonly made: Promise<World>;
}

interface Order {
  readonly lab: string;
  readonly seed: number;
}

export interface Maker {
  /** The lab's files as they are now. */
  source(lab: string): PlacedLab["source"] | undefined;
  place(lab: string, seed: number): PlacedLab;
  make(placed: PlacedLab): Promise<World>;
}

/** Worlds of labs that are likely to be opened soon, made one after another while the worker has nothing else to do. */
export class WorldsAhead {
  readonly #maker: Maker;
  readonly #wall: WallTimer;
  readonly #turns: Turns;
  #made: readonly Ahead[] = [];
  #ordered: readonly Order[] = [];

  constructor(maker: Maker, wall: WallTimer, turns: Turns) {
    this.#maker = maker;
    this.#wall = wall;
    this.#turns = turns;
  }

  prepare(labs: readonly Order[]): void {
    for (const order of labs) {
      if (this.#ordered.some(({ lab, seed }) => lab === order.lab && seed === order.seed)) continue;
      this.#ordered = [...this.#ordered, order];
      void this.#turns.take("ahead", async () => {
        // Whoever opened it meanwhile did not wait for this.
        if (!this.#ordered.includes(order)) return;
        this.#forget(order);
        await this.#prepare(order.lab, order.seed);
      });
    }
  }

  /** The world of a lab, made ahead or now. */
  async take(placed: PlacedLab): Promise<World> {
    this.#forget({ lab: placed.id, seed: placed.seed });
    const found = this.#find(placed.id, placed.seed, placed.source);
    if (!found) return this.#maker.make(placed);
    this.#made = this.#made.filter((each) => each !== found);
    return found.made;
  }

  #forget({ lab, seed }: Order): void {
    this.#ordered = this.#ordered.filter((each) => each.lab !== lab || each.seed !== seed);
  }

  async #prepare(lab: string, seed: number): Promise<void> {
    try {
      if (this.#find(lab, seed, this.#maker.source(lab))) return;
      // Placing takes milliseconds: between two labs others have their turn.
      await turn();
      const placed = this.#maker.place(lab, seed);
      const made = this.#maker.make(placed);
      const ahead = { lab, seed, source: placed.source, at: this.#wall.now(), made };
      this.#made = [ahead, ...this.#made.filter((each) => each.lab !== lab)].slice(0, MOST);
      await made.catch(() => (this.#made = this.#made.filter((each) => each !== ahead)));
    } catch {
      // Whoever opens it hears why it cannot be made.
    }
  }

  #find(lab: string, seed: number, source: PlacedLab["source"] | undefined): Ahead | undefined {
    return this.#made.find(
      (each) => each.lab === lab && each.seed === seed && each.source === source && this.#wall.now() - each.at < FRESH,
    );
  }
}
