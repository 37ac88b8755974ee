import { pass, run, WallPacing, type Time } from "../../sim/kernel/index.ts";
import { wallTimer } from "../../sessions/actor/wall-timer.ts";
import type { World } from "../../sim/world/index.ts";

/** How a command lets time pass in its world: jumping from event to event, or with the wall clock. */
export interface Pacing {
  /** Until `done` holds at rest, at most to `limit`. False if it does not hold then, or nothing will ever happen any more. */
  until(done: () => boolean, limit: Time): Promise<boolean>;
  pass(to: Time): Promise<void>;
  stop(): void;
}

export function virtualPacing({ kernel }: World): Pacing {
  return {
    until: async (done, limit) => (await run(kernel, done, limit)) === "done",
    pass: (to) => pass(kernel, to),
    stop: () => {},
  };
}

export function wallPacing({ kernel }: World): Pacing {
  const pacing = new WallPacing(kernel, wallTimer);
  const rest = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  return {
    async until(done, limit) {
      for (;;) {
        await pacing.caughtUp();
        if (kernel.runnable === 0 && done()) return true;
        if (kernel.now >= limit) return false;
        await rest(2);
      }
    },
    async pass(to) {
      await rest(Math.max(0, to - kernel.now) / 1000);
      await pacing.caughtUp();
    },
    stop: () => pacing.stop(),
  };
}
