import type { Sessions } from "../sessions/pool/index.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "./errors.ts";
import type { StoredLog } from "./session-log.ts";
import { sessionOf } from "./session-name.ts";

/** How many of a part's former courses are kept: each with its journal and what its terminals printed. */
const MOST = 20;

interface Tools {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly log: StoredLog;
}

/** Ends a part's session and sets its former course aside, so that it is built again as it was when the lab began. */
export async function resetPart({ store, sessions, log }: Tools, attempt: string, part: number): Promise<void> {
  const session = sessionOf({ attempt, part });
  await sessions.reset(session, async () => {
    await log.flush();
    if ((await store.resetPart(attempt, part, MOST)) === undefined)
      throw new UserError(
        "too-many-resets",
        `This cluster was not put back: that was done ${MOST} times, or the attempt is over. It is as it was.`,
        "Submit this attempt and start the lab again.",
      );
    log.forget(session);
  });
}
