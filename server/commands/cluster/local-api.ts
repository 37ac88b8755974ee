import { ApiDoor } from "../../sessions/actor/kubernetes/door.ts";
import { reportBug } from "../../sessions/actor/report-bug.ts";
import { wallTimer } from "../../sessions/actor/wall-timer.ts";
import type { ApiEvent, ApiHandle, ApiPort, OutsideRequest } from "../../sessions/protocol/index.ts";
import type { World } from "../../sim/world/index.ts";
import type { Pacing } from "../exec/pacing.ts";

/** The Kubernetes API of a world of this very process. */
export class LocalApi implements ApiPort {
  readonly #world: World;
  readonly #pacing: Pacing;
  readonly #door: ApiDoor;
  readonly #hearers = new Map<number, (event: ApiEvent) => void>();
  #calls = 0;
  #waiting: (() => void)[] = [];
  #running = false;

  constructor(world: World, pacing: Pacing) {
    this.#world = world;
    this.#pacing = pacing;
    this.#door = new ApiDoor({
      world,
      wall: wallTimer,
      act: (run) => {
        this.#waiting.push(run);
        void this.#run();
      },
      post: (event) => this.#post(event),
      failed: (error) => reportBug("cluster", error),
    });
  }

  call(asked: OutsideRequest, hear: (event: ApiEvent) => void): ApiHandle {
    const call = ++this.#calls;
    this.#hearers.set(call, hear);
    this.#door.call(call, asked);
    return {
      input: (frame) => this.#door.input(call, frame),
      taken: (bytes) => this.#door.taken(call, bytes),
      cut: () => {
        this.#hearers.delete(call);
        this.#door.cut(call);
      },
    };
  }

  /** The world is given up: every call ends without an answer. */
  close(): void {
    this.#door.close();
    for (const [call, hear] of this.#hearers) hear({ type: "refused", call });
    this.#hearers.clear();
  }

  #post(event: ApiEvent): void {
    this.#hearers.get(event.call)?.(event);
    const last = event.type === "end" || event.type === "refused" || (event.type === "head" && event.body !== null);
    if (last) this.#hearers.delete(event.call);
  }

  /** Things take effect one after another, when the world has caught up with the real time. */
  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#waiting.length > 0) {
        await this.#pacing.pass(this.#world.now);
        for (const act of this.#waiting.splice(0)) act();
        await this.#pacing.pass(this.#world.now);
        // Nobody replays this world: what it would be made of again is let go.
        this.#world.kernel.journal.take();
      }
    } finally {
      this.#running = false;
    }
  }
}
