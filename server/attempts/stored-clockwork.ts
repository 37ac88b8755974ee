import type { Clock, Logger } from "../sessions/pool/index.ts";
import type { Store } from "../store/store.ts";
import { Clockwork } from "./clockwork.ts";

/** The clocks of open attempts, whose beats and moved ends are stored. */
export function storedClockwork(
  { store, clock, logger }: { readonly store: Store; readonly clock: Clock; readonly logger: Logger },
  { slept, ended }: { readonly slept: (by: number) => void; readonly ended: (id: string) => void },
): Clockwork {
  return new Clockwork(clock, {
    // If it cannot be stored, the log has said so already, and the next beat comes in a second.
    alive: (at) => void store.saveAlive(at).catch(() => {}),
    asleep: (by) => {
      logger.warn({ by }, "the machine slept; the ends of open attempts are moved");
      store.extendOpen(by).catch((error: unknown) => {
        logger.warn({ err: error }, "the ends of attempts were not moved");
      });
      slept(by);
    },
    ended,
  });
}
