import type { World } from "../server/sim/world/index.ts";

/** The event by which a terminal hears that its shell ended. */
export const TERMINAL_ENDED = "terminal/ended";

/** A copy of a world to try things in. Shells go on in it, and may end: nobody sits at their terminals there. */
export function copyOf(world: World): World {
  const copy = world.fork();
  copy.kernel.handle(TERMINAL_ENDED, () => undefined);
  return copy;
}
