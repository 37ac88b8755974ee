import { MILLISECOND, type Time, type WallTimer } from "../../../sim/kernel/index.ts";
import type { World } from "../../../sim/world/index.ts";
import type { Topology } from "../../protocol/index.ts";
import { topologyOf } from "./topology.ts";

/** So long the next picture waits at least for more changes, and so many times as long as the last one took. */
const PAUSE = 200 * MILLISECOND;
const SHARE = 10;

/** Posts a world's topology when it has changed, while somebody wants it. */
export class TopologyWatch {
  readonly #world: World;
  readonly #wall: WallTimer;
  readonly #post: (topology: Topology) => void;
  #on = false;
  /** Of what was drawn last. */
  #generation = -1;
  #last = "";
  #nextAt: Time = 0;
  #timer: unknown;

  constructor(world: World, wall: WallTimer, post: (topology: Topology) => void) {
    this.#world = world;
    this.#wall = wall;
    this.#post = post;
  }

  /** `on`: it is posted at once, as whoever asks has none. */
  want(on: boolean): void {
    this.#forget();
    this.#on = on;
    this.look();
  }

  /** Something may have changed. */
  look(): void {
    if (!this.#on || this.#timer !== undefined) return;
    const { state } = this.#world.kernel;
    const generation = state.generation("net") + state.generation("kube");
    if (generation === this.#generation) return;
    const now = this.#wall.now();
    if (now < this.#nextAt) {
      this.#timer = this.#wall.set(
        () => {
          this.#timer = undefined;
          this.look();
        },
        Math.ceil((this.#nextAt - now) / MILLISECOND),
      );
      return;
    }
    this.#generation = generation;
    const topology = topologyOf(this.#world);
    const text = JSON.stringify(topology);
    const after = this.#wall.now();
    this.#nextAt = after + Math.max(PAUSE, (after - now) * SHARE);
    if (text === this.#last) return;
    this.#last = text;
    this.#post(topology);
  }

  close(): void {
    this.#on = false;
    this.#forget();
  }

  #forget(): void {
    this.#wall.clear(this.#timer);
    this.#timer = undefined;
    this.#generation = -1;
    this.#last = "";
    this.#nextAt = 0;
  }
}
